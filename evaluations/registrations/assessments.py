"""Schemes and assessments of units: their promises, sentences and notices."""

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from portal.accounts.enums import Role
from portal.deadlines.kinds import Kind, register_kind
from portal.deadlines.ladders import Ladder, Rung
from portal.kernel.verdicts import ALLOWED, denied
from portal.ledger.registry import register_verb
from portal.notices.registry import register_notice

from .. import assessment_numbers as numbers
from ..queries.assessments import assessments_visible_to

# The unit's own: its union, then its leader, so that nobody climbs over them.
UNIT = Ladder(
    "assessment_unit",
    (
        Rung("yellow", -3, Role.UNION_OFFICER),
        Rung("due", 0, Role.UNION_CHAIR, True),
        Rung("red", 1, Role.LEADER_IN_CHARGE, True),
    ),
    weekly=Role.UNION_CHAIR,
    yellow_days=3,
)
ABOVE = Ladder(
    "assessment_above",
    (
        Rung("yellow", -3, Role.UNION_OFFICER),
        Rung("due", 0, Role.UNION_CHAIR, True),
        Rung("red", 1, Role.DISCIPLINE_INSPECTOR, True),
    ),
    weekly=Role.UNION_CHAIR,
    yellow_days=3,
)
RECTIFY = Ladder(
    "assessment_rectify",
    (
        Rung("yellow", -15, Role.UNION_OFFICER),
        Rung("due", 0, Role.UNION_CHAIR, True),
        Rung("red", 1, Role.LEADER_IN_CHARGE, True),
        Rung("week1", 7, Role.DISCIPLINE_INSPECTOR, True),
    ),
    weekly=Role.UNION_CHAIR,
    yellow_days=15,
)


def subject_url(subject):
    """Return the page of an assessment from its subject key."""
    return reverse("evaluations:assessment", args=[subject.partition(":")[2]])


def _may_see(user, promise):
    key = promise.subject.partition(":")[2]
    if assessments_visible_to(user).filter(pk=key).exists():
        return ALLOWED
    return denied(_("This assessment is not public yet."))


def register_kinds():
    practice = _("practice of this portal")
    for code, label, opening, rule, rule_key, ladder, source in (
        (
            "self",
            _("send the self-assessment"),
            _("self-assessment opened"),
            "workdays:10",
            numbers.SELF_WORKDAYS,
            UNIT,
            practice,
        ),
        (
            "group",
            _("give the points of the assessment"),
            _("with the assessment group"),
            "workdays:15",
            numbers.GROUP_WORKDAYS,
            ABOVE,
            practice,
        ),
        (
            "final",
            _("make the result final"),
            _("the unit may object"),
            "workdays:10",
            numbers.FINAL_WORKDAYS,
            ABOVE,
            practice,
        ),
        (
            "decide",
            _("decide after the objection"),
            _("the objection is answered"),
            "workdays:10",
            numbers.FINAL_WORKDAYS,
            ABOVE,
            practice,
        ),
        (
            "rectify",
            _("put right what the opinion demands"),
            _("rectification opinion issued"),
            "days:90",
            numbers.RECTIFY_DAYS,
            RECTIFY,
            _("Shanghai 职工代表大会条例 art. 46: a unit 90 days, a department 30 days"),
        ),
        (
            "recheck",
            _("re-check what was put right"),
            _("reported as put right"),
            "workdays:10",
            numbers.RECHECK_WORKDAYS,
            ABOVE,
            practice,
        ),
    ):
        register_kind(
            Kind(
                code=f"assessment.{code}",
                label=label,
                opening=opening,
                rule=rule,
                rule_key=rule_key,
                ladder=ladder,
                source=source,
                subject_url=subject_url,
                public=False,
                may_see=_may_see,
            )
        )


