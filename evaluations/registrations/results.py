"""Results: the sentences of their acts, notices to those who rated and those who were rated."""

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from portal.kernel import navigation
from portal.ledger.registry import register_verb
from portal.notices.registry import register_notice

from ..enums import RemarkDecision, UseKind, WithheldReason


def register_verbs():
    union, rated = _("union"), _("the person rated")
    words = {
        "decision": lambda code: RemarkDecision(code).label,
        "why": lambda code: WithheldReason(code).label if code else "",
        "kind": lambda code: UseKind(code).label,
    }
    for code, sentence, by, is_public in (
        ("appraisal.remark_decided", _("a remark decided on: %(decision)s %(why)s"), union, False),
        ("appraisal.published", _("results of %(subjects)s published, once and for all"), union, True),
        ("appraisal.self_rated", _("no. %(place)s gave the own rating"), rated, False),
        ("appraisal.stated", _("no. %(place)s made a statement on the result"), rated, False),
        ("appraisal.use_recorded", _("use of the result of no. %(place)s on %(on)s: %(kind)s"), union, False),
    ):
        register_verb(code, sentence, is_public=is_public, by=by, words=words)


def register_notices():
    for code, sentence, label in (
        ("appraisal.published", _("Appraisal “%(title)s” has been published"), _("appraisal published")),
        ("appraisal.rated", _("Your result in “%(title)s” is there"), _("own result of an appraisal")),
    ):
        register_notice(code, title=_titled(sentence), url=_url_of, label=label)


def register_places():
    # 民主评议结果 is on the list of what has to be disclosed; how much of it the staff see is said with each round.
    navigation.register_item(
        "open.appraisals",
        _("Appraisal results"),
        "evaluations:results_index",
        "chart-column",
        order=85,
        group="disclosures",
    )


def _titled(text):
    def title(facts):
        return str(text) % facts

    return title


def _url_of(subject, facts):
    kind, _colon, key = subject.partition(":")
    if kind == "evaluations.subject":
        return reverse("evaluations:result", args=[key])
    return reverse("evaluations:results", args=[key])
