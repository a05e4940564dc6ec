"""Reads of rounds: what somebody may know of, what a round consists of, whether it is complete."""

import datetime as dt
import json
import uuid
from collections import Counter, defaultdict
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from django.db.models import Exists, OuterRef, Q, TextField, UUIDField
from django.db.models.functions import Cast

from portal.accounts.authority import authority_of
from portal.accounts.models import Unit
from portal.accounts.queries import rule_value, units_within
from portal.accounts.rules import UNION_DESK
from portal.ballots.enums import Grade
from portal.ballots.models import DOOR as POLL_DOOR
from portal.ballots.models import Elector, Participation, Poll
from portal.kernel.days import local_day
from portal.kernel.prepared import Prepared, PreparedInstances, Rows, Slot, instances_of
from portal.kernel.rows import only_one

from .. import result_numbers
from ..enums import RoundState, SubjectKind
from ..layout import blocks_of
from ..models import DutyReport, Item, Questionnaire, Round, Subject
from ..suppression import design_faults, differencing
from .electorate import electorate_of, sizes_of

NOBODY = uuid.UUID(int=0)


@dataclass(frozen=True)
class Facts:
    """What the rules of announcing and opening read of a round, at one moment."""

    weight: Fraction  # of all groups together
    groups: tuple  # ((group, how many are in it), …)
    subjects: tuple
    faults: tuple  # ((subject, group, how many of it may rate), …): their figures would point at people
    unreported: tuple  # subjects without a duty report or a recorded reason
    questions: int  # of the whole form
    near: tuple  # ((earlier round, day from which on it is far enough), …): their difference would be about a few

    @property
    def voters(self):
        """How many are on the list."""
        return sum(size for _group, size in self.groups)


def facts_of(round_, at):
    """Return the facts of a round as its list would be frozen at a moment."""
    electorate = electorate_of(round_, at)
    counts = Counter(code for _person, code in electorate)
    groups = tuple((group, counts[group.code]) for group in round_.groups.all())
    subjects = tuple(round_.subjects.all())
    by_key = {subject.pk: subject for subject in subjects}
    by_code = {group.code: group for group, _size in groups}
    sizes = sizes_of(round_, electorate)
    faults = design_faults(sizes, k_scores=round_.k_scores, k_breakdown=round_.k_breakdown)
    reported = set(DutyReport.objects.filter(subject__round=round_).values_list("pk", flat=True))
    return Facts(
        weight=Fraction(sum((group.weight for group, _size in groups), Decimal(0))),
        groups=groups,
        subjects=subjects,
        faults=tuple((by_key[subject], by_code[code], sizes[subject][code]) for subject, code in faults),
        unreported=tuple(subject for subject in subjects if subject.pk not in reported),
        questions=len(subjects) * (items_of(round_).count() + bool(round_.remark_limit)),
        near=tuple(_near(round_, subjects, electorate, at)),
    )


def _near(round_, subjects, electorate, at):
    """
    Find rounds on the same subjects, not long ago, whose raters were the same but for a few: the differencing attack.

    The other side of a two-way appraisal rates other people. A round that was cancelled, or whose list was never
    frozen, has no figures to subtract from.
    """
    days = dt.timedelta(days=rule_value(result_numbers.APART_DAYS, unit=round_.unit, at=at))
    same = Subject.objects.filter(
        Q(person__in=[one.person_id for one in subjects if one.person_id])
        | Q(kind=SubjectKind.TEAM, unit__in=[one.unit_id for one in subjects if not one.person_id])
    )
    rows = Round.objects.filter(
        pk__in=same.values("round"), poll__opened_at__isnull=False, closes_at__gt=round_.closes_at - days
    ).exclude(pk=round_.pk)
    after = defaultdict(set)
    for person, code in electorate:
        after[code].add(person)
    for earlier in rows.order_by("closes_at"):
        if differencing(raters_of(earlier), after, k=round_.k_scores):
            yield earlier, local_day(earlier.closes_at + days)


def raters_of(round_):
    """Return {group's code: set of people on the frozen list}."""
    found = defaultdict(set)
    for group, person in Elector.objects.filter(poll=round_.poll_id).values_list("group", "person_id"):
        found[group].add(person)
    return dict(found)


