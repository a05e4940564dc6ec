"""Each year's commitments: planned, drafted by the calendar, opened, signed, closed; people who come and go."""

import uuid

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from portal.accounts.desks import desk_of
from portal.accounts.models import Person, Unit
from portal.deadlines.operations import end_promise, make_promises, meet_promise
from portal.kernel.days import local_day
from portal.kernel.refusals import Conflict
from portal.kernel.transitions import check_transition
from portal.kernel.verdicts import OperationRefused, require
from portal.ledger.recording import SYSTEM, record_many
from portal.notices.outbox import post

from ..enums import ROUND_TRANSITIONS, CommitmentKind, RoundState
from ..models import CommitmentPlan, CommitmentRound, CommitmentSignature
from ..queries.commitments import posts_of
from ..rules.commitments import may_edit_round, may_keep_plans, may_open_round, may_sign_commitment
from ..texts import cleaned, fingerprint_of
from .core import note, require_read


@transaction.atomic
def set_plan(*, kind, unit, title, body, month, day, since, actor, at):
    """
    Let a unit renew a commitment each year by a day.

    :raises OperationRefused: with the reason.
    :raises Conflict: when it does so already.
    """
    require(may_keep_plans(actor, unit))
    try:
        with transaction.atomic():
            plan = CommitmentPlan.objects.create(
                kind=kind,
                unit=unit,
                title=title,
                body=cleaned(body),
                month=month,
                day=day,
                since=since,
                set_by=actor,
                set_at=at,
            )
    except IntegrityError as error:
        raise Conflict(_("This unit renews such a commitment already. End that plan first.")) from error
    note("commitment_plan.set", plan, actor=actor, at=at, kind=kind, unit=unit.code, since=since)
    return plan


@transaction.atomic
def end_plan(*, plan_id, actor, at):
    """Let a unit renew a commitment no longer; rounds that are there stay."""
    plan = CommitmentPlan.objects.select_for_update(of=("self",)).select_related("unit").get(pk=plan_id)
    require(may_keep_plans(actor, plan.unit))
    if plan.until is not None:
        return plan
    plan.until = max(local_day(at), plan.since)
    plan.save(update_fields=["until"])
    note("commitment_plan.ended", plan, actor=actor, at=at, kind=plan.kind, unit=plan.unit.code, until=plan.until)
    return plan


@transaction.atomic
def edit_round(*, round_id, title, body, upper, actor, at):
    """
    Change what this year's commitment will say, and who signs for the level above where no office does.

    :raises OperationRefused: once it is open.
    """
    one = locked_round(round_id)
    require(may_edit_round(actor, one, at))
    one.title, one.body, one.upper = title, cleaned(body), upper
    one.save(update_fields=["title", "body", "upper"])
    note("commitment.edited", one, actor=actor, at=at)
    return one


def round_print(one):
    """Return the fingerprint of what is signed in a round."""
    texts = {"kind": one.kind, "unit": one.unit.code, "title": one.title, "body": one.body}
    return fingerprint_of(str(one.year), texts)


@transaction.atomic
def open_round(*, round_id, read=None, actor, at):
    """
    Freeze the text and let everybody who holds an office sign it; the same few statements for three people and for 300.

    :raises OperationRefused: with the reason, or when nobody would have to sign.
    :raises IllegalTransition: when it is open already.
    """
    one = locked_round(round_id)
    check_transition(ROUND_TRANSITIONS, source=one.state, target=RoundState.OPEN)
    require(may_open_round(actor, one, at))
    posts = posts_of([one], at)[one.pk]
    if one.kind == CommitmentKind.LETTER and not any(post.party == "upper" for post in posts.values()):
        raise OperationRefused(_("Nobody is in charge of this unit. Name who signs for the level above."))
    if not any(post.party != "upper" for post in posts.values()):
        raise OperationRefused(_("Nobody in this unit holds an office for which this is signed."))
    require_read(read, round_print(one))
    one.fingerprint = round_print(one)
    one.state, one.opened_by, one.opened_at = RoundState.OPEN, actor, at
    one.save(update_fields=["state", "fingerprint", "opened_by", "opened_at"])
    meet_promise(promise=one.promise, actor=actor, at=at)
    note("commitment.opened", one, actor=actor, at=at, sha256=one.fingerprint, count=len(posts))
    _ask_for({one: posts}, at=at)
    return one


def _ask_for(wanted, *, at, is_late_comer=False):
    """Write a row and a promise for everybody who has to sign, and tell them."""
    people = Person.objects.in_bulk({person for posts in wanted.values() for person in posts})
    units = _units_of(wanted)
    rows = [
        CommitmentSignature(
            id=uuid.uuid4(),
            round=one,
            person=people[person],
            party=post.party,
            role=post.role,
            unit=units[post.unit],
            name=people[person].name,
            title=people[person].post,
            is_late_comer=is_late_comer,
        )
        for one, posts in wanted.items()
        for person, post in posts.items()
    ]
    promises = make_promises([_promise_of(row, at) for row in rows], at=at)
    for row, promise in zip(rows, promises, strict=True):
        row.promise = promise
    CommitmentSignature.objects.bulk_create(rows)
    _tell(rows, at)
    return rows


