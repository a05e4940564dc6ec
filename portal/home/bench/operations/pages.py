"""The pages of the cards, each beside the least a page of its size can cost (performance.md §8, rows 6 to 9)."""

import uuid

from django.core.exceptions import ImproperlyConfigured
from django.db.models import Count
from django.urls import reverse

from feedback import sealing
from feedback.enums import IdentityMode, InquiryState, Route
from feedback.models import Inquiry
from portal.accounts.enums import Role
from portal.accounts.models import Appointment
from portal.home.bench.registry import register
from portal.ledger.models import Entry
from portal.ledger.recording import record_many, subject_key

FULLEST = (InquiryState.ASSIGNED, InquiryState.ANSWERED)


def _busiest_head(bench):
    """Return the department head in whose hands most matters are."""
    in_hand = Inquiry.objects.filter(state=InquiryState.ASSIGNED).order_by()
    for row in in_hand.values("lead_unit").annotate(n=Count("pk")).order_by("-n"):
        heads = Appointment.objects.current(bench.at).filter(role=Role.DEPARTMENT_HEAD, unit=row["lead_unit"])
        found = heads.filter(person__has_to_change_secret=False).first()
        if found:
            return found.person
    raise ImproperlyConfigured("There is no department head with anything in hand; seed the database first.")


def _answered_inquiry(bench):
    """Return an answered matter of a named author with a history in the ledger, however it was made."""
    found = Inquiry.objects.filter(
        state=InquiryState.ANSWERED, route=Route.ORDINARY, identity_mode=IdentityMode.NAMED, is_published=True
    )
    inquiry = found.select_related("author").order_by("-year", "-serial")[0]
    if not Entry.objects.filter(subject=subject_key(inquiry)).exists():
        facts = {"subject": inquiry, "actor": bench.person(Role.UNION_OFFICER), "at": bench.at}
        record_many([{"verb": verb, **facts} for verb in ("inquiry.registered", "inquiry.assigned") * 4])
    return inquiry


@register("triage: one stage", limit="signed_in", goal=1.6, statements=6, kib=40, has_loop=True)
def triage_stage(bench):
    """The union's board, first page of the stage that holds most."""
    return bench.page(reverse("feedback:triage") + "?stage=answered", person=bench.person(Role.UNION_OFFICER))


@register("triage: all", limit="signed_in", goal=1.6, statements=6, kib=40)
def triage_all(bench):
    """The same over every card there ever was."""
    return bench.page(reverse("feedback:triage") + "?stage=all", person=bench.person(Role.UNION_OFFICER))


@register("triage: only overdue", limit="signed_in", goal=1.6, statements=6, kib=40)
def triage_red(bench):
    """The same with the lamp filter."""
    return bench.page(reverse("feedback:triage") + "?stage=assigned&lamp=red", person=bench.person(Role.UNION_OFFICER))


@register("triage: an inspector's", limit="signed_in", goal=1.6, statements=6, kib=40)
def triage_inspector(bench):
    """The board of discipline inspection: a hundredth of all cards."""
    return bench.page(reverse("feedback:triage") + "?stage=answered", person=bench.person(Role.DISCIPLINE_INSPECTOR))


@register("inbox", limit="signed_in", goal=1.6, statements=6, kib=40, has_loop=True)
def inbox(bench):
    """What waits for the department head with most in hand."""
    return bench.page(reverse("feedback:inbox"), person=_busiest_head(bench))


@register("public list", limit="one_select", goal=1.5, statements=2, kib=40, has_loop=True)
def public_list(bench):
    """The newest cards, as a visitor sees them."""
    return bench.page(reverse("feedback:public_list"))


@register("public list: unchanged", limit="one_select", goal=1.0, statements=1)
def public_list_unchanged(bench):
    """The same for a browser that has it."""
    return bench.again(reverse("feedback:public_list"))


@register("inquiry: public page", limit="one_select", goal=3, statements=10, has_loop=True)
def public_page(bench):
    """One answered matter with its history, as a visitor sees it."""
    return bench.page(reverse("feedback:public", args=[_answered_inquiry(bench).number]))


@register("inquiry: working page", limit="signed_in", goal=3, statements=10, has_loop=True)
def working_page(bench):
    """The same at the union's desk."""
    inquiry = _answered_inquiry(bench)
    return bench.page(reverse("feedback:work", args=[inquiry.number]), person=bench.person(Role.UNION_OFFICER))


@register("track", limit="one_select", goal=3, statements=10, has_loop=True)
def track(bench):
    """Number and code of a receipt, and the card opens."""
    inquiry = _answered_inquiry(bench)
    code = sealing.receipt_code(inquiry.idempotency_key)
    if inquiry.code_hash != sealing.code_hash(code):  # a copy: its receipt was never printed
        Inquiry.objects.filter(pk=inquiry.pk).update(code_hash=sealing.code_hash(code))
    return bench.page(reverse("feedback:track"), data={"number": inquiry.number, "code": code})


@register("submit", limit="one_insert", goal=3, statements=6, has_loop=True)
def submit(bench):
    """The last screen of a named card: checked, numbered, its clock started, on record, told to the union."""
    person = bench.person()
    fields = {
        "step": "check",
        "kind": "complaint",
        "topic": "living",
        "unit": person.unit.code,
        "subject": "夜班食堂热菜不够",
        "body": "夜班十一点以后只有两样凉菜,请增加热菜窗口。",
        "mode": "named",
        "may_publish": "on",
    }
    return bench.page(
        reverse("feedback:write"),
        person=person,
        data=lambda: {**fields, "idempotency_key": str(uuid.uuid4())},
        status=302,
    )


@register("statistics", limit="signed_in", goal=2, statements=10, has_loop=True)
def statistics(bench):
    """The board of figures: open, overdue, by unit, by month."""
    return bench.page(reverse("feedback:statistics"), person=bench.person(Role.UNION_OFFICER))
