"""Planning a round, until it is announced: times, groups, subjects, rules by which a form is void."""

from django.db import transaction
from django.utils.translation import gettext as _

from portal.accounts.enums import Role
from portal.accounts.models import Appointment
from portal.accounts.queries import rule_value
from portal.kernel.verdicts import OperationRefused, require

from .. import numbers
from ..enums import Direction, SubjectKind, VoidKind
from ..models import GroupSource, Round, Subject, VoidRule, VoterGroup
from ..rules.rounds import MOST_GROUPS, MOST_SUBJECTS, may_change, may_plan
from .core import locked, note, own_of_key

OPPOSITE = {Direction.UP: Direction.DOWN, Direction.DOWN: Direction.UP}
SOURCES = {
    VoidKind.SAME: "企业干部测评办法：全部打同一分的票作废",
    VoidKind.FULL: "企业干部测评办法：全部打满分的票作废",
    VoidKind.TOP_AT_MOST: "企业干部测评表：90分以上不超过3人",
    VoidKind.LOW_AT_LEAST: "企业干部测评表：70分以下不少于2人",
}


@transaction.atomic
def plan_round(
    *, unit, title, year, edition, grade, opens_at, closes_at, visibility, has_remarks, direction=Direction.SINGLE,
    counterpart=None, idempotency_key=None, actor, at,
):  # fmt: skip
    """
    Plan a round with the numbers that the rule book has for its unit today; return it.

    :raises OperationRefused: with the reason a person may read.
    """
    if idempotency_key and (found := own_of_key(Round, idempotency_key, actor, by="planned_by_id")):
        return found
    require(may_plan(actor, unit))
    _check_times(opens_at, closes_at, at)

    def number(key):
        return rule_value(key, unit=unit, at=at)

    round_ = Round(
        unit=unit,
        title=title,
        year=year,
        edition=edition,
        grade=grade,
        opens_at=opens_at,
        closes_at=closes_at,
        visibility=visibility,
        direction=direction,
        k_scores=number(numbers.K_SCORES),
        k_text=number(numbers.K_TEXT),
        k_breakdown=number(numbers.K_BREAKDOWN),
        trim_above=number(numbers.TRIM_ABOVE) or None,
        min_sample=number(numbers.MIN_SAMPLE),
        remark_limit=number(numbers.REMARK_LIMIT) if has_remarks else 0,
        planned_by=actor,
        planned_at=at,
        **({"idempotency_key": idempotency_key} if idempotency_key else {}),
    )
    round_.save(force_insert=True)
    if counterpart is not None:
        _pair(round_, locked(counterpart.pk), actor)
    note("planned", round_, actor=actor, at=at, opens_at=opens_at, closes_at=closes_at, direction=str(direction))
    return round_


def _pair(round_, other, actor):
    require(may_change(actor, other))
    if other.counterpart_id is not None or other.unit_id != round_.unit_id:
        raise OperationRefused(_("This round has another side already, or belongs to another unit."))
    if round_.direction not in OPPOSITE or other.direction != OPPOSITE[round_.direction]:
        raise OperationRefused(_("The two sides of a two-way appraisal are one upwards and one downwards."))
    round_.counterpart, other.counterpart = other, round_
    round_.save(update_fields=["counterpart"])
    other.save(update_fields=["counterpart"])


def _check_times(opens_at, closes_at, at):
    if closes_at <= opens_at:
        raise OperationRefused(_("The round closes before it opens."))
    if closes_at <= at:
        raise OperationRefused(_("The closing time is over. Set a later one."))


@transaction.atomic
def change_round(*, round_id, actor, at, **values):
    """
    Change title, year, sheet, times, secrecy, visibility or remarks of a round that is not announced yet.

    :raises OperationRefused: with the reason a person may read.
    """
    round_ = locked(round_id)
    require(may_change(actor, round_))
    if "has_remarks" in values:
        wanted = values.pop("has_remarks")
        if wanted != bool(round_.remark_limit):
            values["remark_limit"] = rule_value(numbers.REMARK_LIMIT, unit=round_.unit, at=at) if wanted else 0
    changed = [name for name, value in values.items() if getattr(round_, name) != value]
    for name in changed:
        setattr(round_, name, values[name])
    _check_times(round_.opens_at, round_.closes_at, at)
    if changed:
        round_.save(update_fields=changed)
        note("changed", round_, actor=actor, at=at, what="round")
    return round_


