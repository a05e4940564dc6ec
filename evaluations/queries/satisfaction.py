"""Reads of satisfaction polls: who is asked, what is open for somebody, what was published."""

import uuid
from collections import Counter
from dataclasses import dataclass

from django.db.models import Exists, OuterRef, Prefetch, Q
from django.utils.translation import gettext as _

from portal.accounts.authority import authority_of
from portal.accounts.models import Person, Unit
from portal.accounts.queries import units_within
from portal.accounts.rules import UNION_DESK
from portal.ballots.models import Elector, Participation
from portal.kernel.rows import only_one

from ..enums import Level, PolledOn
from ..models import SatisfactionPart, SatisfactionPoll, SatisfactionTally
from ..satisfaction_counting import EDGE, percent_of

STEP = 4  # digits of a level in a unit's path


def satisfaction_of(poll):
    """Return the satisfaction poll that owns a poll of the sealed box."""
    return SatisfactionPoll.objects.select_related("unit", "poll").get(pk=uuid.UUID(poll.owner_id))


def staff_of(unit):
    """Return everybody on the roster of a unit and below it, in the order of the job numbers."""
    rows = Person.objects.filter(is_active=True, unit__path__gte=unit.path, unit__path__lt=unit.path_end)
    return rows.order_by("job_no")


def electorate_of(unit, k):
    """
    Return [(person's key, part's code or "")] of everybody in a unit.

    A part is a unit directly below with at least ``k`` people; who belongs to
    none are nobody or at least ``k`` too, so that ballots point at no few.
    """
    rows = list(staff_of(unit).values_list("pk", "unit__path"))
    end = len(unit.path) + STEP
    sizes = Counter(path[:end] for _key, path in rows if len(path) >= end)
    parts = sorted((size, path) for path, size in sizes.items() if size >= k)
    rest = len(rows) - sum(size for size, _unit in parts)
    while parts and 0 < rest < k:
        rest += parts.pop(0)[0]
    if len(parts) + bool(rest) < 2:
        parts = []  # one part alone is the whole
    codes = {path: f"p{place:03d}" for place, path in enumerate(sorted(path for _people, path in parts), 1)}
    return [(person, codes.get(path[:end], "")) for person, path in rows]


def parts_of_list(satisfaction):
    """Return {part's code: unit} of a list as it was frozen."""
    end = len(satisfaction.unit.path) + STEP
    rows = Elector.objects.filter(poll=satisfaction.poll_id).exclude(group="")
    paths = {group: path[:end] for group, path in rows.values_list("group", "person__unit__path").distinct()}
    units = {unit.path: unit for unit in Unit.objects.filter(path__in=paths.values())}
    return {group: units[path] for group, path in paths.items()}


def is_asked_already(unit, year):
    """Whether anybody of a unit is asked in a year by a poll of this unit, of one above or of one below."""
    above = [unit.path[:end] for end in range(STEP, len(unit.path) + 1, STEP)]
    near = Q(unit__path__in=above) | Q(unit__path__gte=unit.path, unit__path__lt=unit.path_end)
    return SatisfactionPoll.objects.filter(near, year=year, is_given_up=False).exists()


def _with_own_mark(rows, user):
    done = Participation.objects.filter(poll=OuterRef("poll"), elector__person=user)
    return rows.annotate(has_sent=Exists(done))


def _listed(user):
    return Exists(Elector.objects.filter(poll=OuterRef("poll"), person=user))


def open_for(user, at):
    """Return the polls that take a form of somebody now, each with ``has_sent`` of that very person."""
    rows = SatisfactionPoll.objects.running(at).filter(_listed(user))
    return _with_own_mark(rows, user).select_related("unit", "poll").order_by("poll__closes_at", "pk")


