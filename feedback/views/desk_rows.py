"""
Rows of the desks' lists as markup, by one function for a whole page.

A template's loop over twenty-five rows costs three times the query and all of
Django; here each row is one ``format_html``, which escapes whatever is no markup.
"""

from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from portal.kernel.keeping import kept_part
from portal.kernel.templatetags.parts import lamp_shape
from portal.kernel.templatetags.words import say_short_day

from ..enums import InquiryKind, InquiryState, Topic

S = InquiryState
TRIAGE_ACTS = {S.SUBMITTED: ("r", "register"), S.REGISTERED: ("a", "assign"), S.APPROVED: ("d", "deliver")}
INBOX_ACTS = {
    "handle": ("e", "reply"),
    "tracked": ("e", "reply"),
    "approve": ("p", "approve"),
    "deliver": ("d", "deliver"),
    "assisting": ("c", "contribute"),
}


class _Words:
    """What many rows say alike, translated once for the page."""

    def __init__(self):
        self.kinds = {value: str(label) for value, label in InquiryKind.choices}
        self.topics = {value: str(label) for value, label in Topic.choices}
        self.states = {value: str(label) for value, label in S.choices}
        self.lead, self.to_register = _("lead:"), pgettext("board", "to register")
        self.discipline, self.climbed, self.hidden = (_mark(w, t) for w, t in _marks())
        self.acts = {
            "register": _("Register"),
            "assign": _("Assign"),
            "deliver": _("Deliver"),
            "reply": _("Reply"),
            "approve": _("Approve"),
            "contribute": _("Give our part"),
        }
        self._shapes = {}

    def lamp(self, code, text):
        code = str(getattr(code, "value", code))
        if code not in self._shapes:
            self._shapes[code] = lamp_shape(code)
        return format_html('<span class="lamp lamp-{}">{}<span>{}</span></span>', code, self._shapes[code], text)


def _marks():
    return (_("discipline"), "seal"), (_("climbed"), "red"), (_("hidden"), "grey")


def _mark(text, tone):
    return format_html('<span class="mark mark-{}">{}</span>', tone, text)


def triage_rows(rows, *, stage, own=frozenset()):
    """
    Return the rows of the board: (row, register clock or None) each.

    ``own`` are the keys of matters that the reader wrote: another officer handles them, no act is offered.
    """
    key = ("triage", stage, *((*_seen(row, due), row.inquiry.pk in own) for row, due in rows))
    return kept_part(key, lambda: _triage_rows(rows, stage, own))


def _seen(row, due=None):
    """Return all that a row shows, for the key under which the rows are kept."""
    inquiry = row.inquiry
    lead = inquiry.lead_unit.name if inquiry.lead_unit_id else ""
    facts = (inquiry.kind, inquiry.topic, inquiry.state, inquiry.round, inquiry.is_escalated, inquiry.hidden_class)
    clock = (row.clock.lamp, row.left, row.clock.due_on)
    return row.number, row.title, row.is_discipline, inquiry.unit.name, lead, facts, clock, due


def _triage_rows(rows, stage, own):
    words = _Words()
    return _joined(_triage_row(words, row, due, stage, is_own=row.inquiry.pk in own) for row, due in rows)


def _triage_row(words, row, due, stage, *, is_own):
    inquiry = row.inquiry
    act = None if is_own else TRIAGE_ACTS.get(inquiry.state)
    marks = (
        (words.discipline, row.is_discipline),
        (words.climbed, inquiry.is_escalated),
        (words.hidden, inquiry.hidden_class),
    )
    return _row(
        words,
        row,
        url_name="feedback:register" if act and inquiry.state == S.SUBMITTED else "feedback:work",
        state=words.states[inquiry.state] if stage == "all" else "",
        marks=[mark for mark, holds in marks if holds],
        due=due,
        act=act,
    )


def inbox_rows(rows, *, tab):
    """Return the rows of an inbox's tab."""
    return kept_part(("inbox", tab, *map(_seen, rows)), lambda: _inbox_rows(rows, tab))


def _inbox_rows(rows, tab):
    words = _Words()

    def marks(inquiry):
        if inquiry.round > 1:
            yield _mark(_("round %(round)s") % {"round": inquiry.round}, "orange")
        if inquiry.is_escalated:
            yield words.climbed

    return _joined(
        _row(
            words,
            row,
            url_name="feedback:work",
            state=words.states[row.inquiry.state] if tab == "reported" else "",
            marks=marks(row.inquiry),
            act=INBOX_ACTS.get(tab),
        )
        for row in rows
    )


def _joined(rows):
    return format_html_join("\n", "{}", ((row,) for row in rows))


def _row(words, row, *, url_name, state, marks, act, due=None):
    inquiry, number = row.inquiry, row.number
    facts = [f"{words.kinds[inquiry.kind]} · {words.topics[inquiry.topic]}", inquiry.unit.name]
    meta = format_html_join("", "<span>{}</span>", ((fact,) for fact in facts))
    if inquiry.lead_unit_id:
        meta += format_html('<span class="desk-lead">{} {}</span>', words.lead, inquiry.lead_unit.name)
    if state:
        meta += format_html("<span>{}</span>", state)
    meta += format_html_join("", "{}", ((mark,) for mark in marks))
    dues = ""
    if due:
        dues = format_html('<span class="desk-due">{}<small>{}</small></span>', words.lamp(*due), words.to_register)
    button = ""
    if act:
        key, verb = act
        button = format_html(
            '<a class="btn btn-quiet btn-small row-act" data-key="{}" href="{}">{}</a>',
            key,
            reverse(f"feedback:{verb}", args=[number]),
            words.acts[verb],
        )
    # One line a row: forty KiB are the limit of these pages.
    return format_html(
        '<li class="row-item" data-row><p class="row-title"><a href="{}">{}</a></p><p class="row-meta">'
        '<span class="row-number">{}</span>{}</p><div class="row-side desk-side">{}'
        '<span class="desk-due">{}<small>{}</small></span>{}</div></li>',
        reverse(url_name, args=[number]),
        row.title,
        number,
        meta,
        dues,
        words.lamp(row.clock.lamp, row.left),
        say_short_day(row.clock.due_on),
        button,
    )