def items_of(round_):
    """Return the items of a round's edition with their dimensions, in the order of the form."""
    return Item.objects.filter(dimension__edition=round_.edition_id).select_related("dimension")


def facts_of_items(round_):
    """Return [(dimension, [names of its items])] of a round's sheet; a dimension asked as one has no names."""
    found = {}
    for item in items_of(round_):
        found.setdefault(item.dimension, []).append(item.name)
    return [(one, [] if names == [one.name] else names) for one, names in found.items()]


def blocks_of_round(round_):
    """Return the blocks of a round's form."""
    return blocks_of(list(round_.subjects.all()), list(items_of(round_)), has_remarks=bool(round_.remark_limit))


def own_subjects(round_, person):
    """Return the keys of the subjects that somebody does not rate: the person, or the team the person is one of."""
    return set(Subject.objects.filter(round=round_, members=person).values_list("pk", flat=True))


def own_marks(round_id, person):
    """Return for each subject of a round, in the order of the form, whether somebody does not rate it."""
    return [bool(is_own) for (is_own,) in _OWN_MARKS.rows(round=round_id, person=person.pk)]


def marks_for(poll, person):
    """Return what ``own_marks`` does; whom a round rates was fixed by its announcement, so that once read is enough."""
    read = vars(poll).get("round_at_door")
    if read is not None and read.asked_for == person.pk:
        return read.own_marks
    return own_marks(uuid.UUID(poll.owner_id), person)


def form_of_round(round_, definition):
    """
    Return the blocks of a round's form; ``round_`` is one read at the door.

    They are made once for what the round's subjects and items say, and kept beside the definition.
    """
    said = round_.subjects_text, round_.items_text, bool(round_.remark_limit)
    kept = definition.beside.get(BLOCKS)
    if kept is None or kept[0] != said:
        subjects = instances_of(Subject, SUBJECT, round_.subjects_text)
        items = instances_of(Item, ITEM, round_.items_text)
        kept = definition.beside[BLOCKS] = said, blocks_of(subjects, items, has_remarks=bool(round_.remark_limit))
    return kept[1]


def round_at_door(poll, person):
    """
    Return the round of a poll with all that the form of somebody needs, by one statement for each reading of the poll.

    It has unit and sheet, its subjects and items as texts (see ``form_of_round``), and for each subject in
    ``own_marks`` whether ``person`` does not rate it; holders of codes, None, rate all.
    """
    asked_for = NOBODY if person is None else person.pk
    read = vars(poll).get("round_at_door")
    if read is None or read.asked_for != asked_for:
        read = poll.round_at_door = _ROUND.one(key=uuid.UUID(poll.owner_id), person=asked_for)
        read.asked_for = asked_for
        read.own_marks = [bool(json.loads(line)[0]) for line in json.loads(read.marks_text or "[]")]
    return read


def door_of(poll, person):
    """Return the round of a poll with what its door goes by: no more within the transaction of somebody's form."""
    if not poll.is_held:
        return round_at_door(poll, person)
    if "round_held" not in vars(poll):
        poll.round_held = _DOOR.one(key=uuid.UUID(poll.owner_id))
    return poll.round_held


def held_with_round(poll_id):
    """
    Return a poll of a round, held as the box holds it, with what the round's door goes by.

    The round is not held: whatever closes it closes the poll, and asks for the poll first. A poll that closed while
    this waited is seen as closed, whatever of the round was read before.
    """
    round_ = _HELD.one(poll=poll_id)
    poll = round_.poll
    poll.round_held = round_
    return poll


BLOCKS = "blocks of a round"
DOOR = ("opens_at", "closes_at", "state")
FORM = (
    *("poll", "grade", "k_scores", "k_text", "k_breakdown", "remark_limit", "visibility"),
    *("near_reason", "near_granted_by", "unit__name", "edition__scale", "edition__step"),
)
SUBJECT = ("id", "name", "post")
ITEM = ("id", "name", "weight", "dimension__id", "dimension__weight")


def _marked(round_):
    mine = Subject.members.through.objects.filter(subject=OuterRef("pk"), person=Slot("person", UUIDField()))
    return Subject.objects.filter(round=round_).annotate(is_own=Exists(mine)).order_by("order")