def _promise_of(row, at, before=None):
    promise = {
        "kind": "commitment.sign",
        "subject": f"disclosures.commitmentsignature:{row.pk}",
        "unit": row.unit,
        "started_on": local_day(at),
        "round": before.round + 1 if before else 1,
    }
    if before is not None and before.missed_at is not None:
        # Who was late stays late: leaving the office and coming back begins no clock anew.
        promise |= {"started_on": before.started_on, "due_on": before.due_on}
    return promise


def _units_of(wanted):
    return Unit.objects.in_bulk({post.unit for posts in wanted.values() for post in posts.values()})


def _tell(rows, at):
    by_round = {}
    for row in rows:
        by_round.setdefault(row.round, []).append(desk_of(row.person))
    for one, desks in by_round.items():
        key = f"commitment.to_sign:{one.pk.hex}:{local_day(at):%y%m%d}"
        post(kind="commitment.to_sign", subject=one, desks=sorted(desks), at=at, key=key, title=one.title)


@transaction.atomic
def sign_commitment(*, signature_id, actor, at):
    """
    Sign, as the person named and nobody else; pressing twice signs once.

    :raises OperationRefused: with the reason.
    """
    signature = locked_signature(signature_id)
    if signature.signed_at is not None and signature.person_id == actor.pk:
        return signature
    require(may_sign_commitment(actor, signature, at))
    put_signature(signature, name=actor.name, at=at)
    meet_promise(promise=signature.promise, actor=actor, at=at)
    note(
        "commitment.signed",
        signature.round,
        actor=actor,
        at=at,
        signature=signature.pk,
        sha256=signature.fingerprint,
    )
    return signature


def put_signature(signature, *, name, at, paper_on=None):
    """Write a signature down with its fingerprint: over the text's, the name, the office and the moment."""
    signature.name, signature.signed_at = name, at
    signature.is_paper, signature.paper_on = paper_on is not None, paper_on
    about = {
        "text": signature.round.fingerprint,
        "name": name,
        "title": signature.title,
        "unit": signature.unit.code,
        "at": at.isoformat(),
    }
    signature.fingerprint = fingerprint_of(str(signature.pk), about)
    signature.save(update_fields=["name", "signed_at", "is_paper", "paper_on", "fingerprint"])


@transaction.atomic
def keep_signatories(*, at):
    """
    Let whoever has come into office since a round opened sign it too, and release who has left before signing.

    Set-based over all open rounds; returns (added, released).
    """
    open_rounds = CommitmentRound.objects.filter(state=RoundState.OPEN, year=local_day(at).year)
    rounds = list(open_rounds.select_related("unit", "upper").select_for_update(of=("self",)).order_by("pk"))
    if not rounds:
        return 0, 0
    posts = posts_of(rounds, at)
    rows = {}
    for row in (
        CommitmentSignature.objects.filter(round__in=rounds)
        .select_related("promise", "person", "unit")
        .prefetch_related("papers")
        # Held until the end: whoever signs or hands in a scan at this moment comes before or after.
        .select_for_update(of=("self",))
        .order_by("pk")
    ):
        rows.setdefault(row.round_id, {})[row.person_id] = row
    missing, back, gone = {}, [], []
    for one in rounds:
        there, wanted = rows.get(one.pk, {}), posts[one.pk]
        if new := {person: post for person, post in wanted.items() if person not in there}:
            missing[one] = new
        for person, row in there.items():
            row.round = one
            if person in wanted and row.released_at is not None:
                back.append(row)
            elif person not in wanted and row.released_at is None and row.signed_at is None and not _waits(row):
                gone.append(row)
    added = _ask_for(missing, at=at, is_late_comer=True) if missing else []
    _take_back(back, at)
    _release(gone, at)
    _record("commitment.added", [*added, *back], at)
    _record("commitment.released", gone, at)
    return len(added) + len(back), len(gone)


def _waits(row):
    return any(paper.is_accepted is None for paper in row.papers.all())


def _take_back(rows, at):
    promises = make_promises([_promise_of(row, at, before=row.promise) for row in rows], at=at)
    for row, promise in zip(rows, promises, strict=True):
        row.promise, row.released_at, row.is_late_comer = promise, None, True
    CommitmentSignature.objects.bulk_update(rows, ["promise", "released_at", "is_late_comer"])
    _tell(rows, at)


def _release(rows, at):
    for row in rows:
        row.released_at = at
        end_promise(promise=row.promise, code="waived", actor=SYSTEM, at=at)
    CommitmentSignature.objects.bulk_update(rows, ["released_at"])


def _record(verb, rows, at):
    record_many(
        [
            {
                "verb": verb,
                "subject": f"disclosures.commitmentround:{row.round_id}",
                "actor": SYSTEM,
                "at": at,
                "signature": row.pk,
                "person": row.person_id,
            }
            for row in rows
        ]
    )


# Shared with the paper and the year ----------------------------------------------------------------------------


def locked_round(round_id):
    """Return a round locked for this transaction."""
    return (
        CommitmentRound.objects.select_for_update(of=("self",))
        .select_related("unit", "upper", "promise")
        .get(pk=round_id)
    )


def locked_signature(signature_id):
    """Return a row of a round locked for this transaction, with what its rules read."""
    return (
        CommitmentSignature.objects.select_for_update(of=("self",))
        .select_related("round__unit", "person", "unit", "promise")
        .prefetch_related("papers")
        .get(pk=signature_id)
    )
