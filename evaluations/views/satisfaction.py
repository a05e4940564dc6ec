"""The yearly satisfaction poll: drawn up by the union, answered in the sealed box, published once."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic import TemplateView

from portal.accounts.queries import rule_value
from portal.ballots.enums import PollState
from portal.kernel.days import local_day
from portal.kernel.paging import keyset_page
from portal.kernel.verdicts import require
from portal.kernel.views import OperationFormView
from portal.ledger.history import history_of
from portal.ledger.recording import subject_key

from .. import satisfaction_numbers as numbers
from ..forms.satisfaction import SatisfactionForm
from ..operations.reminding import remind_satisfaction
from ..operations.satisfaction import draw_up_satisfaction
from ..queries.satisfaction import (
    open_for,
    polls_on_desk,
    published_polls,
    result_of,
    satisfaction_for,
    shown_whole,
    units_to_poll,
)
from ..rules.satisfaction import may_poll_staff, may_remind_staff
from ..satisfaction_policy import statement
from .base import AppraisalActView

LONGEST, PAGE_SIZE = 100, 20
TONES = {
    PollState.DRAFT: "grey",
    PollState.OPEN: "green",
    PollState.CLOSED: "yellow",
    PollState.COUNTED: "blue",
    PollState.PUBLISHED: "ink",
    PollState.DISCARDED: "grey",
}


class SatisfactionsView(TemplateView):
    """What is open for the reader, what was published, and for the union what it looks after."""

    template_name = "evaluations/satisfaction/list.html"

    def get_context_data(self, **kwargs):
        user, at = self.request.user, timezone.now()
        may_poll = bool(may_poll_staff(user))
        token = self.request.GET.get("after", "")
        page = keyset_page(published_polls(), order=("-year", "unit__path", "id"), token=token, size=PAGE_SIZE)
        desk = polls_on_desk(user)[:LONGEST] if may_poll else []
        return super().get_context_data(
            open_rows=list(open_for(user, at)[:LONGEST]),
            page=page,
            published=[{"row": row, "whole": shown_whole(row)} for row in page],
            own=[{"row": row, "tone": TONES[row.poll.state]} for row in desk],
            may_poll=may_poll,
            **kwargs,
        )


class SatisfactionView(TemplateView):
    """One poll: how it is kept secret, the way to the form, what came of it."""

    template_name = "evaluations/satisfaction/detail.html"

    def get_context_data(self, **kwargs):
        user, at = self.request.user, timezone.now()
        row = satisfaction_for(user, self.kwargs["pk"])
        if row is None:
            raise Http404
        is_open = row.poll.is_open(at)
        return super().get_context_data(
            row=row,
            tone=TONES[row.poll.state],
            is_open=is_open,
            may_fill_in=is_open and row.is_on_list and not row.has_sent,
            result=result_of(row) if row.published_at else None,
            turnout=row.poll.result if row.published_at else None,
            statement=statement(row),
            may_remind=bool(may_remind_staff(user, row, at)),
            may_manage=bool(may_poll_staff(user, row.unit)),
            lines=history_of(subject_key(row)),
            **kwargs,
        )


class SatisfactionRemindView(AppraisalActView):
    """Remind everybody who is asked."""

    name = "satisfaction"
    home = "evaluations:satisfaction"
    title = gettext_lazy("Remind everybody on the list")
    lead = gettext_lazy("Whoever has sent a form gets it too: nobody looks who has and who has not.")
    button = gettext_lazy("Remind all")
    icon = "bell"
    said = gettext_lazy("Everybody on the list was reminded.")

    def find(self):
        row = satisfaction_for(self.request.user, self.kwargs["pk"])
        if row is None:
            raise Http404
        return row

    def eyebrow(self):
        return str(self.thing)

    def verdict(self):
        return may_remind_staff(self.request.user, self.thing, self.at)

    def operate(self, form):
        self.act(remind_satisfaction)
        return self.done()


class SatisfactionNewView(OperationFormView):
    """Draw up the satisfaction poll of a unit."""

    form_class = SatisfactionForm
    template_name = "evaluations/satisfaction/new.html"

    def dispatch(self, request, *args, **kwargs):
        require(may_poll_staff(request.user))
        self.at = timezone.now()
        return super().dispatch(request, *args, **kwargs)

    def get_form_kwargs(self):
        return {
            **super().get_form_kwargs(),
            "units": list(units_to_poll(self.request.user)),
            "today": local_day(self.at),
            "longest": rule_value(numbers.LONGEST_DAYS, unit=None, at=self.at),
        }

    def operate(self, form):
        row = draw_up_satisfaction(
            unit=form.cleaned_data["unit"],
            scrutineers=form.scrutineers,
            closes_at=form.closes_at,
            key=form.cleaned_data["idempotency_key"],
            actor=self.request.user,
            at=timezone.now(),
        )
        messages.success(
            self.request, _("The poll is drawn up. Once the scrutineers have taken up their shares, open it.")
        )
        return redirect("ballots:work", row.poll_id)

    def get_context_data(self, **kwargs):
        return super().get_context_data(year=local_day(self.at).year, **kwargs)
