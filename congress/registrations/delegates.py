"""Delegates: their promises, the sentences of acts on them, notices."""

from django.utils.translation import gettext_lazy as _

from portal.accounts.enums import Role
from portal.deadlines.kinds import Kind, register_kind
from portal.deadlines.ladders import Ladder, Rung
from portal.ledger.registry import register_verb
from portal.notices.registry import register_notice

from .. import numbers
from ..enums import DelegateCategory, DutyKind, MeetingKind
from .shared import subject_url, titled, url_of

# The union's own work: its officers first, then the chair; discipline inspection looks on in the end.
BY_ELECTION = Ladder(
    "by_election",
    (
        Rung("received", None, Role.UNION_OFFICER),
        Rung("yellow", -14, Role.UNION_OFFICER),
        Rung("due", 0, Role.UNION_CHAIR, True),
        Rung("red", 1, Role.UNION_CHAIR, True),
    ),
    weekly=Role.DISCIPLINE_INSPECTOR,
    yellow_days=14,
)
# The delegate is told by a notice of their own; the ladder tells the union that looks after them.
REPORT = Ladder(
    "duty_report",
    (
        Rung("yellow", -5, Role.UNION_OFFICER),
        Rung("red", 1, Role.UNION_OFFICER, True),
        Rung("week1", 7, Role.UNION_CHAIR, True),
    ),
    weekly=Role.UNION_CHAIR,
    yellow_days=5,
)


def register_kinds():
    register_kind(
        Kind(
            code="delegate.by_election",
            label=_("elect a new delegate"),
            opening=_("the seat is vacant"),
            rule="days:90",
            rule_key=numbers.BY_ELECTION_DAYS,
            ladder=BY_ELECTION,
            subject_url=subject_url,
        )
    )
    register_kind(
        Kind(
            code="delegate.report",
            label=_("give the duty report"),
            opening=_("the year is over"),
            rule="on:2000-01-01",
            ladder=REPORT,
            subject_url=subject_url,
        )
    )


def register_verbs():
    union = _("union")
    categories = {"category": lambda code: DelegateCategory(code).label}
    meetings = {"kind": lambda code: MeetingKind(code).label}
    duties = {"kind": lambda code: DutyKind(code).label}
    for code, sentence, options in (
        ("mandate.nominated", _("candidate in %(unit)s, %(category)s"), {"by": union, "words": categories}),
        ("mandate.withdrawn", _("candidacy withdrawn"), {"by": union}),
        (
            "election.recorded",
            _("%(kind)s in %(unit)s on %(on)s: %(took_part)s of %(staff)s took part, %(elected)s elected"),
            {"by": union, "words": meetings},
        ),
        ("mandate.elected", _("elected in %(unit)s with %(votes)s votes"), {"by": union}),
        ("mandate.confirmed", _("credentials confirmed"), {"by": union}),
        (
            "mandate.recalled",
            _("recalled by %(unit)s on %(on)s with %(votes)s votes of %(staff)s staff"),
            {"by": union},
        ),
        (
            "mandate.kept",
            _("not recalled by %(unit)s on %(on)s: %(votes)s votes of %(staff)s staff"),
            {"by": union},
        ),
        ("mandate.resigned", _("resigned"), {"by": union}),
        ("mandate.ended_contract", _("mandate ended: left the enterprise"), {}),
        ("mandate.ended_transfer", _("mandate ended: left %(unit)s"), {}),
        ("duty_report.owed", _("duty report of %(year)s owed until %(due_on)s"), {}),
        ("duty_report.given", _("duty report of %(year)s given"), {"names_actor": True}),
        (
            "duty_report.rated",
            _("duty report of %(year)s rated: %(good)s satisfied, %(fair)s basically, %(poor)s not"),
            {"by": union},
        ),
    ):
        register_verb(code, sentence, is_public=True, **options)
    register_verb(
        "duty.written", _("duty log of %(on)s: %(kind)s, %(minutes)s minutes"), names_actor=True, words=duties
    )
    register_verb("duty.confirmed", _("entry of the duty log confirmed"), by=union)
    register_verb("duty.declined", _("entry of the duty log not confirmed"), by=union)


def register_notices():
    for code, sentence, label in (
        ("mandate.elected", _("You have been elected a delegate of the congress"), _("delegate elected")),
        ("mandate.ended", _("Your mandate as a delegate has ended"), _("mandate ended")),
        ("duty_report.owed", _("Your duty report of %(year)s is owed"), _("duty report owed")),
        ("duty.declined", _("An entry of your duty log was not confirmed"), ""),
    ):
        register_notice(code, title=titled(sentence), url=url_of, label=label)
