"""
What stands in an issue of the bulletin, as its readers see it.

A draft shows what its entries stand for now; an issued one what was frozen,
except where everybody may no longer read it: a card that was hidden, words
that were taken out, a masked or withdrawn disclosure win over what was printed.
"""

import hashlib
import json
from dataclasses import dataclass, field

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext

from feedback.enums import Outcome
from feedback.rules import is_text_public
from portal.kernel.charts import bar_chart
from portal.kernel.days import local_day
from portal.kernel.richtext import excerpt
from portal.kernel.templatetags.words import say_day

from .enums import EntryKind, PublicationState, VersionKind

EXCERPT = 200
SECTIONS = {
    EntryKind.REPLY: gettext_lazy("Answers to workers' cards"),
    EntryKind.PUBLICATION: gettext_lazy("Disclosed in this period"),
    EntryKind.NOTICE: gettext_lazy("Public notices of this period"),
    EntryKind.FIGURES: gettext_lazy("Figures of this period"),
    EntryKind.TEXT: gettext_lazy("Union work"),
}
FIGURES = (
    ("received", gettext_lazy("cards received"), "blue"),
    ("answered", gettext_lazy("cards answered"), "green"),
    ("on_time", gettext_lazy("of these in time"), "green"),
    ("overdue", gettext_lazy("cards overdue when this was issued"), "red"),
    ("duties", gettext_lazy("disclosures due"), "blue"),
    ("kept", gettext_lazy("disclosed in time"), "green"),
    ("late", gettext_lazy("disclosed late"), "orange"),
    ("missing", gettext_lazy("due but missing"), "red"),
    ("published", gettext_lazy("texts published"), "blue"),
    ("notices", gettext_lazy("of these public notices"), "blue"),
)


@dataclass(frozen=True)
class Printed:
    """One part as it is read: its words, where they come from, and whether they may not be read any more."""

    entry: object
    kind: str
    heading: str
    number: str = ""
    url: str = ""
    about: tuple = ()
    question: str = ""
    text: str = ""
    figures: tuple = ()
    is_removed: bool = False
    remark: str = ""


@dataclass(frozen=True)
class Part:
    """Entries of one kind that follow one another, under one heading."""

    kind: str
    title: str
    entries: list = field(default_factory=list)


def content_of(entry, figures=None):
    """Return the words of an entry as they are now: {heading, question, text, values}; what issuing freezes."""
    if entry.kind == EntryKind.REPLY:
        inquiry, reply = entry.reply.inquiry, entry.reply
        return {
            "heading": inquiry.public_subject,
            "question": _question_of(inquiry),
            "text": "\n".join(filter(None, [reply.text, reply.measures])),
            "values": {
                "number": inquiry.number,
                "unit": inquiry.unit.name,
                "lead": inquiry.lead_unit.name if inquiry.lead_unit else "",
                "outcome": reply.outcome,
                "promised_on": reply.promised_on.isoformat() if reply.promised_on else "",
            },
        }
    if entry.kind in (EntryKind.PUBLICATION, EntryKind.NOTICE):
        publication = entry.publication
        latest = max(publication.versions.all(), key=lambda version: version.number)
        return {
            "heading": latest.title,
            "question": "",
            "text": excerpt(latest.body, EXCERPT),
            "values": {
                "number": publication.number,
                "unit": publication.unit.name,
                "code": publication.item.code,
                "on": local_day(publication.publish_at).isoformat(),
                "version": latest.number,
            },
        }
    if entry.kind == EntryKind.FIGURES:
        return {"heading": "", "question": "", "text": "", "values": figures or {}}
    return {"heading": entry.heading, "question": "", "text": entry.text, "values": {}}


def printed_parts(issue, figures=None):
    """Return the parts of an issue (fetched by ``with_entries``) in their order, gathered under their headings."""
    parts = []
    for entry in issue.entries.all():
        printed = printed_entry(issue, entry, figures)
        if not parts or parts[-1].kind != printed.kind:
            parts.append(Part(printed.kind, str(SECTIONS[entry.kind])))
        parts[-1].entries.append(printed)
    return parts


