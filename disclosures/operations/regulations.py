"""Regulations: entering, handing on, approving, repealing; filing for the search what the clock has moved."""

import datetime as dt
import uuid
from dataclasses import dataclass

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from portal.accounts.desks import desk_of, nearest_desk
from portal.accounts.enums import Role
from portal.kernel.days import local_day
from portal.kernel.refusals import Conflict
from portal.kernel.templatetags.words import say_day
from portal.kernel.transitions import check_transition
from portal.kernel.verdicts import OperationRefused, require
from portal.notices.outbox import post

from ..enums import REGULATION_TRANSITIONS, Audience, RegulationAct, RegulationKind, RegulationState
from ..models import FlowStep, Regulation, RegulationVersion
from ..queries.regulations import misfiled
from ..rules.regulations import (
    may_approve_regulation,
    may_discard_regulation_draft,
    may_edit_regulation_draft,
    may_enter_regulation,
    may_revise_regulation,
)
from ..texts import cleaned, plain
from .core import note, own_of_key
from .regulation_filing import STEP_FIELDS, folded_of, print_of, refile

S = RegulationState


@dataclass(frozen=True)
class RegulationPlace:
    """Where a new regulation stands in the library."""

    kind: str
    code: str
    category: str
    unit: object
    audience: str = Audience.EVERYBODY


@dataclass(frozen=True)
class RegulationText:
    """What the form has cleaned of a version; ``steps`` are dicts of STEP_FIELDS, or tuples in their order."""

    title: str
    in_force_from: dt.date
    body: str = ""
    document_number: str = ""
    note: str = ""
    consulted: str = ""
    steps: tuple = ()
    idempotency_key: uuid.UUID = None


def enter_regulation(*, place, text, actor, at):
    """
    Begin a regulation that the library does not have yet, once for its form's key; returns the draft.

    :raises OperationRefused: with the reason.
    :raises Conflict: when the code is taken.
    """
    require(may_enter_regulation(actor, place.unit))
    with transaction.atomic():
        if found := own_of_key(RegulationVersion, text.idempotency_key, actor, by="entered_by"):
            return found
        regulation, is_new = Regulation.objects.select_for_update().get_or_create(
            code=place.code, defaults={"kind": place.kind, "category": place.category, "unit": place.unit}
        )
        # Meanwhile, by the same form.
        if found := own_of_key(RegulationVersion, text.idempotency_key, actor, by="entered_by"):
            return found
        # A code whose only draft was given up is free again.
        if not is_new and regulation.versions.exclude(state=S.DISCARDED).exists():
            raise Conflict(_("The library has this code already."))
        regulation.kind, regulation.category = place.kind, place.category
        regulation.unit, regulation.audience = place.unit, place.audience
        regulation.save()
        return _enter(regulation, text, actor, at)


def revise_regulation(*, regulation_id, text, actor, at):
    """
    Begin a new version of a regulation, once for its form's key; returns the draft.

    :raises OperationRefused: with the reason.
    :raises Conflict: when another draft waits.
    """
    with transaction.atomic():
        regulation = _locked(regulation_id)
        require(may_revise_regulation(actor, regulation))
        if found := own_of_key(RegulationVersion, text.idempotency_key, actor, by="entered_by"):
            return found
        return _enter(regulation, text, actor, at)


def ask_repeal(*, regulation_id, in_force_from, note_text, document_number="", idempotency_key, actor, at):
    """
    Ask that a regulation be repealed from a day on; another person approves it, as a version.

    :raises OperationRefused: with the reason.
    :raises Conflict: when another draft waits.
    """
    with transaction.atomic():
        regulation = _locked(regulation_id)
        require(may_revise_regulation(actor, regulation))
        if found := own_of_key(RegulationVersion, idempotency_key, actor, by="entered_by"):
            return found
        last = _last(regulation)
        if last is None or last.is_repeal:
            raise OperationRefused(_("Nothing of this regulation is in force or coming."))
        text = RegulationText(
            title=last.title,
            in_force_from=in_force_from,
            document_number=document_number,
            note=note_text,
            idempotency_key=idempotency_key,
        )
        version = _enter(regulation, text, actor, at, act=RegulationAct.REPEAL)
        _move(version, S.WAITING)
        _ask(version, at)
        return version


@transaction.atomic
def edit_regulation_draft(*, version_id, text, actor, at):
    """
    Change a draft as its form says.

    :raises OperationRefused: when it has been handed on meanwhile, or is somebody else's.
    """
    version = _locked_version(version_id)
    require(may_edit_regulation_draft(actor, version))
    _check(version.regulation, text, version.act)
    for name, value in _values(text).items():
        setattr(version, name, value)
    version.save()
    FlowStep.objects.filter(version=version).delete()  # of a draft; nobody else has seen them
    _put_steps(version, text.steps)
    note("regulation.edited", version.regulation, actor=actor, at=at, code=version.regulation.code)
    return version


@transaction.atomic
def discard_regulation_draft(*, version_id, actor, at):
    """Give a draft up; it was never in force, and its trace stays in the ledger."""
    version = _locked_version(version_id)
    require(may_discard_regulation_draft(actor, version))
    _move(version, S.DISCARDED)
    note("regulation.discarded", version.regulation, actor=actor, at=at, code=version.regulation.code)
    return version


@transaction.atomic
def submit_regulation(*, version_id, actor, at):
    """
    Hand a draft on to the head, the leader in charge or the union chair of the unit.

    :raises OperationRefused: with what is missing.
    """
    version = _locked_version(version_id)
    require(may_edit_regulation_draft(actor, version))
    _follow(version.regulation, version)
    _move(version, S.WAITING)
    note("regulation.submitted", version.regulation, actor=actor, at=at, code=version.regulation.code)
    _ask(version, at)
    return version


