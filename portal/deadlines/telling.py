"""
How this floor reaches desks.

Notices are the floor above; when it starts it gives its two functions here and
takes the kinds of notices from :data:`NOTICES`. The sweep writes notice rows by
SQL, in the statement that takes the step, so that neither is ever without the
other.
"""

from dataclasses import dataclass

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext

from .kinds import known_kinds

_teller = {}


def register_teller(*, post, ring):
    """Give the functions that post a notice and wake its delivery; called once by the floor of notices."""
    _teller.update(post=post, ring=ring)


def post(**notice):
    """Post a notice through the floor above."""
    _teller["post"](**notice)


def ring():
    """Wake the delivery of urgent notices."""
    _teller["ring"]()


@dataclass(frozen=True)
class NoticeText:
    """One kind of notice this floor posts: its code, its label in the filter, its sentence and its link."""

    code: str
    label: object
    title: object
    url: object


def subject_words(kind):
    """Return what is promised, in words: "answer"."""
    known = known_kinds().get(kind)
    return known.label if known else kind


def promise_url(subject, facts):
    """Return the page of the thing a promise is about, or of the promise itself where its app names none."""
    kind = known_kinds().get(facts.get("what"))
    if kind is not None and kind.subject_url is not None:
        return kind.subject_url(subject)
    return reverse("deadlines:explain", args=[facts["promise"]])


def _say_reminder(facts):
    words = {"label": subject_words(facts["what"]), "day": facts["due_on"]}
    if facts["code"] == "received":
        return _("Received: %(label)s due by %(day)s") % words
    if facts["code"] == "due":
        return _("Due today: %(label)s (%(day)s)") % words
    return pgettext("reminder", "%(label)s due by %(day)s") % words


def _say_overdue(facts):
    return _("Overdue since %(day)s: %(label)s") % {"label": subject_words(facts["what"]), "day": facts["due_on"]}


def _say_recomputed(facts):
    words = {"label": subject_words(facts["what"]), "before": facts["before"], "after": facts["due_on"]}
    return _("%(label)s: due day moved from %(before)s to %(after)s by a new work calendar") % words


NOTICES = (
    NoticeText("promise.reminder", gettext_lazy("Reminders"), _say_reminder, promise_url),
    NoticeText("promise.overdue", gettext_lazy("Overdue"), _say_overdue, promise_url),
    NoticeText("promise.recomputed", gettext_lazy("Due days moved"), _say_recomputed, promise_url),
    NoticeText(
        "promise.extension_asked",
        gettext_lazy("Extensions asked for"),
        lambda facts: (
            _("%(days)s more days asked for: %(label)s, due %(day)s")
            % {"days": facts["days"], "label": subject_words(facts["what"]), "day": facts["due_on"]}
        ),
        lambda subject, facts: reverse("deadlines:extensions"),
    ),
    NoticeText(
        "promise.extension_decided",
        gettext_lazy("Extensions decided"),
        lambda facts: (
            (
                _("Extension granted, now due %(day)s")
                if facts["is_granted"]
                else _("Extension refused, still due %(day)s")
            )
            % {"day": facts["due_on"]}
        ),
        promise_url,
    ),
    NoticeText(
        "calendar.missing",
        gettext_lazy("Work calendar missing"),
        lambda facts: (
            _("The work calendar of %(year)s has not been imported; due days that reach into it are provisional")
            % {"year": facts["year"]}
        ),
        lambda subject, facts: reverse("deadlines:calendar"),
    ),
    NoticeText(
        "clock.frozen",
        gettext_lazy("Clock of the machine"),
        lambda facts: _(
            "The clock of the machine has jumped: reminders stand still until somebody lets them run again"
        ),
        lambda subject, facts: reverse("deadlines:jobs"),
    ),
)
