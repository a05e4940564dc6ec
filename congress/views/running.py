"""Votes in session: drawn up, held again where one was void."""

import datetime as dt

from django.http import Http404
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from ..forms.hall import AgainForm, VoteForm
from ..models import SessionPoll
from ..operations import running
from ..queries.hall import attendance_of, items_to_vote
from ..rules import hall as rules
from ..rules.terms import keeps_term
from .base import CongressActView
from .hall import HallActView


class VoteNewView(HallActView):
    """Draw up a secret ballot on the items that wait."""

    form_class = VoteForm
    title = _("Draw up a secret ballot")
    lead = _("It opens once the three scrutineers have taken up their shares and no line of the validity sheet is red.")
    button = _("Draw up the ballot")
    icon = "vote"

    def verdict(self):
        waiting = items_to_vote(self.thing)
        return rules.may_draw_up_poll(self.request.user, self.thing, attendance_of(self.thing), waiting)

    def get_form_kwargs(self):
        return {**super().get_form_kwargs(), "items": items_to_vote(self.thing)}

    def get_initial(self):
        waiting = items_to_vote(self.thing)
        return {"items": [str(one.pk) for one in waiting], "title": _now("Vote of the congress")}

    def operate(self, form):
        data = form.cleaned_data
        row = self.act(
            running.draw_up_poll,
            items=form.chosen(),
            title=data["title"],
            grade=data["grade"],
            scrutineers=form.scrutineers,
            closes_at=timezone.now() + dt.timedelta(minutes=data["minutes"]),
            key=data["idempotency_key"],
            has_paper=data["has_paper"],
        )
        return redirect("ballots:work", row.poll_id)


class VoteAgainView(CongressActView):
    """Vote again where a poll was void."""

    name = "session_poll"
    form_class = AgainForm
    may = staticmethod(rules.may_repeat_poll)
    title = _("Vote again")
    lead = _("The vote was void as a whole. The new one has the same questions and is linked to the void one.")
    button = _("Make the new vote")
    icon = "repeat"

    def find(self):
        rows = SessionPoll.objects.select_related("session__term__unit", "poll__result")
        row = rows.filter(pk=self.kwargs["pk"]).first()
        if row is None or not keeps_term(self.request.user, row.session.term):
            raise Http404
        return row

    def back_url(self):
        return reverse("congress:session_hall", args=[self.thing.session_id])

    def eyebrow(self):
        return self.thing.poll.title

    def operate(self, form):
        data = form.cleaned_data
        until = timezone.now() + dt.timedelta(minutes=data["minutes"])
        row = self.act(running.repeat_poll, closes_at=until, key=data["idempotency_key"])
        return redirect("ballots:work", row.poll_id)