def register_verbs():
    union, unit, group = _("union"), _("unit"), _("assessment group")
    for code, sentence, is_public, by in (
        ("scheme.begun", _("scheme of assessment begun for %(unit)s"), False, union),
        ("scheme.version_begun", _("version %(number)s of the scheme begun"), False, union),
        ("scheme.enforced", _("version %(number)s of the scheme in force, %(items)s items"), True, union),
        ("assessment.planned", _("assessment of %(unit)s planned for %(year)s by version %(version)s"), False, union),
        (
            "assessment.prepared",
            _("group of %(members)s named; self-assessment until %(self_by)s, points until %(group_by)s"),
            False,
            union,
        ),
        ("assessment.cancelled", _("assessment cancelled; the reason is on record"), False, union),
        ("assessment.opened", _("self-assessment opened; figures up to %(until)s frozen"), True, union),
        ("assessment.self_sent", _("self-assessment sent to the group"), True, unit),
        ("assessment.scored", _("points given, to be confirmed by another member"), False, group),
        (
            "assessment.drafted",
            _("draft %(round)s with %(total)s points shown to the unit, which may object until %(until)s"),
            True,
            group,
        ),
        ("assessment.objected", _("the unit objects to draft %(round)s"), True, unit),
        ("assessment.accepted", _("the unit accepts draft %(round)s"), True, unit),
        ("assessment.taken_up", _("given back to the group for draft %(round)s"), True, union),
        ("assessment.final", _("result: %(total)s of 100 points"), True, union),
        (
            "assessment.opinion_issued",
            _("rectification opinion with %(demands)s demands, due on %(due_on)s"),
            True,
            union,
        ),
        ("assessment.point_reported", _("demand %(place)s reported as put right"), True, unit),
        ("assessment.recheck_begun", _("everything reported; re-check due on %(due_on)s"), True, unit),
        ("assessment.point_accepted", _("demand %(place)s found put right"), True, group),
        ("assessment.point_refused", _("demand %(place)s not found put right; the reason is on record"), True, group),
        (
            "assessment.put_to_congress",
            _("result put to the congress: item %(position)s of the session of %(on)s"),
            True,
            union,
        ),
        ("assessment.closed", _("assessment closed"), True, union),
    ):
        register_verb(code, sentence, is_public=is_public, by=by)


def register_notices():
    for code, sentence, label in (
        (
            "opened",
            _("%(unit)s: the self-assessment of %(year)s is open until %(due_on)s"),
            _("assessment: self-assessment"),
        ),
        (
            "with_group",
            _("Assessment of %(unit)s, %(year)s: the group gives its points until %(due_on)s"),
            _("assessment: for the group"),
        ),
        ("to_confirm", _("Assessment of %(unit)s, %(year)s: points wait for another member's yes"), ""),
        (
            "drafted",
            _("Assessment of %(unit)s, %(year)s: the draft is there; you may object until %(until)s"),
            _("assessment: draft result"),
        ),
        ("objected", _("%(unit)s objects to the draft of its assessment of %(year)s"), ""),
        ("answered", _("The objection of %(unit)s to its assessment of %(year)s is answered: decide on the draft"), ""),
        ("accepted", _("%(unit)s accepts the draft of its assessment of %(year)s"), ""),
        ("final", _("Assessment of %(unit)s, %(year)s: the result is final"), _("assessment: result")),
        (
            "opinion",
            _("%(unit)s: a rectification opinion of %(year)s is to be carried out until %(due_on)s"),
            _("assessment: to put right"),
        ),
        ("recheck", _("%(unit)s, %(year)s: everything is reported as put right; re-check until %(due_on)s"), ""),
        ("sent_back", _("%(unit)s, %(year)s: the re-check found something missing"), ""),
        ("closed", _("Assessment of %(unit)s, %(year)s: all put right, closed"), ""),
    ):
        register_notice(f"assessment.{code}", title=_titled(sentence), url=_url, label=label)


def _titled(text):
    def title(facts):
        return str(text) % facts

    return title


def _url(subject, facts):
    return subject_url(subject)
