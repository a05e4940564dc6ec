"""What handling matters adds up to in a month: indicators for the scorecard, and parts for other channels."""

from collections.abc import Callable
from dataclasses import dataclass

from django.db.models import Count, Func, Q, UUIDField
from django.db.models.functions import Coalesce
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from portal.accounts.models import Unit
from portal.deadlines.kept import KEPT, LISTED, changed_since, promises_due, told, within_unit
from portal.kernel.days import day_start
from portal.kernel.indicators import Behind, Indicator, Line, register_indicator
from portal.ledger.models import Entry

from . import clocks
from .channels import CARD
from .enums import IdentityMode, Outcome, RatingLevel, Route
from .models import Delivery, Inquiry, Rating
from .queries import inquiries_visible_to
from .registrations import PREFIX, subject_url

ASSIGNED = ("inquiry.assigned", "inquiry.reassigned")
REPLY = clocks.kinds_of("reply", hands=("", clocks.UNION))


class InquiryKey(Func):
    """The key of the inquiry that a promise's subject names."""

    template = f"CAST(substr(%(expressions)s, {len(PREFIX) + 1}) AS uuid)"
    output_field = UUIDField()

    def as_sqlite(self, compiler, connection, **context):
        # There a UUID is 32 characters without dashes.
        template = f"replace(substr(%(expressions)s, {len(PREFIX) + 1}), '-', '')"
        return self.as_sql(compiler, connection, template=template, **context)


@dataclass(frozen=True)
class InquiryShare:
    """
    The share of some rows about inquiries, as an indicator's ``figures`` and ``behind``.

    ``rows(since, until)`` are counted, ``counted(since, until)`` is the
    condition for standing above the line; ``inquiry`` is the way from a row to
    its inquiry ("" or "reply__inquiry__"). What is with discipline inspection
    belongs to no unit's figures. A row counts for the department that answers,
    and until there is one for the unit concerned. ``tells`` is False where even
    to say which row counted would say what somebody thinks.
    """

    rows: Callable
    counted: Callable
    inquiry: str = ""
    tells: bool = True
    due: Callable | None = None  # (since, until) -> promises with the ``key`` of their inquiry

    def _rows(self, since, until, within):
        way = self.inquiry
        rows = self.rows(since, until).filter(**{f"{way}route": Route.ORDINARY})
        rows = rows.annotate(counted_for=Coalesce(f"{way}lead_unit__path", f"{way}unit__path"))
        return within_unit(rows, within, "counted_for")

    def figures(self, since, until, within=None):
        """Return (path of the unit, counted, all) by one statement."""
        rows = self._rows(since, until, within).order_by().values_list("counted_for")
        return rows.annotate(part=Count("pk", filter=self.counted(since, until)), whole=Count("pk"))

    def behind(self, unit, since, until, reader):
        """
        Return the matters of named authors that this reader may open; all others are only counted.

        An author without a name stays out of every list, whoever reads it.
        """
        way, rows = self.inquiry, self._rows(since, until, unit)
        named = self._named(rows, reader)
        total, listed = rows.count(), named.count()
        named = named.annotate(is_part=told(self.counted(since, until)))
        if way:
            named = named.select_related(way.removesuffix("__"))
        order = f"{way}year", f"{way}serial", "pk"
        return Behind(
            lines=tuple(self._line(row) for row in named.order_by(*order)[:LISTED]),
            unnamed=total - listed,
            more=max(0, listed - LISTED),
        )

    def changed(self, unit, since, until, moment, reader):
        """Return the matters of ``behind`` that count otherwise now than at a moment; others are not even counted."""
        if self.due is None:
            return self._handed(unit, since, until, moment, reader)
        named = self._named(self._rows(since, until, None), reader)
        places = {str(row.pk): row for row in named.filter(pk__in=self.due(since, until).values("key"))}
        promises = self.due(since, until).filter(subject__in=[f"{PREFIX}{key}" for key in places])

        def row_of(promise):
            return places[promise.subject.removeprefix(PREFIX)]

        found = changed_since(promises.select_related("unit"), unit, moment, place=lambda one: row_of(one).counted_for)
        lines = []
        for promise, words in found:
            line = self._line(row_of(promise), is_told=False)
            lines.append(Line(_now("%(row)s: %(words)s") % {"row": line.text, "words": words}, line.url, line.on))
        return tuple(lines)

    def _handed(self, unit, since, until, moment, reader):
        """Return the rows that another department answers for than at a moment; nothing else of them changes."""
        rows = self._named(self._rows(since, until, None), reader).order_by("pk")
        rows = list(rows.select_related(self.inquiry.removesuffix("__")) if self.inquiry else rows)
        about = {f"{PREFIX}{self._inquiry(row).pk}": row for row in rows}
        entries = Entry.objects.filter(subject__in=list(about), verb__in=ASSIGNED).order_by("at")
        ways = {}
        for subject, at, facts in entries.values_list("subject", "at", "facts"):
            way = ways.setdefault(subject, ["", ""])
            way[at > moment] = facts["lead_unit"]
        ways = {subject: way for subject, way in ways.items() if all(way) and way[0] != way[1]}
        codes = {code for way in ways.values() for code in way}
        units = {one.code: one for one in Unit.objects.filter(code__in=codes)}
        lines = []
        for subject, way in ways.items():
            before, after = (units[code] for code in way)
            row = about[subject]
            if before.path.startswith(unit.path) == row.counted_for.startswith(unit.path):
                continue
            line = self._line(row, is_told=False)
            words = _now("handed from %(before)s to %(after)s after the freezing")
            words %= {"before": before.name, "after": after.name}
            lines.append(Line(_now("%(row)s: %(words)s") % {"row": line.text, "words": words}, line.url, line.on))
        return tuple(lines[:LISTED])

    def _named(self, rows, reader):
        way = self.inquiry
        public = {f"{way}is_published": True, f"{way}hidden_class": ""}
        seen = Q(**{f"{way}pk__in" if way else "pk__in": inquiries_visible_to(reader).values("pk")})
        return rows.filter(seen | Q(**public), **{f"{way}identity_mode": IdentityMode.NAMED})

    def _inquiry(self, row):
        for name in filter(None, self.inquiry.split("__")):
            row = getattr(row, name)
        return row

    def _line(self, row, *, is_told=True):
        inquiry = self._inquiry(row)
        text = inquiry.number
        if inquiry.is_published and not inquiry.hidden_class:
            text = _now("%(number)s, %(subject)s") % {"number": text, "subject": inquiry.public_subject}
        url = subject_url(f"{PREFIX}{inquiry.pk}")
        return Line(text, url, inquiry.received_on, bool(row.is_part) if self.tells and is_told else None)


