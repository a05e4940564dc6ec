"""The catalogue and the publications: their promises, the sentences of their acts, their notices."""

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from portal.accounts.enums import Role
from portal.deadlines.ladders import Ladder, Rung
from portal.ledger.registry import register_verb
from portal.notices.registry import register_notice

from .. import numbers
from ..enums import FlagReason, NoticeOutcome, Step, WithdrawalReason
from .shared import register_promises, titled

# Ten days after a period: told at the start, five days before, the day before, on the day; then it climbs.
PUBLISH = Ladder(
    "disclosure",
    (
        Rung("received", None, Role.HANDLER),
        Rung("yellow", -3, Role.HANDLER),
        Rung("due", 0, Role.DEPARTMENT_HEAD, True),
        Rung("red", 1, Role.LEADER_IN_CHARGE, True),
        Rung("week1", 7, Role.UNION_CHAIR, True),
    ),
    weekly=Role.DISCIPLINE_INSPECTOR,
    yellow_days=3,
)
# Days, not weeks: an approval afterwards, an outcome.
DECIDE = Ladder(
    "disclosure_decide",
    (
        Rung("yellow", -1, Role.LEADER_IN_CHARGE),
        Rung("due", 0, Role.LEADER_IN_CHARGE, True),
        Rung("red", 1, Role.UNION_CHAIR, True),
    ),
    weekly=Role.DISCIPLINE_INSPECTOR,
    yellow_days=2,
)


# Only these tell the title, which was public by then; all others name the item's code.
OPEN_NOTICES = ("published", "subscribed")


def register_kinds():
    register_promises(
        (
            ("disclosure.publish", _("disclose"), _("owed"), "on:2000-01-01", "", PUBLISH),
            ("disclosure.event", _("disclose"), _("reported"), "workdays:7", numbers.EVENT_WORKDAYS, PUBLISH),
            ("publication.ratify", _("approve afterwards"), _("forced"), "workdays:5", numbers.RATIFY_WORKDAYS, DECIDE),
            (
                "notice.outcome",
                _("enter the outcome"),
                _("period over"),
                "workdays:5",
                numbers.OUTCOME_WORKDAYS,
                PUBLISH,
            ),
            ("notice.mask", _("mask personal data"), _("period over"), "workdays:10", numbers.MASK_WORKDAYS, PUBLISH),
            ("disclosure.rectify", _("put right"), _("flagged"), "workdays:15", numbers.RECTIFY_WORKDAYS, PUBLISH),
        ),
        subject_url=subject_url,
    )


def subject_url(subject):
    """Return the path that sends a reader on to the page of a duty, a publication or a rectification."""
    kind, _colon, key = subject.partition(":")
    return reverse("disclosures:go", args=[kind.removeprefix("disclosures."), key])


