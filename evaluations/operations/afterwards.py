"""The own rating before a result, the statement and the use after it."""

from django.db import transaction

from portal.kernel.verdicts import require

from ..models import ResultStatement, ResultUse, SelfRating, Subject
from ..rules.results import is_own, may_rate_oneself, may_record_use, may_state
from .core import locked, note, own_of_key


@transaction.atomic
def rate_oneself(*, subject_id, answers, actor, at):
    """
    Keep how somebody rates himself, {item's key: answer}; another one takes its place until the window closes.

    :raises OperationRefused: with the reason a person may read.
    """
    subject = _locked(subject_id)
    require(may_rate_oneself(actor, subject, at))
    SelfRating.objects.update_or_create(subject=subject, defaults={"answers": answers, "at": at})
    note("self_rated", subject.round, actor=actor, at=at, place=subject.order)
    return subject


@transaction.atomic
def make_statement(*, subject_id, text, actor, at):
    """
    Write down what somebody says to the own result, once.

    :raises OperationRefused: with the reason a person may read.
    """
    subject = _locked(subject_id)
    has_one = ResultStatement.objects.filter(subject=subject).exists()
    require(may_state(subject, at, has_statement=has_one, is_own=is_own(actor, subject)))
    ResultStatement.objects.create(subject=subject, text=text, by=actor, at=at)
    note("stated", subject.round, actor=actor, at=at, place=subject.order)
    return subject


@transaction.atomic
def record_use(*, subject_id, kind, reason, decided_on, decided_by, prompt="", idempotency_key=None, actor, at):
    """
    Record what people decided with a result in hand, and why; nothing follows from it by itself.

    :raises OperationRefused: with the reason a person may read.
    """
    subject = _locked(subject_id)
    if idempotency_key and (found := own_of_key(ResultUse, idempotency_key, actor, by="by_id")):
        return found
    require(may_record_use(actor, subject))
    use = ResultUse(
        subject=subject,
        kind=kind,
        prompt=prompt,
        reason=reason,
        decided_on=decided_on,
        decided_by=decided_by,
        by=actor,
        at=at,
        **({"idempotency_key": idempotency_key} if idempotency_key else {}),
    )
    use.save(force_insert=True)
    note("use_recorded", subject.round, actor=actor, at=at, place=subject.order, kind=str(kind), on=decided_on)
    return use


def _locked(subject_id):
    subject = Subject.objects.get(pk=subject_id)
    subject.round = locked(subject.round_id)
    return subject
