"""Who opens and closes a session, signs delegates in, waives a line, runs items, draws up votes."""

from django.utils.translation import gettext as _

from portal.accounts.authority import authority_of
from portal.accounts.enums import Role
from portal.kernel.days import local_day
from portal.kernel.texts import semicolon
from portal.kernel.verdicts import ALLOWED, denied

from ..enums import BY_POLL, ItemState, MandateState, RecordKind, SessionMode, SessionState
from ..phrases import GATES
from ..validity import barred
from .sessions import may_keep_session


def may_sign_in(user, session, at):
    """Sign delegates in at the door, from the day of the opening to the closing."""
    if not (verdict := may_keep_session(user, session)):
        return verdict
    return _door_is_open(session, at)


def _door_is_open(session, at):
    if session.state not in (SessionState.CONVENED, SessionState.OPEN):
        return denied(_("Delegates sign in from the day of the opening to the closing."))
    if local_day(at) < session.opens_on:
        return denied(_("The door opens on %(day)s.") % {"day": session.opens_on.isoformat()})
    return ALLOWED


def may_sign_in_online(mandate, session, at):
    """Sign in from afar, where the session meets online too."""
    if session.mode == SessionMode.ONSITE:
        return denied(_("This session meets in the hall: sign in at the door."))
    if mandate is None or mandate.state != MandateState.ACTIVE:
        return denied(_("Only delegates whose mandate runs sign in."))
    return _door_is_open(session, at)


def is_shut(lines):
    """Return the refusal that names the red lines of the validity sheet, or ALLOWED."""
    found = barred(lines)
    if not found:
        return ALLOWED
    names = semicolon().join(
        _("%(gate)s (%(short)d short)") % {"gate": GATES[line.gate], "short": line.missing}
        if line.missing
        else str(GATES[line.gate])
        for line in found
    )
    return denied(_("The validity sheet is red: %(lines)s.") % {"lines": names})


def may_open_session(user, session, lines, at):
    """Open a session: convened, on its day, and every line of the validity sheet met or waived."""
    if not (verdict := may_keep_session(user, session)):
        return verdict
    if session.state != SessionState.CONVENED:
        return denied(_("Only a session that has been convened is opened."))
    if at < session.opens_at and local_day(at) != session.opens_on:
        return denied(_("The session opens on %(day)s.") % {"day": session.opens_on.isoformat()})
    return is_shut(lines)


def may_close_session(user, session, *, left, has_polls):
    """Close a session once nothing on its agenda is left undone."""
    if not (verdict := may_keep_session(user, session)):
        return verdict
    if session.state != SessionState.OPEN:
        return denied(_("This session is not open."))
    if has_polls:
        return denied(_("A vote has not come to its end: publish its result or give it up first."))
    if left:
        return denied(
            _("“%(title)s” has not been dealt with: bring it to its end, or take it off the agenda.")
            % {"title": left[0].title}
        )
    return ALLOWED


def may_disclose(user, session):
    """Make the results of a closed session public."""
    if not (verdict := may_keep_session(user, session)):
        return verdict
    if session.state != SessionState.CLOSED:
        return denied(_("Results are made public once the session has closed."))
    return ALLOWED


def may_waive(user, session, line):
    """Waive a red line on record: the chair of the union, where the law lets it be."""
    if not (verdict := may_keep_session(user, session)):
        return verdict
    if not authority_of(user).holds(Role.UNION_CHAIR, unit=session.unit):
        return denied(_("Only the chair of the union puts a waiver on record."))
    if session.state not in (SessionState.CONVENED, SessionState.OPEN):
        return denied(_("A waiver belongs to a session that is convened."))
    if not line.is_barred:
        return denied(_("This line is not red; there is nothing to waive."))
    if not line.may_be_waived:
        return denied(_("The law knows no exception here: this line cannot be waived."))
    return ALLOWED


def may_run(user, session, attendance):
    """Work on the agenda of an open session with its quorum in the hall."""
    if not (verdict := may_keep_session(user, session)):
        return verdict
    if session.state != SessionState.OPEN:
        return denied(_("This session is not open."))
    if not attendance.is_quorum:
        return denied(
            _("No quorum: %(present)d of %(whole)d delegates are there, %(short)d short.")
            % {"present": attendance.present, "whole": attendance.whole, "short": attendance.short}
        )
    return ALLOWED


def may_call_item(user, item, attendance, *, has_polls):
    """Take up an item of the agenda: not while a vote is drawn up, running, or waits to be counted and published."""
    if not (verdict := may_run(user, item.session, attendance)):
        return verdict
    if item.state != ItemState.LISTED:
        return denied(_("This item has been taken up already."))
    if has_polls:
        return denied(_("A vote is under way. Bring it to its published result first."))
    return ALLOWED


