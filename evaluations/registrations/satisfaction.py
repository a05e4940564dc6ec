"""Satisfaction polls: the sentences of their acts, the notice to everybody who is asked."""

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from portal.ledger.registry import register_verb
from portal.notices.registry import register_notice

from .. import satisfaction_numbers  # noqa: F401 -- the numbers declare themselves


def register_verbs():
    for code, sentence in (
        ("drawn_up", _("satisfaction poll of %(year)s drawn up for the staff of %(unit)s")),
        ("opened", _("satisfaction poll opened; list frozen: %(electors)s people")),
        ("given_up", _("satisfaction poll given up or void; another one may be held this year")),
        ("reminded", _("everybody who is asked reminded, whoever has sent a form or not")),
        ("published", _("result published, once and for all: %(valid)s valid forms of %(electors)s people")),
    ):
        register_verb(f"satisfaction.{code}", sentence, is_public=True, by=_("union"))


def register_notices():
    sentence = _("%(unit)s: say how satisfied you are with disclosure and congress in %(year)s, until %(closes_on)s")
    register_notice(
        "satisfaction.opened", title=lambda facts: str(sentence) % facts, url=_url, label=_("satisfaction poll")
    )
    again = _("%(unit)s: the satisfaction poll of %(year)s closes on %(closes_on)s. Everybody asked gets this reminder")
    register_notice(
        "satisfaction.reminded",
        title=lambda facts: str(again) % facts,
        url=_url,
        label=_("satisfaction poll closes soon"),
    )


def _url(subject, facts):
    return reverse("evaluations:satisfaction", args=[subject.partition(":")[2]])