def register_verbs():
    department, union, group = _("department"), _("union"), _("leading group")
    steps = {"step": lambda code: Step(code).label}
    for code, sentence in (
        ("publication.drafted", _("draft begun: %(code)s of %(unit)s")),
        ("publication.edited", _("draft changed")),
        ("publication.discarded", _("draft discarded")),
    ):
        register_verb(code, sentence, names_actor=True)
    for code, sentence, options in (
        ("catalogue.added", _("item %(code)s added to the catalogue"), {"by": union}),
        ("catalogue.changed", _("item %(code)s of the catalogue changed, version %(number)s"), {"by": union}),
        ("catalogue.assigned", _("%(unit)s owes %(code)s from %(since)s"), {"by": union}),
        ("catalogue.assigned_many", _("%(unit)s owes %(count)s items from %(since)s"), {}),
        ("catalogue.unassigned", _("%(unit)s owes %(code)s until %(until)s"), {"by": union}),
        ("duty.opened", _("%(code)s for %(period)s owed by %(unit)s until %(due_on)s"), {}),
        ("duty.reported", _("event of %(event_on)s reported: %(code)s owed by %(unit)s until %(due_on)s"), {}),
        ("duty.met", _("disclosed with %(number)s"), {}),
        ("duty.waived", _("duty %(code)s of %(unit)s waived"), {"by": union}),
        ("publication.submitted", _("handed on for approval"), {"by": department}),
        ("publication.signed", _("signed: %(step)s"), {"words": steps}),
        ("publication.sent_back", _("sent back by: %(step)s"), {"words": steps}),
        ("publication.forced", _("published out of turn, before the approvals were complete"), {}),
        ("publication.ratified", _("approved afterwards"), {"by": group}),
        ("publication.not_ratified", _("not approved afterwards"), {"by": group}),
        ("publication.approved", _("given number %(number)s, on show until %(shown_until)s"), {}),
        ("publication.published", _("published as %(number)s"), {}),
        ("publication.prolonged", _("display prolonged until %(shown_until)s, days without display made up"), {}),
        ("publication.expired", _("display ended on %(shown_until)s"), {}),
        ("publication.correction_asked", _("correction asked for"), {"by": department}),
        ("publication.corrected", _("corrected: version %(version)s"), {}),
        ("publication.correction_refused", _("correction refused"), {}),
        (
            "publication.withdrawal_asked",
            _("withdrawal asked for: %(reason)s"),
            {"words": {"reason": lambda code: WithdrawalReason(code).label}},
        ),
        (
            "publication.withdrawn",
            _("withdrawn by two persons: %(reason)s"),
            {"words": {"reason": lambda code: WithdrawalReason(code).label}},
        ),
        ("publication.withdrawal_refused", _("withdrawal refused by the second person"), {}),
        ("publication.archived", _("archived as %(archive_no)s"), {"by": department}),
        ("publication.gap", _("without display from %(since)s to %(until)s; these days do not count"), {}),
        ("portal.gap", _("portal not to be seen from %(since)s to %(until)s; these days do not count"), {}),
        ("notice.closed", _("period of the notice over on %(closed_on)s"), {}),
        (
            "notice.decided",
            _("outcome of the notice: %(outcome)s"),
            {"words": {"outcome": lambda code: NoticeOutcome(code).label}},
        ),
        ("notice.names_nobody", _("declared to hold no personal data: nothing to mask"), {"by": department}),
        ("notice.mask_owed", _("masking of personal data owed until %(due_on)s"), {}),
        ("notice.masked", _("personal data masked: version %(version)s"), {"by": department}),
        (
            "publication.flagged",
            _("rectification demanded until %(due_on)s: %(reason)s"),
            {"by": _("supervisory group"), "words": {"reason": lambda code: FlagReason(code).label}},
        ),
        ("publication.rectified", _("put right, waiting to be checked"), {"by": department}),
        ("publication.rectification_accepted", _("rectification accepted"), {"by": _("supervisory group")}),
        ("publication.rectification_refused", _("rectification not accepted"), {"by": _("supervisory group")}),
    ):
        register_verb(code, sentence, is_public=True, **options)


def _url(subject, facts):
    return subject_url(subject)


def register_notices():
    for code, sentence, label in (
        ("to_sign", _("A text on item %(code)s waits for your signature"), _("to sign")),
        ("sent_back", _("A text on item %(code)s came back with a remark"), _("sent back")),
        ("forced", _("A text on item %(code)s was published out of turn"), _("out of turn")),
        ("published", _("“%(title)s” is on show"), ""),
        ("correction_asked", _("A correction of a text on item %(code)s waits for a decision"), ""),
        ("withdrawal_asked", _("Somebody asks to withdraw a text on item %(code)s; a second person must decide"), ""),
        ("decided", _("Your request about a text on item %(code)s has been decided"), ""),
        ("flagged", _("The supervisory group demands that a text on item %(code)s be put right"), _("to put right")),
        ("rectified", _("A text on item %(code)s has been put right and waits to be checked"), ""),
        ("notice_over", _("The period of a public notice on item %(code)s is over; its outcome is due"), _("outcome")),
        ("masked", _("Personal data have been masked in a public notice on item %(code)s"), ""),
        ("subscribed", _("New: “%(title)s”"), ""),
    ):
        # What has not been published yet is nobody's outside the portal.
        register_notice(
            f"publication.{code}",
            title=titled(sentence),
            url=_url,
            label=label,
            is_confidential=code not in OPEN_NOTICES,
        )


def seed(**_kwargs):
    """After a migration: put the seed catalogue into an empty table."""
    from ..operations import seed_catalogue

    seed_catalogue(at=timezone.now())  # noqa: TID251 -- a migration's now
