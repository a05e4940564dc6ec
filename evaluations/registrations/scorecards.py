"""Scorecards: their channel of objections, the sentences of their acts, their notices."""

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from portal.kernel.indicators import UnknownIndicator, indicator_of
from portal.ledger.registry import register_verb
from portal.notices.registry import register_notice

from .. import channel, scorecard_numbers  # noqa: F401 -- the numbers declare themselves


def _label(code):
    try:
        return indicator_of(code).label
    except UnknownIndicator:
        return code


def register_kinds():
    channel.register()


def register_verbs():
    words = {"indicator": _label, "month": lambda code: code[:7], "since": lambda code: code[:7]}
    above = _("level above")
    for code, sentence, options in (
        ("frozen", _("%(figures)s figures of %(month)s frozen, scheme version %(scheme)s"), {}),
        (
            "confirmed",
            _("points confirmed: %(total)s in all, %(set_otherwise)s set otherwise than proposed"),
            {"by": above},
        ),
        ("contested", _("objection %(number)s raised: %(indicator)s"), {"by": _("unit")}),
        (
            "objection_upheld",
            _("objection %(number)s upheld: %(indicator)s is %(numerator)s of %(denominator)s, %(points)s points"),
            {"by": above},
        ),
        (
            "figure_dropped",
            _(
                "objection %(number)s upheld: %(indicator)s counts no more, as the right figure would tell what few"
                " people said"
            ),
            {"by": above},
        ),
        ("objection_rejected", _("objection %(number)s not upheld: %(indicator)s"), {"by": above}),
        ("scheme_written", _("version %(number)s of the scheme holds from %(since)s"), {"by": _("union")}),
    ):
        register_verb(f"scorecard.{code}", sentence, words=words, **options)


def register_notices():
    for code, sentence, label in (
        (
            "to_confirm",
            _("Scorecards of %(count)s units for %(month)s wait for a person to confirm their points"),
            _("points to confirm"),
        ),
        ("confirmed", _("The scorecard of %(unit)s for %(month)s is confirmed"), _("scorecard confirmed")),
        ("contested", _("%(unit)s objects to a figure of its scorecard for %(month)s"), _("objection to a figure")),
        ("objection_decided", _("The objection to a figure of %(unit)s for %(month)s has been decided"), ""),
    ):
        register_notice(f"scorecard.{code}", title=_titled(sentence), url=_url, label=label)


def _titled(text):
    def title(facts):
        return str(text) % {**facts, "month": str(facts.get("month", ""))[:7]}

    return title


def _url(subject, facts):
    kind, _colon, key = subject.partition(":")
    if kind == "evaluations.frozenmonth":
        return f"{reverse('evaluations:scorecards')}?month={key[:7]}"
    return reverse("evaluations:scorecard_go", args=[key])