def may_pass_stage(user, item, stage, attendance, *, wanted, unanswered):
    """Record that a stage of the running item is done: the next one of its procedure, never a vote by word."""
    if not (verdict := may_run(user, item.session, attendance)):
        return verdict
    if item.state != ItemState.RUNNING:
        return denied(_("This item is not under discussion."))
    if stage in BY_POLL:
        return denied(_("A secret ballot is held in the sealed box; nobody records it by a word."))
    if stage != wanted:
        return denied(_("Another stage comes first."))
    if stage == "opinions" and unanswered:
        return denied(_("%(count)d opinions on this item wait for an answer.") % {"count": unanswered})
    return ALLOWED


def may_defer_item(user, item):
    """Send an item back to be revised by employer and union, where delegates differ widely (Shanghai art. 30)."""
    if not (verdict := may_keep_session(user, item.session)):
        return verdict
    if item.session.state != SessionState.OPEN or item.state not in (ItemState.RUNNING, ItemState.TO_VOTE):
        return denied(_("Only an item under discussion is sent back."))
    return ALLOWED


def may_put_off_item(user, item, attendance):
    """Put an item off because the quorum is missed: only while it is."""
    if not (verdict := may_keep_session(user, item.session)):
        return verdict
    if item.session.state != SessionState.OPEN:
        return denied(_("This session is not open."))
    if item.state not in (ItemState.LISTED, ItemState.RUNNING, ItemState.TO_VOTE):
        return denied(_("This item has been dealt with; it stays as it is."))
    if attendance.is_quorum:
        return denied(_("There is a quorum: the item is dealt with, not put off."))
    return ALLOWED


def may_list_speaker(user, session, item, *, is_there):
    """Put a delegate on the list of speakers: of the item under discussion, who is in the hall."""
    if not (verdict := may_keep_session(user, session)):
        return verdict
    return _floor_is_open(session, item, is_there=is_there)


def may_ask_to_speak(mandate, session, item, *, is_there):
    """Put oneself on the list of speakers: a delegate whose mandate runs and who is in the hall, or online."""
    if mandate is None or mandate.state != MandateState.ACTIVE:
        return denied(_("Only delegates whose mandate runs ask to speak."))
    return _floor_is_open(session, item, is_there=is_there)


def may_withdraw_speech(user, speech):
    """Take oneself off the list of speakers before the word is given."""
    if speech.mandate.person_id != user.pk:
        return denied(_("Only who asked to speak takes it back."))
    if speech.ended_at is None and speech.called_at is not None:
        return denied(_("You have the word; the console notes when you have finished."))
    return ALLOWED


def _floor_is_open(session, item, *, is_there):
    if session.state != SessionState.OPEN or item is None:
        return denied(_("No item is under discussion; there is nothing to speak on."))
    if not is_there:
        return denied(_("Only delegates who are signed in and in the hall speak."))
    return ALLOWED


def may_give_word(user, session, speech, *, is_there):
    """Give somebody on the list the word: while the item is under discussion, to who is there with a mandate."""
    if not (verdict := may_keep_session(user, session)):
        return verdict
    if speech.item.state != ItemState.RUNNING:
        return denied(_("This item is not under discussion."))
    if speech.called_at is not None or speech.ended_at is not None:
        return denied(_("This turn has been given already, or taken off the list."))
    if not is_there:
        return denied(_("Only delegates who are signed in and in the hall speak."))
    return ALLOWED


def may_draw_up_poll(user, session, attendance, items):
    """Draw up a vote on items that wait for one."""
    if not (verdict := may_run(user, session, attendance)):
        return verdict
    if not items:
        return denied(_("No item waits for a vote."))
    return ALLOWED


def may_repeat_poll(user, session_poll):
    """Vote again where a poll was void as a whole."""
    if not (verdict := may_keep_session(user, session_poll.session)):
        return verdict
    result = getattr(session_poll.poll, "result", None)
    if session_poll.session.state != SessionState.OPEN:
        return denied(_("This session is not open."))
    if result is None or not result.is_void:
        return denied(_("Only a void vote is repeated with the same questions."))
    return ALLOWED


def may_add_record(user, session):
    """Keep the scan of a paper that was signed on the session, once it has closed."""
    if not (verdict := may_keep_session(user, session)):
        return verdict
    if session.state not in (SessionState.CLOSED, SessionState.DISCLOSED):
        return denied(_("Signed papers are added once the session has closed."))
    return ALLOWED


def may_read_record(user, record):
    """
    Whether the scan of a signed paper exists for a reader: who keeps the congress; once results are public the staff
    whom it binds, but for the sheet of sign-ins, which has everybody's handwriting.
    """
    session = record.session
    if may_keep_session(user, session):
        return True
    is_public = session.state == SessionState.DISCLOSED and record.kind != RecordKind.SIGN_IN
    return is_public and session.term.unit.covers(user.unit)