def answers_in_time(channels):
    """Return the share of first answers of some channels given in time, of all that fell due in the month."""

    def due(since, until):
        return promises_due(REPLY, since, until).annotate(key=InquiryKey("subject"))

    def rows(since, until):
        return Inquiry.objects.filter(channel__in=channels, pk__in=due(since, until).values("key"))

    def counted(since, until):
        return Q(pk__in=due(since, until).filter(KEPT).values("key"))

    return InquiryShare(rows, counted, due=due)


def _deliveries(since, until):
    """Return the answers of which it was recorded within the days that they reached the workers."""
    return Delivery.objects.filter(
        recorded_at__gte=day_start(since), recorded_at__lt=day_start(until), reply__inquiry__channel=CARD
    )


def _ratings(since, until):
    return Rating.objects.filter(on__gte=since, on__lt=until, inquiry__channel=CARD)


ON_TIME = answers_in_time((CARD,))
LANDED = InquiryShare(_deliveries, lambda since, until: Q(reply__outcome=Outcome.SOLVED), "reply__inquiry__")
SATISFIED = InquiryShare(_ratings, lambda since, until: Q(level__gte=RatingLevel.FAIR), "inquiry__", tells=False)
REDONE = InquiryShare(_deliveries, lambda since, until: Q(reply__round__gt=1), "reply__inquiry__", tells=False)


def register():
    """Offer the indicators of cards; called once, from ``apps.ready()``."""
    for indicator in (
        Indicator(
            code="card.on_time",
            label=_("Cards answered in time"),
            formula=_("cards answered by their due day ÷ cards whose answer fell due in the period"),
            numerator=_("cards whose first answer had reached the worker before it was late"),
            denominator=_("cards whose first answer fell due in the period, answered or not"),
            source=_(
                "Jilin Petrochemical: an answer to the workers within one month;"
                " Chongqing 厂务公开条例 art. 11: 30 days"
            ),
            figures=ON_TIME.figures,
            behind=ON_TIME.behind,
            changed=ON_TIME.changed,
            order=10,
        ),
        Indicator(
            code="card.landed",
            label=_("Cards solved"),
            formula=_("answers with outcome A ÷ answers that reached the workers in the period"),
            numerator=_("answers delivered with outcome A, solved"),
            denominator=_("answers whose delivery was recorded in the period"),
            source=_("Jilin Petrochemical counts what was carried out: 53 of 58 is 91.4 per cent"),
            figures=LANDED.figures,
            behind=LANDED.behind,
            changed=LANDED.changed,
            order=20,
        ),
        Indicator(
            code="card.satisfied",
            label=_("Authors satisfied"),
            formula=_("ratings of “fairly satisfied” and better ÷ ratings given in the period"),
            numerator=_("ratings of three and more of five"),
            denominator=_("ratings given in the period; who has not rated is not counted as satisfied"),
            source=_("practice of public hotlines: five levels of satisfaction"),
            figures=SATISFIED.figures,
            behind=SATISFIED.behind,
            counts_people=True,
            order=30,
        ),
        Indicator(
            code="card.redo",
            label=_("Second handlings"),
            formula=_("answers of a second or later handling ÷ answers that reached the workers in the period"),
            numerator=_("answers given again after a bad rating"),
            denominator=_("answers whose delivery was recorded in the period"),
            source=_("practice of public hotlines: a bad rating sends a matter round again"),
            figures=REDONE.figures,
            behind=REDONE.behind,
            is_higher_better=False,
            counts_people=True,
            order=40,
        ),
    ):
        register_indicator(indicator)
