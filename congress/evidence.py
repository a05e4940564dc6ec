"""What a unit's congress adds up to in a year: evidence for the assessment of the unit, not for its monthly sheet."""

from collections import defaultdict

from django.db.models import Count, Exists, OuterRef, Q
from django.urls import reverse
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from portal.deadlines.kept import within_unit
from portal.kernel.days import day_start, local_day
from portal.kernel.indicators import Behind, Indicator, Line, register_indicator

from .enums import HELD, LIVE, DutyKind, DutyState, Gate, Light
from .models import DutyEntry, ElectingUnit, FrozenSheet, Mandate, Session, Term
from .queries.sessions import sessions_known

UNIT = "unit__path"


def _terms(since, until, within):
    rows = Term.objects.filter(state="fixed", begins_on__lt=until, ends_on__gte=since)
    return within_unit(rows, within)


def _met(since, until):
    return Q(state__in=HELD, opened_at__gte=day_start(since), opened_at__lt=day_start(until))


def held_figures(since, until, within=None):
    """Return (path, 1 if the congress has met, 1) of each unit with a term in these days."""
    met = Session.objects.filter(_met(since, until), term=OuterRef("pk"))
    rows = _terms(since, until, within).annotate(met=Exists(met)).values_list(UNIT, "met")
    found = defaultdict(bool)
    for path, has_met in rows:
        found[path] |= has_met
    return [(path, int(has_met), 1) for path, has_met in sorted(found.items())]


def held_behind(unit, since, until, reader):
    """Return the sessions that were held."""
    rows = within_unit(sessions_known().filter(_met(since, until)), unit, "term__unit__path").order_by("opened_at")
    return Behind(tuple(_line(session, None) for session in rows))


def _line(session, is_counted):
    return Line(str(session), reverse("congress:session", args=[session.pk]), local_day(session.opened_at), is_counted)


class _SheetShare:
    """The share of closed sessions whose validity sheet shows one line green; a line that was open is not owed."""

    def __init__(self, gate):
        self.gate = gate

    def _rows(self, since, until, within):
        rows = FrozenSheet.objects.filter(
            session__closed_at__gte=day_start(since), session__closed_at__lt=day_start(until)
        )
        rows = within_unit(rows, within, "session__term__unit__path").select_related("session__term__unit")
        for sheet in rows.order_by("session__closed_at", "pk"):
            light = next((line["light"] for line in sheet.lines if line["gate"] == self.gate), Light.OPEN)
            if light != Light.OPEN:
                yield sheet.session, light == Light.GREEN

    def figures(self, since, until, within=None):
        """Return (path, sessions with a green line, sessions), by one statement."""
        found = defaultdict(lambda: [0, 0])
        for session, is_green in self._rows(since, until, within):
            found[session.unit.path][0] += is_green
            found[session.unit.path][1] += 1
        return [(path, green, closed) for path, (green, closed) in sorted(found.items())]

    def behind(self, unit, since, until, reader):
        """Return the sessions."""
        return Behind(tuple(_line(session, is_green) for session, is_green in self._rows(since, until, unit)))


class _SeatShare:
    """
    A share of delegates in the terms of these days, as it stands now.

    ``counted(since, until)`` is the condition on a mandate; the share is of the
    seats, or of the delegates who sit.
    """

    def __init__(self, counted, *, of_seats):
        self.counted, self.of_seats = counted, of_seats

    def _rows(self, since, until, within):
        rows = ElectingUnit.objects.filter(term__in=_terms(since, until, within), seats__gt=0)
        sit = Q(mandates__state__in=LIVE)
        counted = Count("mandates", filter=sit & self.counted(since, until), distinct=True)
        return rows.annotate(part=counted, sitting=Count("mandates", filter=sit, distinct=True)).order_by("unit__path")

    def _whole(self, row):
        return row.seats if self.of_seats else row.sitting

    def figures(self, since, until, within=None):
        """Return (path of the congress's unit, counted, all), by one statement."""
        found = defaultdict(lambda: [0, 0])
        for row in self._rows(since, until, within).select_related("term__unit"):
            found[row.term.unit.path][0] += row.part
            found[row.term.unit.path][1] += self._whole(row)
        return [(path, part, whole) for path, (part, whole) in sorted(found.items())]

    def behind(self, unit, since, until, reader):
        """Return the electing units with their numbers; no delegate is singled out."""
        words = _now("%(unit)s: %(part)s of %(whole)s")
        return Behind(
            tuple(
                Line(
                    words % {"unit": row.unit.name, "part": row.part, "whole": self._whole(row)},
                    reverse("congress:formation"),
                )
                for row in self._rows(since, until, unit).select_related("unit")
            )
        )


def _sits(since, until):
    return Q(mandates__isnull=False)


def _trained(since, until):
    entries = DutyEntry.objects.filter(kind=DutyKind.TRAINING, state=DutyState.CONFIRMED, on__gte=since, on__lt=until)
    return Q(mandates__in=Mandate.objects.filter(duties__in=entries).values("pk"))


QUORUM, SECRET = _SheetShare(Gate.QUORUM), _SheetShare(Gate.SECRECY)
ELECTED, TRAINED = _SeatShare(_sits, of_seats=True), _SeatShare(_trained, of_seats=False)


def register():
    """Offer the evidence of the congress; called once, from ``apps.ready()``."""
    for order, code, label, formula, numerator, denominator, source, share in (
        (
            200,
            "session.held",
            _("Congress held"),
            _("congresses that met in the year ÷ congresses with a term"),
            _("congresses that held at least one session"),
            _("congresses whose term runs in the year"),
            _("Shanghai 职工代表大会条例 art. 22, Henan 企业民主管理条例 art. 19: at least once a year"),
            (held_figures, held_behind),
        ),
        (
            210,
            "session.quorum",
            _("Sessions with a quorum"),
            _("sessions with two thirds of the delegates ÷ sessions closed"),
            _("sessions whose validity sheet shows the quorum met"),
            _("sessions closed in the year"),
            _("Shanghai 职工代表大会条例 art. 28: two thirds of all delegates"),
            (QUORUM.figures, QUORUM.behind),
        ),
        (
            220,
            "session.secret",
            _("Secret votes"),
            _("sessions whose votes were all secret and valid ÷ sessions that voted"),
            _("sessions whose validity sheet shows every vote secret and none void"),
            _("closed sessions with at least one vote"),
            _("Shanghai 职工代表大会条例 art. 31: votes by secret ballot, each matter apart"),
            (SECRET.figures, SECRET.behind),
        ),
        (
            230,
            "delegate.elected",
            _("Seats filled by election"),
            _("delegates who sit ÷ seats"),
            _("delegates whose mandate runs"),
            _("seats of the terms of the year"),
            _("Shanghai 职工代表大会条例 art. 15: delegates are elected by the staff of their unit"),
            (ELECTED.figures, ELECTED.behind),
        ),
        (
            240,
            "delegate.trained",
            _("Delegates trained"),
            _("delegates with a confirmed training in the year ÷ delegates who sit"),
            _("delegates whose duty log has a training that the union confirmed"),
            _("delegates whose mandate runs"),
            _("practice of unions: delegates are trained every year"),
            (TRAINED.figures, TRAINED.behind),
        ),
    ):
        figures, behind = share
        register_indicator(
            Indicator(
                code=code,
                label=label,
                formula=formula,
                numerator=numerator,
                denominator=denominator,
                source=source,
                figures=figures,
                behind=behind,
                order=order,
                is_monthly=False,
            )
        )
