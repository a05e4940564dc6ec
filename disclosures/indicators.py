"""What a unit's openness adds up to in a month: indicators for the scorecard."""

import datetime as dt

from django.db.models import Count, DateField, DurationField, ExpressionWrapper, F, OuterRef, Q, Subquery, Sum
from django.db.models.functions import Coalesce, Least, TruncDate
from django.urls import reverse
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from feedback.indicators import answers_in_time
from portal.deadlines.kept import LISTED, KeptShare, within_unit
from portal.kernel.days import LOCAL, day_start
from portal.kernel.indicators import DAYS, Behind, Indicator, Line, register_indicator
from portal.kernel.templatetags.words import say_day
from portal.ledger.models import Entry

from .channels import BRIEFING_QUESTION, OPINION, REQUEST
from .enums import Audience
from .models import Publication, Withdrawal


def _name_duty(promise):
    duty = getattr(promise, "duty", None)
    return f"{duty.item} {duty.event or f'{duty.starts_on:%Y-%m}'}" if duty else ""


def _name_briefing(promise):
    return _now("briefing of %(month)s") % {"month": f"{promise.started_on:%Y-%m}"}


def _name_rectification(promise):
    one = getattr(promise, "rectification", None)
    return _now("rectification of %(number)s") % {"number": one.publication.number} if one else ""


DUTIES = KeptShare(("disclosure.publish", "disclosure.event"), _name_duty, ("duty__item",))
BRIEFINGS = KeptShare(("briefing.hold",), _name_briefing)
RECTIFICATIONS = KeptShare(("disclosure.rectify",), _name_rectification, ("rectification__publication",))
OPINIONS = answers_in_time((OPINION, REQUEST, BRIEFING_QUESTION))


def _ended(since, until, within=None):
    """Return the texts whose display ended within the days, with ``last``, their last day, and ``shown``."""
    taken_down = Withdrawal.objects.filter(publication=OuterRef("pk"), is_granted=True).order_by("-decided_at")
    rows = Publication.objects.numbered().filter(publish_at__lt=day_start(until), shown_until__gte=since)
    rows = rows.annotate(
        down_on=TruncDate(Subquery(taken_down.values("decided_at")[:1]), tzinfo=LOCAL),
        first=TruncDate("publish_at", tzinfo=LOCAL),
    ).annotate(last=Coalesce(Least("down_on", "shown_until"), "shown_until", output_field=DateField()))
    rows = rows.filter(last__gte=since, last__lt=until).annotate(
        shown=ExpressionWrapper(F("last") - F("first"), output_field=DurationField()),
        place=Coalesce("department__path", "unit__path"),
    )
    return within_unit(rows, within, "place")


def display_figures(since, until, within=None):
    """Return (path of the unit, days on show, texts) of what ceased to be shown, by one statement."""
    rows = _ended(since, until, within).order_by().values_list("place").annotate(days=Sum("shown"), texts=Count("pk"))
    # The day of publication counts as the first.
    return [(path, (days or dt.timedelta()).days + texts, texts) for path, days, texts in rows]


def display_behind(unit, since, until, reader):
    """Return the texts that everybody may read, each with its days; the others are counted."""
    rows = _ended(since, until, unit)
    shown = rows.filter(Q(audience=Audience.EVERYBODY))
    total, listed = rows.count(), shown.count()
    lines = tuple(
        Line(
            _now("%(number)s, %(title)s: %(days)s days on show")
            % {"number": row.number, "title": row.title, "days": row.shown.days + 1},
            reverse("disclosures:public", args=[row.number]),
            row.last,
        )
        for row in shown.order_by("last", "pk")[:LISTED]
    )
    return Behind(lines, unnamed=total - listed, more=max(0, listed - LISTED))


ENDS = ("publication.approved", "publication.prolonged")


