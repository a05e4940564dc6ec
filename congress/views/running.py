"""Items in session and the votes on them."""

import datetime as dt

from django.http import Http404
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from portal.kernel.forms import PortalForm

from ..forms.agenda import ReasonForm
from ..forms.hall import AgainForm, StageForm, VoteForm
from ..models import AgendaItem, SessionPoll
from ..operations import running
from ..queries.hall import attendance_of, items_to_vote, next_stage, unanswered
from ..rules import hall as rules
from ..rules.terms import keeps_term
from .base import CongressActView
from .hall import HallActView


class ItemActView(CongressActView):
    """An act on an item in session."""

    name = "item"

    def find(self):
        rows = AgendaItem.objects.select_related("session__term__unit").prefetch_related("stages")
        item = rows.filter(pk=self.kwargs["pk"]).first()
        if item is None or not keeps_term(self.request.user, item.session.term):
            raise Http404
        return item

    def back_url(self):
        return reverse("congress:session_hall", args=[self.thing.session_id])

    def eyebrow(self):
        return self.thing.title


class ItemCallView(ItemActView):
    """Take up an item."""

    form_class = PortalForm
    title = _("Take up the item")
    button = _("Take it up")
    said = _("The item is under discussion.")

    def verdict(self):
        return rules.may_call_item(self.request.user, self.thing, attendance_of(self.thing.session))

    def operate(self, form):
        self.act(running.call_item)
        return self.done()


class ItemStageView(ItemActView):
    """Record the next stage of the running item."""

    form_class = StageForm
    said = _("Recorded.")

    @property
    def title(self):
        stage = next_stage(self.thing)
        return stage.label if stage is not None else _now("All stages are done")

    def verdict(self):
        stage = next_stage(self.thing)
        return rules.may_pass_stage(
            self.request.user,
            self.thing,
            stage,
            attendance_of(self.thing.session),
            wanted=stage,
            unanswered=unanswered(self.thing),
        )

    def get_initial(self):
        stage = next_stage(self.thing)
        return {"stage": stage.value if stage is not None else ""}

    def operate(self, form):
        self.act(running.pass_stage, **form.cleaned_data)
        return self.done()


class ItemDeferView(ItemActView):
    """Send an item back to be revised."""

    form_class = ReasonForm
    may = staticmethod(rules.may_defer_item)
    title = _("Send the item back to be revised")
    lead = _("Where delegates differ widely, employer and union revise it and put it to the congress again.")
    button = _("Send the item back")
    tone = "danger"
    said = _("The item goes back.")

    def operate(self, form):
        self.act(running.defer_item, **form.cleaned_data)
        return self.done()


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
