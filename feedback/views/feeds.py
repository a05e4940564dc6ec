"""The feed of answered cards, for readers of news and for the boards in the workshops."""

import datetime as dt

from django.contrib.syndication.views import Feed
from django.urls import reverse
from django.utils.text import Truncator
from django.utils.translation import gettext as _

from portal.kernel.days import day_start

from ..queries import answered_inquiries

NEWEST = 30


class AnsweredFeed(Feed):
    """The latest published cards with a delivered answer; obeys the same gate as the pages."""

    def title(self):
        return _("Answered cards")

    def description(self):
        return _("Feedback cards that have been answered, with their outcome.")

    def link(self):
        return reverse("feedback:public_list")

    def items(self):
        return list(answered_inquiries()[:NEWEST])

    def item_title(self, item):
        return f"{item.number} {item.public_subject}"

    def item_description(self, item):
        words = [item.unit.name, item.get_outcome_display(), Truncator(item.public_body).chars(200)]
        return " · ".join(word for word in words if word)

    def item_link(self, item):
        return reverse("feedback:public", args=[item.number])

    def item_pubdate(self, item):
        return day_start(item.answered_on).astimezone(dt.UTC)
