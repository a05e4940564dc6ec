"""
One matter with all that a page of it shows.

Most of what may hang on a matter does not: files, plans, returns, wishes to
hide. The statement that finds the matter says of each whether there is any,
and only what there is is read, by one statement each.
"""

from functools import cache

from django.db.models import BooleanField, Prefetch, prefetch_related_objects
from django.db.models.expressions import RawSQL

from portal.deadlines.models import Extension
from portal.kernel.rows import only_one

from ..enums import ReplyState
from ..models import Assignment, Hiding, Inquiry, InquiryFile, Message, Plan, Rating, Reply, ReturnRequest, Reveal

# No more than what nearly every matter has: PostgreSQL plans a join of twelve tables for longer than it reads them.
# Whom and what a matter is about, what it was merged into and the unit above are read when somebody asks.
JOINED = ("promise", "unit", "lead_unit", "author")
MAYBE = ("messages", "ratings", "returns", "hidings", "files", "plans", "promise__extensions", "merged", "reveals")
FLAG = {path: f"has_{path.rpartition('__')[2]}" for path in MAYBE}


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
    flags = {FLAG[path]: _any_of(found.model) for path, found in maybe.items()}
    inquiry = only_one(rows.select_related(*JOINED).annotate(**flags))
    if inquiry is None:
        return None
    _share_units(inquiry)
    wanted = {**always, **((merged_into if inquiry.merged_into_id else None) or {})}
    for path, found in maybe.items():
        if getattr(inquiry, FLAG[path]):
            wanted[path] = found
        else:
            _leave_empty(inquiry, path, found.model)
    prefetch_related_objects([inquiry], *(Prefetch(path, found) for path, found in wanted.items()))
    return inquiry


def _share_units(inquiry):
    """Let the promise and the author have the unit that was read with the matter, when it is theirs as well."""
    known = {unit.pk: unit for unit in (inquiry.lead_unit, inquiry.unit) if unit is not None}
    for holder in (inquiry.promise, inquiry.author):
        if holder is not None and holder.unit_id in known:
            holder.unit = known[holder.unit_id]


@cache
def _any_of(model):
    """
    Whether rows of a model hang on the matter at hand, as SQL made once.

    Ten of Django's Exists cost more to compile than the ten statements they spare.
    """
    own, of = {Extension: ("promise_id", "promise_id"), Inquiry: ("merged_into_id", "id")}.get(
        model, ("inquiry_id", "id")
    )
    table, matters = model._meta.db_table, Inquiry._meta.db_table
    sql = f"EXISTS (SELECT 1 FROM {table} hung WHERE hung.{own} = {matters}.{of})"  # noqa: S608 -- the models' own names
    return RawSQL(sql, (), output_field=BooleanField())  # noqa: S611 -- nothing of a reader's is in it


def _leave_empty(inquiry, path, model):
    """Let a relation of which it is known that it is empty be empty without asking."""
    owner, _dot, name = path.rpartition("__")
    empty = model.objects.none()
    empty._result_cache = []  # evaluated: a queryset of none still compiles a statement to find that out
    holder = getattr(inquiry, owner) if owner else inquiry
    holder.__dict__.setdefault("_prefetched_objects_cache", {})[name] = empty


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
    return _read(rows, always, maybe)


def matter_of_desk(rows):
    """Return the same with what only its working page shows: plans, requests for more time, those merged into it."""
    always, maybe = _worked()
    maybe |= {
        "plans": Plan.objects.order_by("pk"),
        "promise__extensions": Extension.objects.select_related("requested_by", "decided_by").order_by("requested_at"),
        "merged": Inquiry.objects.only("year", "serial", "merged_into").order_by("year", "serial"),
    }
    return _read(rows, always, maybe, {"merged_into__replies": _drafts()})


def matter_for_everybody(rows):
    """Return the one inquiry of ``rows`` with all that its public page shows, or None."""
    return _read(rows, *_shown())


def matter_for_author(rows):
    """Return the same with what only its author is shown: the dialogue, and who opened the identity."""
    always, maybe, merged_into = _shown()
    maybe |= {
        "messages": Message.objects.order_by("place"),
        "reveals": Reveal.objects.select_related("revealed_by").order_by("revealed_at"),
    }
    return _read(rows, always, maybe, merged_into)


def _shown():
    always = {"assignments": Assignment.objects.select_related("unit").order_by("pk"), "replies": _delivered()}
    maybe = {
        "ratings": Rating.objects.order_by("round"),
        "files": InquiryFile.objects.filter(is_scan=False).select_related("file").order_by("pk"),
        "plans": Plan.objects.filter(agreed_on__isnull=False).order_by("pk"),
    }
    of_target = InquiryFile.objects.filter(reply__isnull=False).select_related("file").order_by("pk")
    return always, maybe, {"merged_into__replies": _delivered(), "merged_into__files": of_target}
