"""Briefings: their promises, the sentences of their acts, their notices."""

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from portal.accounts.enums import Role
from portal.deadlines.ladders import Ladder, Rung
from portal.kernel.templatetags.words import say_day
from portal.ledger.registry import register_verb
from portal.notices.registry import register_notice

from .. import numbers
from .shared import register_promises

# A month to hold one: told a week before its end, on the last day, then it climbs.
HOLD = Ladder(
    "briefing",
    (
        Rung("yellow", -7, Role.HANDLER),
        Rung("due", 0, Role.DEPARTMENT_HEAD, True),
        Rung("red", 1, Role.LEADER_IN_CHARGE, True),
        Rung("week1", 7, Role.UNION_CHAIR, True),
    ),
    yellow_days=7,
)
# Three working days for the minutes.
MINUTES = Ladder(
    "briefing_minutes",
    (
        Rung("yellow", -1, Role.HANDLER),
        Rung("due", 0, Role.DEPARTMENT_HEAD, True),
        Rung("red", 1, Role.LEADER_IN_CHARGE, True),
        Rung("week1", 7, Role.UNION_CHAIR, True),
    ),
    weekly=Role.DISCIPLINE_INSPECTOR,
    yellow_days=1,
)


def register_kinds():
    register_promises(
        (
            ("briefing.hold", _("hold a briefing"), _("owed each month"), "on:2000-01-01", "", HOLD),
            (
                "briefing.minutes",
                _("publish the minutes"),
                _("briefing held"),
                "workdays:3",
                numbers.MINUTES_WORKDAYS,
                MINUTES,
            ),
        ),
        subject_url=subject_url,
    )


def subject_url(subject):
    """Return the path that sends a reader on to the page of a briefing, or of a month in which one is owed."""
    kind, _colon, key = subject.partition(":")
    return reverse("disclosures:briefings_go", args=[kind.removeprefix("disclosures."), key])


def register_verbs():
    department, union = _("department"), _("union")
    for code, sentence, options in (
        ("briefing.plan_set", _("%(unit)s owes a briefing each month from %(since)s"), {"by": union}),
        ("briefing.plan_ended", _("%(unit)s owes a briefing each month until %(until)s"), {"by": union}),
        ("briefing.owed", _("briefing of %(period)s owed by %(unit)s until %(due_on)s"), {}),
        ("briefing.duty_met", _("briefing of %(period)s held by %(unit)s"), {}),
        ("briefing.announced", _("briefing of %(unit)s announced for %(on)s"), {"by": department}),
        ("briefing.edited", _("announcement changed"), {"by": department}),
        ("briefing.moved", _("put off from %(before_on)s to %(on)s"), {"by": department}),
        ("briefing.cancelled", _("cancelled, was to be on %(on)s"), {"by": department}),
        ("briefing.asked", _("a question was handed in"), {}),
        ("briefing.held", _("held on %(on)s, present: %(present)s"), {"by": department}),
        ("briefing.left_open", _("question left open, answered as %(number)s"), {"by": department}),
        ("briefing.minuted", _("minutes published: version %(version)s"), {}),
    ):
        register_verb(code, sentence, is_public=True, **options)
    for code, sentence in (
        ("briefing.recorded", _("record changed")),
        ("briefing.minutes_written", _("minutes written: version %(version)s")),
    ):
        register_verb(code, sentence, names_actor=True)


def _sentence(text):
    def title(facts):
        return str(text) % {**facts, "on": say_day(facts["on"])}

    return title


def _url(subject, facts):
    return subject_url(subject)


def register_notices():
    for code, sentence, label in (
        ("announced", _("You chair or speak at “%(title)s” on %(on)s"), _("briefing")),
        ("subscribed", _("Briefing on %(on)s: “%(title)s”"), ""),
        ("moved", _("“%(title)s” has been put off or moved: %(on)s"), ""),
        ("cancelled", _("“%(title)s” on %(on)s has been cancelled"), ""),
        ("asked", _("A question was handed in for “%(title)s” on %(on)s"), _("question for a briefing")),
        ("minutes_waiting", _("The minutes of “%(title)s” wait to be published"), _("minutes to publish")),
        ("minuted", _("The minutes of “%(title)s” are published"), ""),
    ):
        register_notice(f"briefing.{code}", title=_sentence(sentence), url=_url, label=label)
