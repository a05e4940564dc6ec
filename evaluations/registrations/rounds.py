"""Appraisal rounds: the sentences of their acts, notices to those on the list."""

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from portal.ledger.registry import register_verb
from portal.notices.registry import register_notice

from ..enums import Direction

WHAT = {
    "round": _("title, sheet or times"),
    "groups": _("voter groups"),
    "subjects": _("who is rated"),
    "void_rules": _("rules by which a form is void"),
}


def register_verbs():
    words = {"direction": lambda code: Direction(code).label, "what": lambda code: WHAT[code]}
    for code, sentence, is_public in (
        ("appraisal.planned", _("appraisal planned, open from %(opens_at)s to %(closes_at)s: %(direction)s"), False),
        ("appraisal.changed", _("appraisal changed: %(what)s"), False),
        ("appraisal.announced", _("appraisal announced: %(subjects)s are rated"), True),
        ("appraisal.near_pleaded", _("reason recorded why it follows so soon on one that nearly the same rated"), True),
        ("appraisal.near_granted", _("a second person agreed that it follows so soon"), True),
        ("appraisal.report_added", _("duty report of no. %(place)s disclosed"), True),
        ("appraisal.report_waived", _("no duty report of no. %(place)s; the reason is on record"), True),
        ("appraisal.list_frozen", _("list of those who rate frozen: %(electors)s people"), True),
        ("appraisal.opened", _("forms are taken"), True),
        ("appraisal.reminded", _("everybody on the list reminded, whoever has sent a form or not"), True),
        ("appraisal.closed", _("no more forms are taken; all stay sealed"), True),
        ("appraisal.counted", _("counted: %(returned)s forms, %(valid)s valid"), True),
        ("appraisal.cancelled", _("appraisal cancelled; the reason is on record"), True),
        ("appraisal.edition_written", _("edition %(number)s of the sheet written: %(dimensions)s dimensions"), False),
    ):
        register_verb(code, sentence, is_public=is_public, by=_("union"), words=words)


def register_notices():
    for code, sentence, label in (
        (
            "appraisal.opened",
            _("Appraisal “%(title)s”: forms are taken until %(closes_on)s"),
            _("appraisal begun"),
        ),
        (
            "appraisal.reminded",
            _("Appraisal “%(title)s” closes on %(closes_on)s. Everybody on the list gets this reminder"),
            _("appraisal closes soon"),
        ),
    ):
        register_notice(code, title=_titled(sentence), url=_url_of, label=label)


def _titled(text):
    def title(facts):
        return str(text) % facts

    return title


def _url_of(subject, facts):
    return reverse("evaluations:round", args=[subject.partition(":")[2]])