def printed_entry(issue, entry, figures=None):
    """Return one entry as it may be read now."""
    is_issued = issue.serial is not None
    if is_issued:
        content = {name: getattr(entry, name) for name in ("heading", "question", "text", "values")}
    else:
        content = content_of(entry, figures)
    if entry.kind == EntryKind.REPLY:
        return _printed_reply(entry, content)
    if entry.kind in (EntryKind.PUBLICATION, EntryKind.NOTICE):
        return _printed_publication(entry, content)
    if entry.kind == EntryKind.FIGURES:
        rows = tuple((str(label), content["values"].get(code, 0), tone) for code, label, tone in FIGURES)
        return Printed(entry, entry.kind, "", figures=rows)
    return Printed(entry, entry.kind, content["heading"], text=content["text"])


def _printed_reply(entry, content):
    inquiry, values = entry.reply.inquiry, content["values"]
    number = values["number"]
    if not is_text_public(inquiry):
        return Printed(entry, entry.kind, "", number=number, is_removed=True, remark=_("taken out as the rules demand"))
    heading, question, remark = content["heading"], content["question"], ""
    now = (inquiry.public_subject, _question_of(inquiry))
    if (heading, question) != now:
        (heading, question), remark = now, _("The card's words were changed or taken out after this was printed.")
    about = [values["unit"]]
    if values["lead"]:
        about.append(_("answered by %(unit)s") % {"unit": values["lead"]})
    if values["outcome"]:
        about.append(str(Outcome(values["outcome"]).label))
    return Printed(
        entry,
        entry.kind,
        heading,
        number=number,
        url=reverse("feedback:public", args=[number]),
        about=tuple(about),
        question=question,
        text=content["text"],
        remark=remark,
    )


def _printed_publication(entry, content):
    publication, values = entry.publication, content["values"]
    number, heading, text, remark = values["number"], content["heading"], content["text"], ""
    if publication.state == PublicationState.WITHDRAWN:
        return Printed(
            entry,
            entry.kind,
            "",
            number=number,
            url=reverse("disclosures:public", args=[number]),
            is_removed=True,
            remark=_("withdrawn; the reason stands at its number"),
        )
    newer = [version for version in publication.versions.all() if version.number > values["version"]]
    if any(version.kind == VersionKind.MASKED for version in newer):
        heading, text = newer[-1].title, excerpt(newer[-1].body, EXCERPT)
    elif newer:
        remark = _("corrected since; the wording in force stands at its number")
    return Printed(
        entry,
        entry.kind,
        heading,
        number=number,
        url=reverse("disclosures:public", args=[number]),
        about=(values["unit"], values["code"]),
        text=text,
        remark=remark,
    )


def _question_of(inquiry):
    return "\n".join(filter(None, [inquiry.public_body, inquiry.public_suggestion]))


def masthead():
    """Return the name of the bulletin as it stands in its red head."""
    return pgettext("masthead", "Union Work Bulletin")


def issue_label(issue):
    """Return how an issue is quoted: No. 3 of 2026 (No. 27 in all)."""
    return _("No. %(serial)d of %(year)d (No. %(total)d in all)") % {
        "serial": issue.serial,
        "year": issue.year,
        "total": issue.total,
    }


def quoted(issue):
    """Return how a delivery names the issue, in the office's language whoever issues it: at most forty characters."""
    return f"《工会工作信息》{issue.year}年第{issue.serial}期"


def figures_chart(issue, rows):
    """Return the figures of an issue as a chart with its table; the days are its title, below the section's own."""
    days = {"since": say_day(issue.since), "until": say_day(issue.until)}
    return bar_chart(_("%(since)s to %(until)s") % days, rows)


def fingerprint_of_issue(issue, contents):
    """
    Return the SHA-256 over everything that was issued, as hexadecimal digits.

    ``contents`` are the frozen words of the entries in their order.
    """
    canonical = json.dumps(
        {
            "unit": issue.unit.code,
            "number": issue.number,
            "title": issue.title,
            "lead": issue.lead,
            "since": issue.since.isoformat(),
            "until": issue.until.isoformat(),
            "entries": contents,
        },
        ensure_ascii=False,
        sort_keys=True,
        separators=(",", ":"),
    )
    return hashlib.sha256(canonical.encode()).hexdigest()


def frozen_words(entry):
    """Return what of a frozen entry its issue's fingerprint is taken over."""
    return {
        "kind": str(entry.kind),
        "heading": entry.heading,
        "question": entry.question,
        "text": entry.text,
        "values": entry.values,
    }