def published_polls():
    """Return the published polls with their tallies, the newest year first."""
    whole = Prefetch("tallies", SatisfactionTally.objects.filter(part=None).order_by("pk"), to_attr="whole")
    rows = SatisfactionPoll.objects.filter(published_at__isnull=False, is_given_up=False)
    return rows.select_related("unit", "poll__result").prefetch_related(whole).order_by("-year", "unit__path", "pk")


def polls_on_desk(user):
    """Return the polls of the units whose union somebody works for, and of all below, that are not published."""
    units = units_within(authority_of(user).units(*UNION_DESK))
    rows = SatisfactionPoll.objects.filter(unit__in=units, published_at__isnull=True, is_given_up=False)
    return rows.select_related("unit", "poll").order_by("-year", "unit__path", "pk")


def satisfaction_for(user, pk):
    """Return one poll that somebody may know of: published, on the own frozen list, or on the own desk; else None."""
    rows = _with_own_mark(SatisfactionPoll.objects.select_related("unit", "poll"), user)
    row = only_one(rows.annotate(is_on_list=_listed(user)).filter(pk=pk))
    if row is None or row.published_at is not None or row.is_on_list:
        return row
    return row if authority_of(user).holds(*UNION_DESK, unit=row.unit) else None


def units_to_poll(user):
    """Return the units whose staff somebody may poll, in the order of the tree; no single teams."""
    rows = Unit.objects.filter(pk__in=units_within(authority_of(user).units(*UNION_DESK))).active()
    return rows.exclude(kind="team").select_related("parent").order_by("path")


@dataclass(frozen=True)
class Shown:
    """One figure as pages print it: whole per cent, or the edge of a band."""

    label: str
    percent: int
    is_band: bool

    @property
    def words(self):
        """The figure as it is printed."""
        if not self.is_band:
            return f"{self.percent}%"
        words = _("%(percent)d%% or more") if self.percent > 50 else _("%(percent)d%% or less")
        return words % {"percent": self.percent}


def _shown(label, tally):
    percent = percent_of(tally.satisfied, tally.answered)
    if tally.is_band:  # the edge of few answers is rounded up
        percent = EDGE if 2 * tally.satisfied > tally.answered else 100 - EDGE
    return Shown(label, percent, tally.is_band)


def shown_whole(satisfaction):
    """Return the figures of all who answered of a poll out of :func:`published_polls`, one for each question."""
    return [_shown(tally.get_subject_display(), tally) for tally in satisfaction.whole]


def result_of(satisfaction):
    """
    Return what is printed of a poll: ``whole``, ``spreads`` and the units below, by two statements.

    ``spreads`` are (question, [words for each level]), ``shown`` (unit, [(question, Shown or None)]) of
    the parts of which anything is shown, ``hidden`` the other units.
    """
    tallies = list(satisfaction.tallies.order_by("pk"))
    found = {(tally.part_id, tally.subject): tally for tally in tallies}
    labels = dict(Level.choices)
    parts = SatisfactionPart.objects.filter(satisfaction=satisfaction).select_related("unit").order_by("code")
    figures = [
        (
            part.unit,
            [
                (label, _shown(label, tally) if (tally := found.get((part.pk, code))) else None)
                for code, label in PolledOn.choices
            ],
        )
        for part in parts
    ]
    return {
        "whole": [_shown(one.get_subject_display(), one) for one in tallies if one.part_id is None],
        "spreads": [
            (one.get_subject_display(), [_share_words(dict(one.spread), level) for level in labels])
            for one in tallies
            if one.spread
        ],
        "levels": list(labels.values()),
        "questions": list(PolledOn.labels),
        "shown": [row for row in figures if any(one for _label, one in row[1])],
        "hidden": [unit for unit, own in figures if not any(one for _label, one in own)],
    }


def _share_words(spread, level):
    """Return the share of a level in words: of nearly all only the edge, and of the others then nothing."""
    if level not in spread:
        return "0%" if None not in spread.values() else "–"
    return _("%(percent)d%% or more") % {"percent": EDGE} if spread[level] is None else f"{spread[level]}%"
