"""The minutes of a session as an official document (GB/T 9704)."""

from django.utils.translation import gettext as _

from portal.exports.official import Heading, OfficialDocument, Table, official_document
from portal.kernel.days import LOCAL, local_day
from portal.kernel.texts import bracketed, colon, comma, listing

from .phrases import GATES
from .validity import quorum_needed
from .wording import when_of


def clock(moment):
    """Return the time of day at the plant."""
    return f"{moment.astimezone(LOCAL):%H:%M}"


def words_of(vote):
    """Return a vote in one sentence."""
    number = vote.poll.poll.number
    if vote.is_void:
        result = vote.poll.poll.result
        return _(
            "Vote %(number)s was void as a whole: %(returned)d ballots in the box, %(issued)d issued, %(taken)d let in;"
            " nothing was counted. %(then)s"
        ) % {
            "number": number,
            "returned": result.returned,
            "issued": result.issued,
            "taken": result.taken_part,
            "then": _("It was held again.") if vote.is_repeated else _("It has not been held again."),
        }
    one = _("%(label)s %(votes)d")
    counts = comma().join(one % {"label": label, "votes": votes} for label, votes in vote.counts)
    text = _("Vote %(number)s: %(counts)s; counted of %(base)d delegates in all, %(needed)d needed.") % {
        "number": number,
        "counts": counts,
        "base": vote.base,
        "needed": vote.needed,
    }
    if vote.tied:
        text += _("Equal votes for the last seat: %(names)s; a further ballot decides.") % {
            "names": listing().join(vote.tied)
        }
    return text


def speech_words(speech):
    """Return one turn of a speaker in a sentence: from when to when, within the time or not."""
    until = clock(speech.ended_at) if speech.ended_at else "…"
    is_over = speech.ended_at is not None and speech.is_over(speech.ended_at)
    return _("%(from)s–%(until)s %(name)s (%(unit)s) spoke, %(minutes)d minutes allowed: %(verdict)s") % {
        "from": clock(speech.called_at),
        "until": until,
        "name": speech.mandate.name,
        "unit": speech.mandate.electing_unit.unit.name,
        "minutes": speech.minutes,
        "verdict": _("over time") if is_over else _("within time"),
    }


def course_of(row, session):
    """Return the course of an item in sentences: begin and end, stages and speeches by the clock, votes, put off."""
    item = row.item
    lines = []
    if item.started_at:
        lines.append(_("%(at)s taken up") % {"at": clock(item.started_at)})
    done = [(stage.done_at, 0, _stage_words(stage)) for stage in row.stages]
    done += [(speech.called_at, 1, speech_words(speech)) for speech in row.speeches]
    lines += [text for _moment, _kind, text in sorted(done, key=lambda one: one[:2])]
    lines += [words_of(vote) for vote in row.votes]
    if item.there is not None:
        lines.append(
            _("%(at)s put off: no quorum, %(there)d of %(whole)d delegates there, %(needed)d needed")
            % {
                "at": clock(item.ended_at),
                "there": item.there,
                "whole": session.whole or 0,
                "needed": quorum_needed(session.whole or 0),
            }
        )
    elif item.ended_at:
        lines.append(_("%(at)s ended") % {"at": clock(item.ended_at)})
    return lines


def _stage_words(stage):
    text = f"{clock(stage.done_at)} {stage.get_stage_display()}"
    return f"{text}{colon()}{stage.words}" if stage.words else text


def minutes_document(minutes):
    """Return the .docx as bytes."""
    session = minutes.session
    body = [Heading(_("When, where, who"))]
    body += [f"{term}{colon()}{value}" for term, value in when_of(session)]
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
        body.append(Heading(row.item.title + bracketed(row.item.get_kind_display()), level=2))
        body += course_of(row, session)
        outcome = row.item.get_state_display()
        if row.item.elected:
            outcome += colon() + listing().join(row.item.elected)
        if row.item.outcome:
            outcome += bracketed(row.item.outcome)
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
