"""
The console of a session: one page for one operator and the keyboard, from the door to the closing.

Every button sends one form to this page. A step that was done already, because
a connection was cut and the form was sent again, changes nothing: the page
comes back as things stand. After each act the focus is where it was.
"""

from django.contrib import messages
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext as _now

from portal.ballots import operations as box
from portal.ballots.enums import PollState
from portal.ballots.queries import issued_count, taken_part_count
from portal.kernel.refusals import Conflict
from portal.kernel.transitions import IllegalTransition
from portal.kernel.verdicts import OperationRefused
from portal.kernel.views import OperationFormView

from ..enums import Stage
from ..forms import console as does
from ..forms.console import ConsoleForm
from ..models import AgendaItem, SessionPoll, Speech
from ..operations import hall, running, speaking
from ..queries import console as reads
from ..queries.agenda import agenda_of
from ..queries.hall import attendance_of, polls_of, sheet_of
from ..queries.minutes import votes_of
from ..rules import hall as rules
from .hall import drawn
from .planning import find_kept
from .sessions import TONES

FOCUS = {
    **dict.fromkeys(does.BY_NAME, "who"),
    **dict.fromkeys(does.ON_SPEECH, "speakers"),
    "defer": "reason",
    "put_off": "step",
}


class HallView(OperationFormView):
    """The console."""

    template_name = "congress/session_hall.html"
    form_class = ConsoleForm

    def dispatch(self, request, *args, **kwargs):
        self.at = timezone.now()
        if request.method in ("GET", "HEAD", "POST"):
            self.session = find_kept(request.user, kwargs["pk"])
        return super().dispatch(request, *args, **kwargs)

    # What is shown ------------------------------------------------------------------------------------------------

    @cached_property
    def shown(self):
        """Return all that the page shows, read once."""
        session, user, at = self.session, self.request.user, self.at
        figures, lines, items, polls = (
            attendance_of(session),
            sheet_of(session, at),
            agenda_of(session),
            polls_of(session),
        )
        console = reads.console_of(user, session, figures=figures, lines=lines, at=at)
        speeches = reads.speakers_of(session)
        return {
            "figures": figures,
            "red": [row for row in drawn(lines) if row["one"].is_barred],
            "items": items,
            "console": console,
            "polls": [_drawn_poll(row, session, user, at) for row in polls],
            "speeches": [{"one": one, "is_over": one.is_over(at)} for one in speeches],
            "stamp": reads.stamp_of(session, figures, console, items, polls, speeches, at),
        }

    def get_context_data(self, **kwargs):
        session, asked = self.session, self.request.GET.get("focus", "who")
        form = kwargs.get("form") or self.get_form()
        focus = next((name for name in ("who", "words", "reason") if name in form.errors), asked)
        if focus in form.fields:
            form.fields[focus].widget.attrs["autofocus"] = True
        console = self.shown["console"]
        return super().get_context_data(
            **{
                "session": session,
                "tone": TONES.get(session.state, "grey"),
                "door": rules.may_sign_in(self.request.user, session, self.at),
                "may_disclose": bool(rules.may_disclose(self.request.user, session)),
                "delegates": reads.delegates_to_name(session),
                "focus": focus,
                "stage": Stage(console.next.stage) if console.next is not None and console.next.stage else None,
                "now": self.at,
                **self.shown,
                **kwargs,
                "form": form,
            }
        )

    def render_to_response(self, context, **kwargs):
        response = super().render_to_response(context, **kwargs)
        response.headers["Cache-Control"] = "no-store"
        return response

    # What is done -------------------------------------------------------------------------------------------------

    def form_valid(self, form):
        do = form.cleaned_data["do"]
        try:
            said = getattr(self, f"do_{do}")(form.cleaned_data)
        except (OperationRefused, Conflict, IllegalTransition) as refusal:
            return self._refused(form, do, refusal)
        if said:
            messages.success(self.request, said)
        return self._back(do)

    def _refused(self, form, do, refusal):
        if isinstance(refusal, Conflict) and do in does.AT_DOOR:  # whoever was quicker: it is as it should be
            messages.info(self.request, str(refusal.reason))
            return self._back(do)
        if form.cleaned_data["seen"] and form.cleaned_data["seen"] != self.shown["stamp"] and do in does.STEPS:
            messages.info(self.request, _now("Something has been done meanwhile. This is how things stand now."))
            return self._back(do)
        reason = getattr(refusal, "reason", "") or self.moved_on()
        form.add_error("who" if do in does.BY_NAME else None, str(reason))
        status = 403 if isinstance(refusal, OperationRefused) else 409
        return self.render_to_response(self.get_context_data(form=form), status=status)

    def _back(self, do):
        address = reverse("congress:session_hall", args=[self.session.pk])
        return redirect(f"{address}?focus={FOCUS.get(do, 'step')}")

    def _act(self, operation, **values):
        return operation(actor=self.request.user, at=timezone.now(), **values)

    def _delegate(self, data):
        found = reads.find_delegate(self.session, data["who"])
        if found.mandate is not None:
            return found
        if found.is_ambiguous:
            raise OperationRefused(_now("Several delegates have this name: type the job number."))
        raise OperationRefused(_now("No delegate of this session has this code, job number or name."))

    def do_sign_in(self, data):
        found = self._delegate(data)
        values = {"code": found.code} if found.code else {"mandate_id": found.mandate.pk}
        self._act(hall.sign_in, session_id=self.session.pk, **values)
        return _now("%(name)s is signed in.") % {"name": found.mandate.name}

    def do_leave(self, data):
        mandate = self._delegate(data).mandate
        row = self._act(hall.sign_out, session_id=self.session.pk, mandate_id=mandate.pk)
        if row is None:
            raise Conflict(_now("%(name)s is not in the hall.") % {"name": mandate.name})
        return _now("%(name)s has left the hall.") % {"name": mandate.name}

    def do_ask(self, data):
        mandate = self._delegate(data).mandate
        self._act(speaking.ask_to_speak, session_id=self.session.pk, mandate_id=mandate.pk)
        return _now("%(name)s is on the list of speakers.") % {"name": mandate.name}

    def _speech(self, data):
        row = Speech.objects.filter(pk=data["speech"] or 0, item__session=self.session).first()
        if row is None:
            raise OperationRefused(_now("This turn is not on the list of speakers."))
        return row.pk

    def do_word(self, data):
        self._act(speaking.give_word, speech_id=self._speech(data))

    def do_spoken(self, data):
        self._act(speaking.end_speech, speech_id=self._speech(data))

    def _item(self, data):
        row = AgendaItem.objects.filter(pk=data["item"], session=self.session).first() if data["item"] else None
        if row is None:
            raise OperationRefused(_now("This item is not on the agenda of this session."))
        return row.pk

    def do_open(self, data):
        self._act(hall.open_session, session_id=self.session.pk)
        return _now("The session is open.")

    def do_call(self, data):
        self._act(running.call_item, item_id=self._item(data))

    def do_stage(self, data):
        self._act(running.pass_stage, item_id=self._item(data), stage=data["stage"], words=data["words"])

    def do_defer(self, data):
        self._act(running.defer_item, item_id=self._item(data), reason=data["reason"])
        return _now("The item goes back.")

    def do_put_off(self, data):
        self._act(running.put_off_item, item_id=self._item(data))
        return _now("The item is put off; it is on record that there was no quorum.")

    def _poll(self, data):
        row = SessionPoll.objects.filter(poll=data["poll"], session=self.session).first() if data["poll"] else None
        if row is None:
            raise OperationRefused(_now("This vote is not one of this session."))
        return row.poll_id

    def do_poll_open(self, data):
        self._act(box.open_poll, poll_id=self._poll(data))
        return _now("The vote is open.")

    def do_poll_close(self, data):
        poll = self._act(box.close_poll, poll_id=self._poll(data))
        if poll.state == PollState.CLOSED:
            return _now("The vote is closed.")
        return _now("Signed. A second person has to sign before the vote closes early.")

    def do_poll_publish(self, data):
        self._act(box.publish_poll, poll_id=self._poll(data))
        return _now("The result is published.")

    def do_close(self, data):
        self._act(hall.close_session, session_id=self.session.pk)
        return _now("The session is closed.")


def _drawn_poll(row, session, user, at):
    row.session = session
    poll = row.poll
    result = poll.result if poll.state in (PollState.COUNTED, PollState.PUBLISHED) else None
    is_closed = poll.state == PollState.CLOSED  # one at most: how many have voted is never shown while it runs
    return {
        "one": row,
        "may_repeat": bool(rules.may_repeat_poll(user, row)),
        "shares": sum(one.has_share for one in poll.scrutineers.all()) if poll.state == PollState.DRAFT else None,
        "taken_part": result.taken_part if result else taken_part_count(poll) if is_closed else None,
        "issued": result.issued if result else issued_count(poll) if is_closed else None,
        "votes": [(part.item, votes_of(row, part)) for part in row.items.all()]
        if poll.state == PollState.PUBLISHED
        else [],
        "until": poll.closes_at if poll.is_open(at) else None,
    }
