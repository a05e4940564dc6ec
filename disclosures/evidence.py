"""What a unit's openness adds up to in a year: evidence for the assessment of the unit, not for its monthly sheet."""

from django.db.models import Count, Q
from django.utils.translation import gettext_lazy as _

from portal.deadlines.kept import LISTED, KeptShare, promises_due, told, within_unit
from portal.deadlines.kinds import kind_of
from portal.kernel.days import day_start
from portal.kernel.indicators import Behind, Indicator, Line, register_indicator

from .indicators import DUTIES


def _name_signature(promise):
    row = getattr(promise, "commitment_signature", None)
    return row.round.title if row else ""


SIGNED = KeptShare(("commitment.sign",), _name_signature, ("commitment_signature__round",))


def covered_figures(since, until, within=None):
    """Return (path, duties disclosed at all by the end of these days, duties that fell due in them)."""
    rows = within_unit(promises_due(DUTIES.kinds, since, until), within).order_by().values_list("unit__path")
    return rows.annotate(met=Count("pk", filter=Q(met_at__lt=day_start(until))), due=Count("pk"))


def covered_behind(unit, since, until, reader):
    """Return the duties, those never disclosed first, each with the way to its page."""
    rows = within_unit(promises_due(DUTIES.kinds, since, until), unit)
    total = rows.count()
    rows = rows.select_related("unit", *DUTIES.related).annotate(is_met=told(Q(met_at__lt=day_start(until))))
    lines = []
    for promise in rows.order_by("is_met", "due_on", "pk")[:LISTED]:
        kind = kind_of(promise.kind)
        text = DUTIES.words(promise) or str(kind.label)
        lines.append(Line(text, kind.subject_url(promise.subject), promise.due_on, bool(promise.is_met)))
    return Behind(tuple(lines), more=max(0, total - LISTED))


def register():
    """Offer the evidence of disclosure; called once, from ``apps.ready()``."""
    for indicator in (
        Indicator(
            code="duty.covered",
            label=_("Catalogue covered"),
            formula=_("duties disclosed, in time or late ÷ duties that fell due in the year"),
            numerator=_("duties that a publication met before the end of the year"),
            denominator=_("duties of the catalogue that fell due in the year"),
            source=_("practice of catalogues of disclosure: what the catalogue names is disclosed"),
            figures=covered_figures,
            behind=covered_behind,
            order=250,
            is_monthly=False,
        ),
        Indicator(
            code="commitment.signed",
            label=_("Commitments signed in time"),
            formula=_("commitments signed by their due day ÷ commitments that were to be signed in the year"),
            numerator=_("signatures of leaders given before they were late"),
            denominator=_("signatures of leaders that fell due in the year"),
            source=_("Jilin Petrochemical: responsibility letters are signed level by level each year"),
            figures=SIGNED.figures,
            behind=SIGNED.behind,
            order=260,
            is_monthly=False,
        ),
    ):
        register_indicator(indicator)
