"""Reads of results: what was counted, what was published, who sees which of it."""

import json
import uuid
from collections import defaultdict
from dataclasses import dataclass
from functools import lru_cache
from types import SimpleNamespace

from django.db.models import CharField, Exists, OuterRef, Q, UUIDField
from django.db.models.fields.json import KeyTextTransform

from portal.accounts.authority import authority_of
from portal.accounts.enums import Role
from portal.accounts.models import Unit
from portal.accounts.queries import rule_value, units_within
from portal.accounts.rules import UNION_DESK
from portal.kernel.prepared import PreparedInstances, Rows, Slot
from portal.kernel.rows import only_one

from .. import result_numbers
from ..enums import RoundState, SubjectKind
from ..models import Count, GroupTally, Outcome, Remark, Round, Subject
from .rounds import paths_above, rounds_at_desk, rounds_visible, rounds_visible_to


@dataclass(frozen=True)
class PublishingFacts:
    """What the rule of publishing reads of the sides of a round, together."""

    void: tuple  # sides whose poll is void
    remarks: int
    undecided: int
    hours: int


def publishing_facts(sides, at):
    """Return the facts of publishing the sides of a round."""
    counted = [side for side in sides if side.state in (RoundState.COUNTED, RoundState.PUBLISHED)]
    rows = Remark.objects.filter(subject__round__in=[side.pk for side in sides])
    return PublishingFacts(
        void=tuple(side for side in counted if side.poll.result.is_void),
        remarks=rows.count(),
        undecided=rows.filter(review__isnull=True).count(),
        hours=max(rule_value(result_numbers.TEXT_HOURS, unit=side.unit, at=at) for side in sides),
    )


def counts_of(round_):
    """Return {subject's key: {(group's code, item's key): {option: times}}} of a counted round."""
    found = defaultdict(lambda: defaultdict(dict))
    rows = Count.objects.filter(subject__round=round_)
    for subject, group, item, option, times in rows.values_list("subject", "group__code", "item", "option", "times"):
        found[subject][group, item][option] = times
    return found


def tallies_of(round_):
    """Return {subject's key: ({group's code: raters}, [codes of short groups])}."""
    found = defaultdict(lambda: ({}, []))
    rows = GroupTally.objects.filter(subject__round=round_)
    for subject, group, raters, is_short in rows.values_list("subject", "group__code", "raters", "is_short"):
        found[subject][0][group] = raters
        if is_short:
            found[subject][1].append(group)
    return found


def outcomes_before(round_):
    """
    Return {subject's key: [earlier Outcomes, the newest first]} of the same person, or the same unit's team.

    Earlier is published before this round was counted; an outcome brings its round along.
    """
    subjects = list(round_.subjects.all())
    rows = Outcome.objects.filter(
        Q(subject__person__in=[one.person_id for one in subjects if one.person_id])
        | Q(subject__kind=SubjectKind.TEAM, subject__unit__in=[one.unit_id for one in subjects if not one.person_id]),
        subject__round__published_at__lt=round_.counted_at,
    ).exclude(subject__round=round_)
    found = defaultdict(list)
    for outcome in rows.select_related("subject__round__edition").order_by("-subject__round__published_at"):
        found[_who(outcome.subject)].append(outcome)
    return {one.pk: found[_who(one)] for one in subjects if _who(one) in found}


def _who(subject):
    return ("person", subject.person_id) if subject.person_id else ("team", subject.unit_id)


def rounds_with_results(user):
    """Return the published rounds that somebody may know of; the newest first."""
    audited = authority_of(user).units(Role.AUDITOR)
    return _published(rounds_visible_to(user), paths_above(user), audited).order_by("-published_at", "-id")


def _published(visible, above, audited):
    """
    Return the published rounds of those visible, of the units with these paths, and of those audited.

    What the staff see of a result (``Round.visibility``) is for the whole staff of the unit, as it was promised,
    and not only for those who were on the list.
    """
    staff = Q(unit__in=Unit.objects.filter(path__in=above))
    known = Q(pk__in=visible.values("pk")) | staff | Q(unit__in=units_within(audited))
    return Round.objects.filter(known, state=RoundState.PUBLISHED).select_related("unit")


@dataclass(frozen=True)
class Listed:
    """A subject of a published round as its list needs it, with what was printed of the outcome."""

    pk: uuid.UUID
    name: str
    post: str
    grade_class: str
    score: str


def round_with_results(user, pk):
    """Return a published round that somebody may know of, with its publication, or None."""
    return _known(_round_with_results, user, pk)


def round_with_list(user, pk):
    """
    Return a published round that somebody may know of, with unit, publication and counterpart, or None; one statement.

    ``subjects_text`` says who was rated and what was printed of the outcomes (see ``listed``), the same for everybody;
    ``own_text`` the keys of those that are the reader, or a team of the reader's, or nothing.
    """
    return _known(_round_with_list, user, pk)


def listed(round_):
    """Return the subjects of a round that came with its list."""
    lines = [json.loads(line) for line in json.loads(round_.subjects_text or "[]")]
    return [Listed(uuid.UUID(key), *told) for key, *told in lines]


def own_keys(round_):
    """Return the keys of the subjects that the reader is."""
    return {uuid.UUID(json.loads(line)[0]) for line in json.loads(round_.own_text or "[]")}


