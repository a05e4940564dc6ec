"""
RSS feeds in the reader's language.

    class AnsweredFeed(PortalFeed):
        title = _("Answered cards")
        link = reverse_lazy("feedback:public")

        def items(self):
            return inquiries_answered()[:50]

        def item_title(self, item):
            return item.subject

        def item_day(self, item):
            return item.answered_on
"""

from django.contrib.syndication.views import Feed
from django.utils.feedgenerator import Rss201rev2Feed
from django.utils.translation import get_language

from portal.kernel.days import day_start
from portal.kernel.texts import clean_line, clean_text


class PortalFeed(Feed):
    """
    A feed that gives days, not times, and takes whatever text people typed.

    Subclasses have ``title``, ``link``, ``items`` and ``item_day``; items are
    linked by ``get_absolute_url`` or ``item_link``.
    """

    feed_type = Rss201rev2Feed
    ttl = 60
    item_guid_is_permalink = True

    @property
    def language(self):
        return get_language()

    def __call__(self, request, *args, **kwargs):
        response = super().__call__(request, *args, **kwargs)
        response.headers["X-Content-Type-Options"] = "nosniff"
        return response

    def item_day(self, item):
        return None

    def item_pubdate(self, item):
        day = self.item_day(item)
        return day_start(day) if day else None

    def item_extra_kwargs(self, item):
        return {}

    def get_feed(self, obj, request):
        feed = super().get_feed(obj, request)
        # A control character typed into a card must not break the feed for everybody.
        for item in feed.items:
            item["title"] = clean_line(item["title"])
            item["description"] = clean_text(item["description"] or "")
        return feed
