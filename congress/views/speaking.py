"""The list of speakers on a delegate's phone: ask for the word, see one's place in the queue, take it back."""

from django.http import Http404
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from portal.kernel.forms import PortalForm
from portal.kernel.verdicts import ALLOWED, denied

from ..models import Speech
from ..operations.speaking import ask_for_word, withdraw_speech
from ..queries.hall import in_the_hall
from ..queries.speaking import turn_of
from ..rules import hall as rules
from .base import CongressActView
from .delegate import find_own
from .sessions import find_session


class SpeakView(CongressActView):
    """
    What is under discussion, who speaks, how many come before; the button asks for the word.

    Whoever waits looks at this page the whole time, so it stands also when nothing is under discussion, and says so.
    """

    name = "session"
    form_class = PortalForm
    template_name = "congress/speak.html"
    title = _("Speak")
    button = _("Ask to speak")
    icon = "megaphone"
    said = _("You are on the list of speakers. You are told when you have the word.")

    def find(self):
        session = find_session(self.kwargs["pk"])
        self.mandate = find_own(self.request.user, session)
        return session

    def verdict(self):
        return ALLOWED

    @cached_property
    def turn(self):
        """Return where the delegate stands, read once."""
        return turn_of(self.thing, self.mandate)

    def may_ask(self):
        """Return the rule's answer for the button."""
        is_there = in_the_hall(self.thing).filter(mandate=self.mandate).exists()
        return rules.may_ask_to_speak(self.mandate, self.thing, self.turn.item, is_there=is_there)

    def back_url(self):
        return reverse("congress:mine")

    def eyebrow(self):
        return self.thing.title

    def get_context_data(self, **kwargs):
        return super().get_context_data(turn=self.turn, may_ask=self.may_ask(), **kwargs)

    def render_to_response(self, context, **kwargs):
        response = super().render_to_response(context, **kwargs)
        response.headers["Cache-Control"] = "no-store"
        return response

    def operate(self, form):
        self.act(ask_for_word)
        return self.done()

    def done(self):
        super().done()
        return redirect("congress:speak", self.thing.pk)


class SpeechWithdrawView(CongressActView):
    """Take oneself off the list of speakers."""

    name = "speech"
    form_class = PortalForm
    title = _("Take it back that you ask to speak")
    button = _("I do not want to speak")
    icon = "x"
    said = _("You are off the list of speakers.")

    def find(self):
        rows = Speech.objects.select_related("mandate", "item__session")
        speech = rows.filter(pk=self.kwargs["pk"], mandate__person=self.request.user).first()
        if speech is None:
            raise Http404
        return speech

    def verdict(self):
        if self.thing.ended_at is not None:
            return denied(_now("This turn is over: you are not on the list of speakers."))
        return rules.may_withdraw_speech(self.request.user, self.thing)

    def back_url(self):
        return reverse("congress:speak", args=[self.thing.item.session_id])

    def eyebrow(self):
        return self.thing.item.title

    def operate(self, form):
        self.act(withdraw_speech)
        return self.done()
