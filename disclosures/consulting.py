"""How a consultation stands at a moment, in words: one source for list, page and desk."""

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from portal.kernel.days import local_day
from portal.kernel.templatetags.words import say_day

from .enums import ConsultationState, OpinionMode
from .standing import Standing
from .texts import fingerprint_of

S = ConsultationState
STAGES = (S.DRAFT, S.OPEN, S.CLOSED, S.ANSWERED, S.DECIDED)


def consultation_standing(consultation, at):
    """Return how a consultation stands by the clock, whether or not a job has recorded it."""
    phase = consultation.phase(at)
    if phase == S.DRAFT:
        word = _("waits for its opening") if consultation.handed_at else S.DRAFT.label
        return Standing(phase, "blue" if consultation.handed_at else "grey", word)
    if phase == S.OPEN:
        left, until = (consultation.closes_on - local_day(at)).days, say_day(consultation.closes_on)
        sentence = ngettext(
            "open to the end of %(day)s, %(n)d more day", "open to the end of %(day)s, %(n)d more days", left
        )
        if not left:
            sentence = _("open to the end of %(day)s, today is the last day")
        sentence = sentence % {"day": until, "n": left}
        return Standing(phase, "green", _("opinions wanted"), sentence)
    if phase == S.CLOSED:
        return Standing(
            phase, "yellow", S.CLOSED.label, _("over since %(day)s") % {"day": say_day(consultation.closes_on)}
        )
    if phase == S.ANSWERED:
        return Standing(phase, "blue", S.ANSWERED.label)
    if phase == S.DECIDED:
        sentence = _("decided on %(day)s") % {"day": say_day(consultation.decided_on)}
        return Standing(phase, "green", S.DECIDED.label, sentence)
    return Standing(phase, "grey", S.ABANDONED.label)


def stages_of(consultation, at):
    """Return the way of a consultation as stages: done, current, ahead."""
    phase = consultation.phase(at)
    days = {
        S.DRAFT: consultation.drafted_at,
        S.OPEN: consultation.opened_at,
        S.CLOSED: consultation.closes_on,
        S.ANSWERED: consultation.answered_at,
        S.DECIDED: consultation.published_at,
    }
    labels = {
        S.DRAFT: _("drafted"),
        S.OPEN: _("opinions asked for"),
        S.CLOSED: _("consultation closed"),
        S.ANSWERED: _("answered"),
        S.DECIDED: _("result reported"),
    }
    if phase == S.ABANDONED:
        reached = [state for state in STAGES if days[state] and (state != S.CLOSED or consultation.answer_promise_id)]
        current = len(reached)
    else:
        current = STAGES.index(phase) + 1
    return [
        {
            "label": labels[state],
            "state": "done" if place < current else "skipped" if phase == S.ABANDONED else "ahead",
            "on": days[state] if place < current else "",
        }
        for place, state in enumerate(STAGES)
    ]


def draft_print(consultation):
    """Return the fingerprint of what is put before the workers."""
    return fingerprint_of(
        str(consultation.pk), {name: getattr(consultation, name) for name in ("title", "lead", "body")}
    )


def report_print(consultation):
    """Return the fingerprint of what is reported as heard and changed."""
    return fingerprint_of(
        str(consultation.pk), {name: getattr(consultation, name) for name in ("title", "final_body", "summary")}
    )


def author_of(opinion):
    """Return whom readers see as the author of an opinion: the name only where its owner agreed to it."""
    if opinion.mode == OpinionMode.NICKNAME:
        return _("%(nickname)s (nickname)") % {"nickname": opinion.nickname}
    return opinion.person.name if opinion.shows_name else _("a worker")


def label_of(clause):
    """Return how people call a clause: its article, else its place; None is the whole draft."""
    if clause is None:
        return _("the whole draft")
    return clause.label or _("clause %(n)d") % {"n": clause.ordinal}