@transaction.atomic
def add_group(*, round_id, name, weight, sources, unit, with_units_below, actor, at):
    """
    Add a voter group; ``sources`` are the kinds of people of the unit that make it up.

    :raises OperationRefused: with the reason a person may read.
    """
    round_ = locked(round_id)
    require(may_change(actor, round_))
    codes = list(round_.groups.values_list("code", flat=True))
    if len(codes) >= MOST_GROUPS:
        raise OperationRefused(_("A round has up to %(most)d groups.") % {"most": MOST_GROUPS})
    code = next(letter for letter in "ABCDEFGH" if letter not in codes)
    group = VoterGroup.objects.create(round=round_, order=ord(code), code=code, name=name, weight=weight)
    GroupSource.objects.bulk_create(
        GroupSource(group=group, source=source, unit=unit, with_units_below=with_units_below) for source in sources
    )
    note("changed", round_, actor=actor, at=at, what="groups")
    return group


@transaction.atomic
def remove_group(*, round_id, group_id, actor, at):
    """
    Take a voter group away before the announcement.

    :raises OperationRefused: with the reason a person may read.
    """
    round_ = locked(round_id)
    require(may_change(actor, round_))
    GroupSource.objects.filter(group=group_id, group__round=round_).delete()
    round_.groups.filter(pk=group_id).delete()
    note("changed", round_, actor=actor, at=at, what="groups")
    return round_


@transaction.atomic
def add_subjects(*, round_id, people=(), teams=(), actor, at):
    """
    Add leaders (people) and leading teams (units); whoever is there already stays as he is.

    A team's members are the leaders in charge of its unit, as appointed now.

    :raises OperationRefused: with the reason a person may read.
    """
    round_ = locked(round_id)
    require(may_change(actor, round_))
    there = set(round_.subjects.values_list("person_id", flat=True))
    places = list(round_.subjects.values_list("order", flat=True))
    known_teams = set(round_.subjects.filter(kind=SubjectKind.TEAM).values_list("unit_id", flat=True))
    fresh = [(one, None) for one in people if one.pk not in there]
    fresh += [(None, unit) for unit in teams if unit.pk not in known_teams]
    if len(places) + len(fresh) > MOST_SUBJECTS:
        raise OperationRefused(
            _("One form carries up to %(most)d people and teams; make another round.") % {"most": MOST_SUBJECTS}
        )
    for order, (person, team) in enumerate(fresh, max(places, default=0) + 1):
        _add_subject(round_, order, person, team, at)
    if fresh:
        note("changed", round_, actor=actor, at=at, what="subjects")
    return round_


def _add_subject(round_, order, person, team, at):
    if person is not None:
        subject = Subject.objects.create(
            round=round_, order=order, kind=SubjectKind.LEADER, person=person, unit=person.unit,
            name=person.name, post=f"{person.unit.name} {person.post}".strip(),
        )  # fmt: skip
        subject.members.set([person])
        return
    subject = Subject.objects.create(
        round=round_, order=order, kind=SubjectKind.TEAM, unit=team,
        name=_("Leading team of %(unit)s") % {"unit": team.name},
    )  # fmt: skip
    leaders = Appointment.objects.current(at).filter(role=Role.LEADER_IN_CHARGE, unit=team)
    subject.members.set(list(leaders.values_list("person_id", flat=True)))


@transaction.atomic
def remove_subject(*, round_id, subject_id, actor, at):
    """
    Take a subject away before the announcement, with its duty report.

    :raises OperationRefused: with the reason a person may read.
    """
    round_ = locked(round_id)
    require(may_change(actor, round_))
    subject = round_.subjects.filter(pk=subject_id).first()
    if subject is not None:
        if hasattr(subject, "report"):
            subject.report.delete()
        subject.delete()
        note("changed", round_, actor=actor, at=at, what="subjects")
    return round_


@transaction.atomic
def set_void_rules(*, round_id, kinds, actor, at):
    """
    Switch on the rules by which a form is void, with the numbers of the rule book; the others go off.

    :raises OperationRefused: with the reason a person may read.
    """
    round_ = locked(round_id)
    require(may_change(actor, round_))
    pairs = {
        VoidKind.TOP_AT_MOST: (numbers.TOP_PEOPLE, numbers.TOP_SCORE),
        VoidKind.LOW_AT_LEAST: (numbers.LOW_PEOPLE, numbers.LOW_SCORE),
    }
    round_.void_rules.all().delete()
    for kind in (kind for kind in VoidKind if kind in kinds):
        people, score = (
            (rule_value(key, unit=round_.unit, at=at) for key in pairs[kind]) if kind in pairs else (None,) * 2
        )
        VoidRule.objects.create(round=round_, kind=kind, people=people, score=score, source=SOURCES[kind])
    note("changed", round_, actor=actor, at=at, what="void_rules")
    return round_