def _known(prepared, user, pk):
    above, authority = paths_above(user), authority_of(user)
    reach = {"desk": authority.units(*UNION_DESK), "audited": authority.units(Role.AUDITOR)}
    values = {"round": pk, "person": user.pk} | {f"above{place}": path for place, path in enumerate(above)}
    for name, units in reach.items():
        for place, unit in enumerate(units):
            values |= {f"{name}{place}": unit.path, f"{name}{place}_end": unit.path_end}
    return prepared(len(above), *map(len, reach.values())).one(**values)


@lru_cache(maxsize=64)
def _round_with_results(above, desk, audited):
    """Return the statement of one published round for somebody with so many units above, looked after and audited."""
    with_sheet = ("publication", "counterpart", "edition__questionnaire", "unit")
    return PreparedInstances(lambda: _one_published(above, desk, audited).select_related(*with_sheet), by_key=True)


@lru_cache(maxsize=64)
def _round_with_list(above, desk, audited):
    """Return the same of one with its list."""
    subjects = Subject.objects.filter(round=OuterRef("pk")).order_by("order")
    mine = Subject.members.through.objects.filter(subject=OuterRef("pk"), person=Slot("person", UUIDField()))
    printed = ("id", "name", "post", "outcome__grade_class", KeyTextTransform("score", "outcome__figures"))
    return PreparedInstances(
        lambda: (
            _one_published(above, desk, audited)
            .annotate(subjects_text=Rows(subjects, *printed), own_text=Rows(subjects.filter(Exists(mine)), "id"))
            .select_related("publication", "counterpart", "unit")
            .only("title", "published_at", "visibility", "unit__name", "unit__path", *LIST)
        ),
        by_key=True,
    )


LIST = ("publication__facts", "counterpart__title")


def _one_published(above, desk, audited):
    def units(name, count):
        ends = ("path", ""), ("path_end", "_end")
        return [
            SimpleNamespace(**{field: Slot(f"{name}{place}{end}", CharField()) for field, end in ends})
            for place in range(count)
        ]

    paths = [Slot(f"above{place}", CharField()) for place in range(above)]
    visible = rounds_visible(Slot("person", UUIDField()), paths, units("desk", desk))
    return _published(visible, paths, units("audited", audited)).filter(pk=Slot("round", UUIDField())).order_by()


def rounds_to_publish(user):
    """Return the counted rounds at somebody's desk that are not published yet."""
    return rounds_at_desk(user).filter(state=RoundState.COUNTED).order_by("counted_at", "pk")


def round_counted(user, pk):
    """Return a round at somebody's desk with its other side and both polls' results, or None."""
    rows = rounds_at_desk(user).select_related("poll__result", "counterpart__poll__result", "counterpart__unit")
    return only_one(rows.filter(pk=pk))


def subjects_with_outcomes(round_, user):
    """Return the subjects of a published round with their outcome and whether it is about the reader."""
    return _SUBJECTS.all(round=round_.pk, person=user.pk)


def _subjects():
    mine = Subject.members.through.objects.filter(subject=OuterRef("pk"), person=Slot("person", UUIDField()))
    return (
        Subject.objects.filter(round=Slot("round", UUIDField()))
        .select_related("outcome")
        .annotate(is_own=Exists(mine))
        .order_by("order")
    )


def _subject():
    mine = Subject.members.through.objects.filter(subject=OuterRef("pk"), person=Slot("person", UUIDField()))
    return (
        Subject.objects.filter(pk=Slot("subject", UUIDField()), round__state=RoundState.PUBLISHED)
        .annotate(is_own=Exists(mine))
        .select_related("round__publication", "round__unit", "round__edition", "outcome", "statement")
        .order_by()
    )


# The statements are kept, never what they say.
_SUBJECTS = PreparedInstances(_subjects, by_key=True)
_SUBJECT = PreparedInstances(_subject, by_key=True)


def subject_with_outcome(user, pk):
    """Return a subject of a published round with outcome, statement and ``is_own``, or None."""
    return _SUBJECT.one(subject=pk, person=user.pk)


def own_results(user):
    """Return the subjects of published rounds that somebody is, alone or in a team; the newest first."""
    rows = Subject.objects.filter(members=user, round__state=RoundState.PUBLISHED)
    return rows.select_related("round__publication", "outcome").order_by("-round__published_at", "pk")


def subjects_to_rate(user, at):
    """Return the subjects that somebody is in rounds that have not closed, for the own rating."""
    states = [RoundState.ANNOUNCED, RoundState.OPEN]
    rows = Subject.objects.filter(person=user, round__state__in=states, round__closes_at__gt=at)
    return rows.select_related("round", "self_rating").order_by("round__closes_at", "pk")


def own_subject(user, pk):
    """Return the subject that somebody is in a round that has been announced, with the own rating so far, or None."""
    rows = Subject.objects.filter(person=user).exclude(round__state__in=[RoundState.DRAFT, RoundState.CANCELLED])
    return only_one(rows.select_related("round__edition", "round__unit", "self_rating").filter(pk=pk))


def uses_of(subject):
    """Return what was decided with a result, with who wrote it down."""
    return subject.uses.select_related("by")


def remarks_to_review(round_):
    """Return the remarks of a counted round with their decision; keys are random, so the order tells nothing."""
    return (
        Remark.objects.filter(subject__round=round_)
        .select_related("subject", "review")
        .order_by("subject__order", "id")
    )
