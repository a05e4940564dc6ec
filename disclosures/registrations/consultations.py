"""Consultations: their promises, the sentences of their acts, their notices."""

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from feedback.enums import HidingReason
from portal.ledger.registry import register_verb
from portal.notices.registry import register_notice

from .. import numbers
from .publications import PUBLISH
from .shared import register_promises, titled

READERS = ("opened", "answered", "extended", "abandoned", "reported")
# Told to a person, these say that the person has spoken: nothing for a mailbox that others read.
ABOUT_AUTHORS = ("answered", "extended", "abandoned")


def register_kinds():
    register_promises(
        (
            (
                "consultation.answer",
                _("answer the opinions"),
                _("consultation closed"),
                "workdays:10",
                numbers.CONSULTATION_ANSWER_WORKDAYS,
                PUBLISH,
            ),
            (
                "consultation.report",
                _("report what was decided"),
                _("answers published"),
                "workdays:20",
                numbers.CONSULTATION_REPORT_WORKDAYS,
                PUBLISH,
            ),
        ),
        subject_url=page_url,
    )


def page_url(subject):
    """Return the path of the page that readers have; those with a working page only are sent on by it."""
    return reverse("disclosures:consultation", args=[subject.partition(":")[2]])


def register_verbs():
    department, union = _("department"), _("union")
    for code, sentence, options in (
        ("consultation.opened", _("put before the workers, open to opinions until %(closes_on)s"), {}),
        ("consultation.opinion_given", _("an opinion came in"), {"by": _("a worker")}),
        ("consultation.extended", _("period prolonged from %(before)s to %(closes_on)s"), {"by": department}),
        ("consultation.closed", _("period over on %(closes_on)s"), {}),
        (
            "consultation.opinion_hidden",
            _("words of an opinion hidden: %(reason)s"),
            {"by": union, "words": {"reason": lambda code: HidingReason(code).label}},
        ),
        ("consultation.opinion_shown", _("words of an opinion shown again"), {"by": union}),
        ("consultation.answered", _("%(opinions)s opinions answered in %(groups)s groups"), {"by": department}),
        (
            "consultation.decided",
            _("decided on %(decided_on)s and reported, %(changed)s clauses changed"),
            {},
        ),
        ("consultation.abandoned", _("consultation abandoned"), {}),
    ):
        register_verb(code, sentence, is_public=True, **options)
    for code, sentence in (
        ("consultation.drafted", _("consultation drafted for %(unit)s")),
        ("consultation.edited", _("draft changed")),
        ("consultation.handed", _("opening asked for")),
        ("consultation.dropped", _("draft discarded")),
        ("consultation.grouped", _("%(count)s opinions put into a group")),
        ("consultation.group_answered", _("a group of opinions answered")),
        ("consultation.report_prepared", _("report and final text handed on for a decision")),
        ("consultation.report_returned", _("report sent back")),
    ):
        register_verb(code, sentence, names_actor=True)


def _url(code):
    def url(subject, facts):
        if code in READERS:
            return page_url(subject)
        return reverse("disclosures:consultation_work", args=[subject.partition(":")[2]])

    return url


def register_notices():
    for code, sentence, label in (
        ("to_open", _("A draft waits to be put before the workers"), _("consultation")),
        ("opened", _("Your opinion is asked for: “%(title)s”"), _("opinion asked for")),
        ("closed", _("A consultation is over; its opinions are to be answered"), _("consultation")),
        ("answered", _("Your opinion on a draft has its answer"), ""),
        ("to_decide", _("The report of a consultation waits for your decision"), _("consultation")),
        ("sent_back", _("The report of a consultation came back with a remark"), _("consultation")),
        ("extended", _("A consultation in which you spoke runs longer"), ""),
        ("opinion_hidden", _("Words of opinions in a consultation have been hidden; the reasons stand there"), ""),
        ("abandoned", _("A consultation in which you spoke has been given up; its page says why"), ""),
        ("reported", _("What was heard and changed: “%(title)s”"), ""),
    ):
        register_notice(
            f"consultation.{code}",
            title=titled(sentence),
            url=_url(code),
            label=label,
            is_confidential=code not in READERS or code in ABOUT_AUTHORS,
        )
