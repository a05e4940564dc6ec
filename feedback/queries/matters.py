"""
One matter with all that a page of it shows.

Most of what may hang on a matter does not: files, plans, returns, wishes to
hide. The statement that finds the matter says of each whether there is any,
and only what there is is read, by one statement each.
"""

from django.db.models import Exists, OuterRef, Prefetch, prefetch_related_objects

from portal.deadlines.models import Extension

from ..enums import ReplyState
from ..models import Assignment, Hiding, Inquiry, InquiryFile, Message, Plan, Rating, Reply, ReturnRequest, Reveal

WORKING = ("promise", "promise__unit", "unit", "unit__parent", "lead_unit", "about_unit", "about_person")
WORKING += ("author", "author__unit", "merged_into")
SHOWN = ("promise", "promise__unit", "unit", "lead_unit", "author", "merged_into")


def _drafts():
    return Reply.objects.select_related("delivery", "template", "drafted_by", "approved_by").order_by("round")


def _delivered():
    return Reply.objects.filter(state=ReplyState.DELIVERED).select_related("delivery").order_by("round")


def _read(rows, always, maybe, merged_into=None):
    """
    Return the one matter of ``rows`` with its relations, or None.

    ``always`` and ``merged_into`` (for a merged one) map a relation to its rows,
    ``maybe`` those that are read only if there are any.
    """
    flags = {
        f"has_{path.replace('__', '_')}": Exists(found.filter(**_joined(found)).order_by())
        for path, found in maybe.items()
    }
    inquiry = rows.annotate(**flags).first()
    if inquiry is None:
        return None
    wanted = {**always, **((merged_into if inquiry.merged_into_id else None) or {})}
    wanted |= {
        path: found if getattr(inquiry, f"has_{path.replace('__', '_')}") else found.none()
        for path, found in maybe.items()
    }
    prefetch_related_objects([inquiry], *(Prefetch(path, found) for path, found in wanted.items()))
    return inquiry


def _joined(rows):
    if rows.model is Extension:
        return {"promise": OuterRef("promise")}
    return {"merged_into" if rows.model is Inquiry else "inquiry": OuterRef("pk")}


def _worked():
    always = {"assignments": Assignment.objects.select_related("unit").order_by("pk"), "replies": _drafts()}
    maybe = {
        "messages": Message.objects.order_by("place"),
        "ratings": Rating.objects.order_by("round"),
        "returns": ReturnRequest.objects.all(),
        "hidings": Hiding.objects.all(),
        "files": InquiryFile.objects.select_related("file").order_by("pk"),
    }
    return always, maybe


def matter_at_work(rows):
    """Return the one inquiry of ``rows`` with all that its rules and the forms of its acts read, or None."""
    always, maybe = _worked()
    return _read(rows.select_related(*WORKING), always, maybe)


def matter_of_desk(rows):
    """Return the same with what only its working page shows: plans, requests for more time, those merged into it."""
    always, maybe = _worked()
    maybe |= {
        "plans": Plan.objects.order_by("pk"),
        "promise__extensions": Extension.objects.select_related("requested_by", "decided_by").order_by("requested_at"),
        "merged": Inquiry.objects.only("year", "serial", "merged_into").order_by("year", "serial"),
    }
    return _read(rows.select_related(*WORKING), always, maybe, {"merged_into__replies": _drafts()})


def matter_for_everybody(rows):
    """Return the one inquiry of ``rows`` with all that its public page shows, or None."""
    return _read(rows.select_related(*SHOWN), *_shown())


def matter_for_author(rows):
    """Return the same with what only its author is shown: the dialogue, and who opened the identity."""
    always, maybe, merged_into = _shown()
    maybe |= {
        "messages": Message.objects.order_by("place"),
        "reveals": Reveal.objects.select_related("revealed_by").order_by("revealed_at"),
    }
    return _read(rows.select_related(*SHOWN), always, maybe, merged_into)


def _shown():
    always = {"assignments": Assignment.objects.select_related("unit").order_by("pk"), "replies": _delivered()}
    maybe = {
        "ratings": Rating.objects.order_by("round"),
        "files": InquiryFile.objects.filter(is_scan=False).select_related("file").order_by("pk"),
        "plans": Plan.objects.filter(agreed_on__isnull=False).order_by("pk"),
    }
    of_target = InquiryFile.objects.filter(reply__isnull=False).select_related("file").order_by("pk")
    return always, maybe, {"merged_into__replies": _delivered(), "merged_into__files": of_target}
