"""The minutes of a session as an official document (GB/T 9704)."""

from django.utils.translation import gettext as _

from portal.exports.official import Heading, OfficialDocument, Table, official_document
from portal.kernel.days import LOCAL, local_day

from .phrases import GATES
from .wording import when_of


def clock(moment):
    """Return the time of day at the plant."""
    return f"{moment.astimezone(LOCAL):%H:%M}"


def words_of(vote):
    """Return a vote in one sentence."""
    number = vote.poll.poll.number
    if vote.is_void:
        return _("Vote %(number)s was void as a whole; nothing was counted. %(then)s") % {
            "number": number,
            "then": _("It was held again.") if vote.is_repeated else _("It has not been held again."),
        }
    counts = "，".join(f"{label}{votes}" for label, votes in vote.counts)
    return _("Vote %(number)s: %(counts)s; counted of %(base)d delegates in all, %(needed)d needed.") % {
        "number": number,
        "counts": counts,
        "base": vote.base,
        "needed": vote.needed,
    }


def minutes_document(minutes):
    """Return the .docx as bytes."""
    session = minutes.session
    body = [Heading(_("When, where, who"))]
    body += [f"{term}：{value}" for term, value in when_of(session)]
    body.append(
        _("Due: %(whole)d; there at the opening: %(present)d; needed for the quorum: %(needed)d.")
        % {"whole": session.whole or 0, "present": minutes.present, "needed": minutes.needed}
    )
    body += [
        _("Came later: %(name)s, %(at)s") % {"name": x.mandate.name, "at": clock(x.arrived_at)} for x in minutes.late
    ]
    body += [_("Left: %(name)s, %(at)s") % {"name": x.mandate.name, "at": clock(x.left_at)} for x in minutes.gone]
    for waiver in minutes.waivers:
        body.append(
            _("Waived: %(gate)s (%(short)d short), by %(name)s: %(reason)s; basis: %(basis)s")
            % {
                "gate": GATES[waiver.gate],
                "short": waiver.short,
                "name": waiver.waived_by.name,
                "reason": waiver.reason,
                "basis": waiver.basis,
            }
        )
    body.append(Heading(_("Items")))
    for row in minutes.items:
        body.append(Heading(f"{row.item.title}（{row.item.get_kind_display()}）", level=2))
        for stage in row.stages:
            text = f"{clock(stage.done_at)} {stage.get_stage_display()}"
            body.append(f"{text}：{stage.words}" if stage.words else text)
        body += [words_of(vote) for vote in row.votes]
        outcome = row.item.get_state_display()
        if row.item.elected:
            outcome += "：" + "、".join(row.item.elected)
        if row.item.outcome:
            outcome += f"（{row.item.outcome}）"
        body.append(_("Outcome: %(outcome)s") % {"outcome": outcome})
    body.append(Heading(_("All outcomes")))
    body.append(
        Table(
            columns=[_("Item of the agenda"), _("Outcome")],
            rows=[(row.item.title, row.item.get_state_display()) for row in minutes.items],
            widths=[110, 46],
        )
    )
    day = local_day(session.closed_at) if session.closed_at else session.opens_on
    return official_document(
        OfficialDocument(
            title=_("Minutes: %(session)s") % {"session": session.title},
            body=body,
            signer=session.unit.name,
            day=day,
        )
    )


def file_name(session):
    """Return the name of the file."""
    return f"{session.title}{_('Minutes')}.docx"