def display_changed(unit, since, until, moment, reader):
    """
    Return the texts that everybody may read whose display ended in these days at a moment, and was prolonged since.

    Nothing else changes afterwards: withdrawals and publications count from the day on which they are made.
    """
    prolonged = Entry.objects.filter(verb="publication.prolonged", at__gt=moment).order_by().values("subject")
    ends = {}
    rows = Entry.objects.filter(subject__in=prolonged, verb__in=ENDS, at__lte=moment).order_by("at")
    for subject, facts in rows.values_list("subject", "facts"):
        ends[subject] = dt.date.fromisoformat(facts["shown_until"])
    left = [subject.partition(":")[2] for subject, end in ends.items() if since <= end < until]
    texts = Publication.objects.numbered().filter(pk__in=left, audience=Audience.EVERYBODY, shown_until__gte=until)
    texts = within_unit(texts.annotate(place=Coalesce("department__path", "unit__path")), unit, "place")
    words = _now("%(number)s, %(title)s: prolonged after the freezing, on show until %(day)s")
    return tuple(
        Line(
            words % {"number": text.number, "title": text.title, "day": say_day(text.shown_until)},
            reverse("disclosures:public", args=[text.number]),
            text.shown_until,
        )
        for text in texts.order_by("shown_until", "pk")[:LISTED]
    )


def register():
    """Offer the indicators of disclosure; called once, from ``apps.ready()``."""
    for indicator in (
        Indicator(
            code="opinion.on_time",
            label=_("Opinions answered in time"),
            formula=_("opinions answered within thirty days ÷ opinions whose answer fell due in the period"),
            numerator=_("opinions, requests and briefing questions answered before they were late"),
            denominator=_(
                "opinions on disclosures, requests to disclose and open questions of briefings due in the period"
            ),
            source=_("Zhejiang 企业民主管理条例 art. 23, Chongqing 厂务公开条例 art. 11: 30 days"),
            figures=OPINIONS.figures,
            behind=OPINIONS.behind,
            changed=OPINIONS.changed,
            order=50,
        ),
        Indicator(
            code="duty.on_time",
            label=_("Duties disclosed in time"),
            formula=_("duties disclosed by their due day ÷ duties that fell due in the period"),
            numerator=_("duties met by a publication before they were late"),
            denominator=_("duties of the catalogue that fell due in the period; waived ones only when waived too late"),
            source=_("practice of workshop catalogues: by the 10th of the following month"),
            figures=DUTIES.figures,
            behind=DUTIES.behind,
            changed=DUTIES.changed,
            order=60,
        ),
        Indicator(
            code="display.days",
            label=_("Days on show"),
            formula=_("days on show of texts whose display ended ÷ such texts"),
            numerator=_("days from publication to the end of display or withdrawal, both included"),
            denominator=_("texts whose display ended in the period"),
            source=_("Shandong 厂务公开条例 art. 12, Chongqing 厂务公开条例 art. 9: at least 15 days"),
            figures=display_figures,
            behind=display_behind,
            changed=display_changed,
            measure=DAYS,
            order=70,
        ),
        Indicator(
            code="briefing.held",
            label=_("Briefings held"),
            formula=_("months in which a briefing was held ÷ months in which one was owed"),
            numerator=_("briefings held within their month"),
            denominator=_("briefings owed for the month"),
            source=_("Jilin Petrochemical: operations briefings as one of nine channels; the month is the unit's plan"),
            figures=BRIEFINGS.figures,
            behind=BRIEFINGS.behind,
            changed=BRIEFINGS.changed,
            order=80,
        ),
        Indicator(
            code="rectification.closed",
            label=_("Rectifications closed in time"),
            formula=_("rectifications accepted as put right in time ÷ rectifications that fell due in the period"),
            numerator=_("rectifications put right before they were late, and accepted"),
            denominator=_("demands of the supervisory group that fell due in the period"),
            source=_("Shandong 厂务公开条例 art. 11: rectification within a set time"),
            figures=RECTIFICATIONS.figures,
            behind=RECTIFICATIONS.behind,
            changed=RECTIFICATIONS.changed,
            order=90,
        ),
    ):
        register_indicator(indicator)