def _rounds_with_form():
    items = Item.objects.filter(dimension__edition=OuterRef("edition")).order_by("dimension__order", "order")
    exact = [Cast(name, TextField()) if name.endswith("weight") else name for name in ITEM]
    return (
        Round.objects.filter(pk=Slot("key", UUIDField()))
        .annotate(
            subjects_text=Rows(Subject.objects.filter(round=OuterRef("pk")).order_by("order"), *SUBJECT),
            items_text=Rows(items, *exact),
            marks_text=Rows(_marked(OuterRef("pk")), "is_own"),
        )
        .select_related("unit", "edition")
        .only(*DOOR, *FORM)
        .order_by()
    )


# What every form asks. The statements are kept, never what they say.
_ROUND = PreparedInstances(_rounds_with_form, by_key=True)
_HELD = PreparedInstances(
    lambda: (
        Round.objects.filter(poll=Slot("poll", UUIDField()))
        .select_related("poll")
        .only(*DOOR, *(f"poll__{name}" for name in POLL_DOOR))
        .order_by()
    ),
    held=Poll,
)
_DOOR = PreparedInstances(lambda: Round.objects.filter(pk=Slot("key", UUIDField())).only(*DOOR).order_by())
_OWN_MARKS = Prepared(lambda: _marked(Slot("round", UUIDField())).values_list("is_own"), by_key=True)


def rounds_at_desk(user):
    """Return the rounds that somebody looks after, or may look into as one of the unions above."""
    units = units_within(authority_of(user).units(*UNION_DESK))
    return Round.objects.filter(unit__in=units).select_related("unit", "poll", "edition__questionnaire")


def round_at_desk(user, pk):
    """Return one round with its poll, if somebody may know of its working page, or None."""
    return only_one(rounds_at_desk(user).select_related("counterpart__poll", "planned_by").filter(pk=pk))


def rounds_visible_to(user):
    """
    Return the announced rounds that somebody has to do with: on the frozen list, rated, or of the own unit's union.

    Before the list is frozen the round of the own unit or one above is
    announced to everybody of the unit.
    """
    return rounds_visible(user.pk, paths_above(user), authority_of(user).units(*UNION_DESK))


def paths_above(user):
    """Return the paths of the own unit and of those above it."""
    return [user.unit.path[:end] for end in range(4, len(user.unit.path) + 1, 4)]


def rounds_visible(person, above, desk):
    """Return what ``rounds_visible_to`` does, of a person's key, the paths above, and the units looked after."""
    on_list = Elector.objects.filter(poll=OuterRef("poll"), person=person)
    rated = Subject.members.through.objects.filter(subject__round=OuterRef("pk"), person=person)
    announced = Q(poll__opened_at__isnull=True, unit__in=Unit.objects.filter(path__in=above))
    rows = Round.objects.exclude(state__in=[RoundState.DRAFT, RoundState.CANCELLED])
    return rows.filter(
        Q(Exists(on_list)) | Q(Exists(rated)) | announced | Q(unit__in=units_within(desk))
    ).select_related("unit", "poll", "edition__questionnaire")


def has_sent_marks(rows, user):
    """Mark rounds with whether somebody is on the frozen list and has sent the form; for that very person only."""
    mine = Elector.objects.filter(poll=OuterRef("poll"), person=user)
    done = Participation.objects.filter(poll=OuterRef("poll"), elector__person=user)
    return rows.annotate(is_on_list=Exists(mine), has_sent=Exists(done))


def waiting_for(user, at):
    """Return the rounds that take a form of somebody by sign-in now and have none yet."""
    rows = has_sent_marks(Round.objects.running(at).filter(grade=Grade.SIGNED_IN), user)
    return rows.filter(is_on_list=True, has_sent=False).order_by("closes_at", "pk")


def subjects_with_reports(round_):
    """Return the subjects with their duty reports, in the order of the form."""
    return round_.subjects.select_related("person", "unit", "report__file", "report__by")


def questionnaires_for(user):
    """Return the sheets that somebody may use: those of the units looked after and of the units above them."""
    own = authority_of(user).units(*UNION_DESK)
    paths = {unit.path[:end] for unit in own for end in range(4, len(unit.path) + 1, 4)}
    rows = Questionnaire.objects.filter(Q(unit__path__in=paths) | Q(unit__in=units_within(own)))
    return rows.select_related("unit")
