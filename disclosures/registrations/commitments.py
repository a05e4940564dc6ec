"""Commitments, major decisions and the four responsibilities: their promises, sentences and notices."""

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from portal.accounts.enums import Role
from portal.deadlines.ladders import Ladder, Rung
from portal.ledger.registry import register_verb
from portal.notices.registry import register_notice

from .. import numbers
from ..enums import CommitmentKind, DutyRole, Execution, MajorKind
from .shared import register_promises, titled

# Opening the year's round: discipline inspection's and the union's own, so nobody below climbs over them.
RENEW = Ladder(
    "commitment_renew",
    (
        Rung("received", None, Role.DISCIPLINE_INSPECTOR),
        Rung("yellow", -7, Role.DISCIPLINE_INSPECTOR),
        Rung("due", 0, Role.UNION_CHAIR, True),
        Rung("red", 1, Role.LEADER_IN_CHARGE, True),
    ),
    weekly=Role.UNION_CHAIR,
    yellow_days=7,
)
# The person is told by a notice of their own; the ladder tells those who look on.
SIGN = Ladder(
    "commitment_sign",
    (
        Rung("due", 0, Role.DEPARTMENT_HEAD, True),
        Rung("red", 1, Role.LEADER_IN_CHARGE, True),
        Rung("week1", 7, Role.UNION_CHAIR, True),
    ),
    weekly=Role.DISCIPLINE_INSPECTOR,
    yellow_days=3,
)
CARRY_OUT = Ladder(
    "major",
    (
        Rung("yellow", -5, Role.HANDLER),
        Rung("due", 0, Role.DEPARTMENT_HEAD, True),
        Rung("red", 1, Role.LEADER_IN_CHARGE, True),
        Rung("week1", 7, Role.UNION_CHAIR, True),
    ),
    weekly=Role.DISCIPLINE_INSPECTOR,
    yellow_days=5,
)


def register_kinds():
    register_promises(
        (
            ("commitment.renew", _("open this year's commitment"), _("its time has come"), "on:2000-01-01", "", RENEW),
            (
                "commitment.sign",
                _("sign the commitment"),
                _("opened"),
                "workdays:10",
                numbers.COMMITMENT_SIGN_WORKDAYS,
                SIGN,
            ),
            ("major.progress", _("report on a major decision"), _("its time has come"), "on:2000-01-01", "", CARRY_OUT),
            ("major.finish", _("carry out a major decision"), _("the decision stands"), "on:2000-01-01", "", CARRY_OUT),
        ),
        subject_url=subject_url,
    )


def subject_url(subject):
    """Return the path that sends a reader on to the page of a round, a signature, a scan or a decision."""
    kind, _colon, key = subject.partition(":")
    return reverse("disclosures:commitment_go", args=[kind.removeprefix("disclosures."), key])


def register_verbs():
    keepers, union = _("discipline inspection or union"), _("union")
    kinds = {"kind": lambda code: CommitmentKind(code).label}
    roles = {"role": lambda code: DutyRole(code).label}
    for code, sentence, options in (
        (
            "commitment_plan.set",
            _("%(unit)s renews every year from %(since)s: %(kind)s"),
            {"by": keepers, "words": kinds},
        ),
        (
            "commitment_plan.ended",
            _("%(unit)s renews until %(until)s: %(kind)s"),
            {"by": keepers, "words": kinds},
        ),
        ("commitment.drafted", _("commitment of %(year)s owed by %(unit)s until %(due_on)s"), {}),
        ("commitment.edited", _("text changed before it was open"), {"by": keepers}),
        ("commitment.opened", _("open for signing by %(count)s people"), {"by": keepers}),
        ("commitment.signed", _("signed"), {"names_actor": True}),
        ("commitment.added", _("%(person)s came into office and has to sign"), {}),
        ("commitment.released", _("%(person)s left the office before signing"), {}),
        ("commitment.paper_entered", _("a signature on paper entered, waiting to be compared"), {"by": keepers}),
        ("commitment.paper_accepted", _("a signature on paper compared and accepted"), {"by": keepers}),
        ("commitment.paper_refused", _("a signature on paper not accepted"), {"by": keepers}),
        ("commitment.closed", _("closed at the end of %(year)s"), {}),
        ("major.published", _("taken into the register as %(number)s"), {"by": _("leading group")}),
        ("major.correction_asked", _("correction asked for"), {"by": _("department")}),
        ("major.corrected", _("corrected: version %(version)s"), {"by": _("leading group")}),
        ("major.correction_refused", _("correction refused"), {"by": _("leading group")}),
        (
            "major.progressed",
            _("as of %(on)s: %(status)s, %(percent)s per cent"),
            {"by": _("department"), "words": {"status": lambda code: Execution(code).label}},
        ),
        ("major.report_opened", _("report for %(period)s owed until %(due_on)s"), {}),
        ("major.linked", _("disclosed with %(number)s"), {"by": _("department")}),
        ("responsibility.set", _("%(unit)s from %(since)s: %(role)s named"), {"by": union, "words": roles}),
        ("responsibility.ended", _("%(unit)s until %(until)s: %(role)s"), {"by": union, "words": roles}),
    ):
        register_verb(code, sentence, is_public=True, **options)
    for code, sentence, words in (
        (
            "major.registered",
            _("registered by %(unit)s: %(kind)s"),
            {"kind": lambda code: MajorKind(code).label},
        ),
        ("major.declined", _("not taken into the register"), {}),
    ):
        register_verb(code, sentence, names_actor=True, words=words)


def _url(subject, facts):
    return subject_url(subject)


def register_notices():
    for code, sentence, label, is_confidential in (
        ("commitment.to_sign", _("“%(title)s” waits for your signature"), _("commitment to sign"), False),
        ("commitment.paper_entered", _("A scan of a signature on “%(title)s” waits to be compared"), "", False),
        ("major.to_decide", _("A major decision of %(unit)s waits to be made public"), _("to decide"), True),
        ("major.decided", _("What you registered for %(unit)s has been decided"), "", True),
    ):
        register_notice(code, title=titled(sentence), url=_url, label=label, is_confidential=is_confidential)
