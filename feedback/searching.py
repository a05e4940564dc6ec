"""What of the matters can be found by everybody: the text of those that are published, and their delivered answers."""

from collections import defaultdict

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from portal.search.registry import Document, register_kind

from .enums import ReplyState
from .models import Inquiry, Plan, Reply

KIND = "feedback.inquiry"


def _url(key):
    return reverse("feedback:public", args=[key])


def public_keys():
    """Return the numbers of all matters whose text everybody may read."""
    rows = Inquiry.objects.published().values_list("year", "serial").iterator()
    return (f"{year}-{serial:04d}" for year, serial in rows)


def public_documents(keys):
    """Return what everybody may read of the matters with these numbers; one that is not public is left out."""
    numbers = defaultdict(list)
    for key in keys:
        year, _dash, serial = key.partition("-")
        numbers[int(year)].append(int(serial))
    named = Q(pk__in=[])
    for year, serials in numbers.items():
        named |= Q(year=year, serial__in=serials)
    rows = Inquiry.objects.published().filter(named)
    shown = ("year", "serial", "unit_id", "received_on", "public_subject", "public_body", "public_suggestion")
    inquiries = list(rows.only(*shown).select_for_update(of=("self",)).order_by("pk"))
    said = defaultdict(list)
    replies = Reply.objects.filter(inquiry__in=inquiries, state=ReplyState.DELIVERED).order_by("round")
    for inquiry_id, text, measures in replies.values_list("inquiry_id", "text", "measures"):
        said[inquiry_id] += [text, measures]
    plans = Plan.objects.filter(inquiry__in=inquiries, agreed_on__isnull=False).order_by("pk")
    for inquiry_id, text in plans.values_list("inquiry_id", "text"):
        said[inquiry_id].append(text)
    return [
        Document(
            key=inquiry.number,
            title=inquiry.public_subject,
            # The number last: somebody who types one finds its matter.
            text="\n".join(
                filter(None, [inquiry.public_body, inquiry.public_suggestion, *said[inquiry.pk], inquiry.number])
            ),
            on=inquiry.received_on,
            unit_id=inquiry.unit_id,
        )
        for inquiry in inquiries
    ]


def register():
    """Offer the public matters to the search; called once, from ``apps.ready()``."""
    register_kind(
        KIND,
        _("card"),
        icon="message-square-text",
        url=_url,
        documents=public_documents,
        keys=public_keys,
        order=30,
    )