@transaction.atomic
def send_back_regulation(*, version_id, note_text, actor, at):
    """
    Send a version back to whoever entered it, with the reason.

    :raises OperationRefused: with the reason, or when none was given.
    """
    version = _locked_version(version_id)
    require(may_approve_regulation(actor, version))
    if not note_text:
        raise OperationRefused(_("Please say what must be changed."))
    version.remark = note_text
    _move(version, S.DRAFT, fields=("remark",))
    note("regulation.sent_back", version.regulation, actor=actor, at=at, code=version.regulation.code)
    _tell("sent_back", version, [desk_of(version.entered_by)], at)
    return version


@transaction.atomic
def approve_regulation(*, version_id, actor, at, remark=""):
    """
    Approve a version: freeze it, give it its number, and end the one before on its first day.

    The regulation is locked, so that two approvers make one approval and no two
    versions ever hold on the same day.

    :raises OperationRefused: with the reason.
    """
    version = _locked_version(version_id)
    require(may_approve_regulation(actor, version))
    regulation, today = version.regulation, local_day(at)
    last = _follow(regulation, version)
    if last is not None:
        last.in_force_to = version.in_force_from
        last.save(update_fields=["in_force_to"])
    if not version.is_repeal:
        version.number = regulation.versions.approved().filter(act=RegulationAct.TEXT).count() + 1
    version.approved_by, version.approved_at, version.remark = actor, at, remark
    version.news_on = max(version.in_force_from, today)
    steps = list(version.steps.all())
    version.fingerprint = print_of(regulation, version, steps)
    version.folded = folded_of(regulation, version, steps)
    _move(
        version,
        S.APPROVED,
        fields=("number", "approved_by", "approved_at", "remark", "news_on", "fingerprint", "folded"),
    )
    note(
        "regulation.repealed" if version.is_repeal else "regulation.approved",
        regulation,
        actor=actor,
        at=at,
        code=regulation.code,
        number=version.number,
        in_force_from=version.in_force_from,
        sha256=version.fingerprint,
    )
    refile(misfiled(today).filter(regulation=regulation), today)
    if version.entered_by is not None:
        _tell("approved", version, [desk_of(version.entered_by)], at)
    return version


def _locked(regulation_id):
    Regulation.objects.select_for_update().only("pk").get(pk=regulation_id)
    return Regulation.objects.select_related("unit").get(pk=regulation_id)


def _locked_version(version_id):
    """Return a version with its regulation locked: all that is written of a regulation waits for that one row."""
    _locked(RegulationVersion.objects.values_list("regulation_id", flat=True).get(pk=version_id))
    return RegulationVersion.objects.select_related("regulation__unit", "entered_by").get(pk=version_id)


def _move(version, target, *, fields=()):
    check_transition(REGULATION_TRANSITIONS, source=version.state, target=target)
    version.state = target
    version.save(update_fields=["state", *fields])


def _last(regulation):
    return regulation.versions.approved().order_by("-in_force_from").first()


def _check(regulation, text, act):
    last = _last(regulation)
    if last is not None and text.in_force_from <= last.in_force_from:
        raise OperationRefused(
            _("The version before holds from %(day)s; the next one must begin after that day.")
            % {"day": say_day(last.in_force_from)}
        )
    if last is not None and not text.note:
        raise OperationRefused(_("Please say what was changed and why."))
    if act == RegulationAct.REPEAL:
        return
    if regulation.kind == RegulationKind.FLOW and not text.steps:
        raise OperationRefused(_("A process flow needs at least one step."))
    if regulation.kind == RegulationKind.RULE and not plain(text.body).strip():
        raise OperationRefused(_("A regulation needs its text."))


def _follow(regulation, version):
    """Return the last approved row, after which a version may begin."""
    last = _last(regulation)
    if last is not None and version.in_force_from <= last.in_force_from:
        raise OperationRefused(
            _("Meanwhile a version has been approved that holds from %(day)s. Begin after that day.")
            % {"day": say_day(last.in_force_from)}
        )
    return last


def _values(text):
    return {
        "title": text.title,
        "document_number": text.document_number,
        "body": cleaned(text.body),
        "note": text.note,
        "consulted": text.consulted,
        "in_force_from": text.in_force_from,
    }


def _enter(regulation, text, actor, at, act=RegulationAct.TEXT):
    _check(regulation, text, act)
    version = RegulationVersion(
        regulation=regulation,
        act=act,
        entered_by=actor,
        entered_at=at,
        idempotency_key=text.idempotency_key or uuid.uuid4(),
        **_values(text),
    )
    try:
        with transaction.atomic():
            version.save(force_insert=True)
    except IntegrityError as error:
        raise Conflict(_("Another version of this regulation waits already. Finish that one first.")) from error
    _put_steps(version, text.steps)
    verb = "regulation.repeal_asked" if act == RegulationAct.REPEAL else "regulation.entered"
    note(verb, regulation, actor=actor, at=at, code=regulation.code, in_force_from=text.in_force_from)
    return version


def _put_steps(version, steps):
    FlowStep.objects.bulk_create(
        FlowStep(version=version, number=number, **dict(zip(STEP_FIELDS, step, strict=True)))
        for number, step in enumerate(steps, start=1)
    )


def _ask(version, at):
    unit = version.regulation.unit
    desks = {nearest_desk(role, unit, at) for role in (Role.DEPARTMENT_HEAD, Role.LEADER_IN_CHARGE)}
    _tell("to_approve", version, sorted(desks), at)


def _tell(kind, version, desks, at):
    post(
        kind=f"regulation.{kind}",
        subject=version,
        desks=desks,
        at=at,
        key=f"regulation.{kind}:{version.pk.hex}:{int(at.timestamp())}",
        code=version.regulation.code,
    )
