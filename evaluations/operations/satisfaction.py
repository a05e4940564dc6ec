"""Drawing up the satisfaction poll of a unit, and keeping of its forms no more than may be shown."""

import datetime as dt
from collections import Counter, defaultdict

from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils import translation
from django.utils.translation import gettext as _

from portal.accounts.queries import rule_value
from portal.ballots.definition import Definition, Option, Question
from portal.ballots.enums import Grade, QuestionKind
from portal.ballots.operations import draft_poll
from portal.kernel.days import local_day
from portal.kernel.verdicts import OperationRefused, require
from portal.ledger.recording import record

from .. import satisfaction_numbers as numbers
from ..enums import Level, PolledOn
from ..models import SatisfactionPart, SatisfactionPoll, SatisfactionTally
from ..queries.satisfaction import is_asked_already, parts_of_list, satisfaction_of, staff_of
from ..rules.satisfaction import is_enough, may_poll_staff
from ..satisfaction_counting import kept_of
from .core import own_of_key
from .reminding import tell_staff

OWNER = "satisfaction"


def definition_of_poll():
    """Return what the poll asks: one scale for each subject; "don't know" is never counted."""
    options = tuple(Option(level.value, str(level.label)) for level in Level)
    return Definition(
        tuple(
            Question(
                subject.value,
                QuestionKind.RATING.value,
                _("How satisfied are you with %(what)s?") % {"what": subject.label},
                options=options,
            )
            for subject in PolledOn
        )
    )


@transaction.atomic
def draw_up_satisfaction(*, unit, scrutineers, closes_at, key, actor, at):
    """
    Draw up this year's poll of a unit's staff; three scrutineers take up their shares before it opens.

    Ballots are put in by sign-in (grade 1 of the sealed box). The same form draws up one poll.

    :raises OperationRefused: with the reason a person may read.
    """
    require(may_poll_staff(actor, unit))
    if (done := own_of_key(SatisfactionPoll, key, actor, by="planned_by_id", field="pk")) is not None:
        return done
    year = local_day(at).year
    days = rule_value(numbers.LONGEST_DAYS, unit=unit, at=at)
    if closes_at > at + dt.timedelta(days=days + 1):
        raise OperationRefused(_("Forms are taken for at most %(days)d days.") % {"days": days})
    row = SatisfactionPoll(pk=key, unit=unit, year=year, planned_by=actor, planned_at=at)
    row.k_total = rule_value(numbers.LEAST_TOTAL, unit=unit, at=at)
    row.k_breakdown = rule_value(numbers.LEAST_BREAKDOWN, unit=unit, at=at)
    require(is_enough(staff_of(unit).count(), row.k_total))
    taken = _("The staff of this unit, or a part of it, is asked this year already.")
    if is_asked_already(unit, year):
        raise OperationRefused(taken)
    # What everybody reads is written in the enterprise's language, whichever the officer has chosen.
    with translation.override(settings.LANGUAGE_CODE):
        title = _("Satisfaction %(year)s: %(unit)s") % {"year": year, "unit": unit.name[:40]}
        definition = definition_of_poll()
    row.poll = draft_poll(
        owner_kind=OWNER,
        owner_id=str(row.pk),
        title=title,
        grade=Grade.SIGNED_IN,
        definition=definition,
        scrutineers=scrutineers,
        closes_at=closes_at,
        actor=actor,
        at=at,
    )
    try:
        with transaction.atomic():
            row.save(force_insert=True)
    except IntegrityError as error:
        raise OperationRefused(taken) from error
    _note("drawn_up", row, actor=actor, at=at, unit=unit.code, year=year)
    return row


def _note(verb, row, *, actor, at, **facts):
    record(verb=f"satisfaction.{verb}", subject=row, actor=actor, at=at, **facts)


def count_forms(poll, opened):
    """
    Take opened forms, [(part's code, answers or None)], keep what may be shown of them, and return (valid, void).

    Runs in the box's own count, on forms in random order. Nothing joins the
    answers to two questions, and of too few nothing is kept, not even how many.
    """
    row = satisfaction_of(poll)
    questions = {question.code: question for question in poll.definition.questions}
    valid = [
        (part, answers)
        for part, answers in opened
        if isinstance(answers, dict)
        and set(answers) == set(questions)
        and all(questions[code].is_answer(answer) for code, answer in answers.items())
    ]
    parts = {part.code: part for part in row.parts.all()}
    tallies = []
    for code in questions:
        counts = defaultdict(Counter)
        for part, answers in valid:
            counts[part][answers[code]] += 1
        for one in kept_of(counts, k_total=row.k_total, k_breakdown=row.k_breakdown):
            tallies.append(
                SatisfactionTally(
                    satisfaction=row,
                    subject=code,
                    part=parts[one.part] if one.part else None,
                    answered=one.answered,
                    satisfied=one.satisfied,
                    is_band=one.is_band,
                    spread=one.spread,
                )
            )
    SatisfactionTally.objects.bulk_create(tallies)
    return len(valid), len(opened) - len(valid)


def hear_poll(poll, event, *, actor, at):
    """Let the poll of a unit follow its poll in the box; within the act's transaction."""
    if event not in _HEARD:
        return
    row = satisfaction_of(poll)
    row.poll = poll
    _HEARD[event](row, poll, actor, at)


def _opened(row, poll, actor, at):
    SatisfactionPart.objects.bulk_create(
        SatisfactionPart(satisfaction=row, code=code, unit=unit) for code, unit in sorted(parts_of_list(row).items())
    )
    _note("opened", row, actor=actor, at=at, electors=poll.electorate_size, electorate=poll.electorate_sha256)
    tell_staff("satisfaction.opened", row, at=at)


def _counted(row, poll, actor, at):
    if poll.result.is_void:
        _give_up(row, poll, actor, at)


def _give_up(row, poll, actor, at):
    row.is_given_up = True
    row.save(update_fields=["is_given_up"])
    _note("given_up", row, actor=actor, at=at)


def _published(row, poll, actor, at):
    row.published_at = at
    row.save(update_fields=["published_at"])
    _note("published", row, actor=actor, at=at, valid=poll.result.valid, electors=poll.electorate_size)


_HEARD = {"opened": _opened, "counted": _counted, "published": _published, "discarded": _give_up}
