"""The desk of votes: all of them, one with what can be done now, and the plain acts."""

import datetime as dt

from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.generic import TemplateView

from portal.kernel.forms import PortalForm
from portal.kernel.verdicts import require
from portal.kernel.views import ActView, KeysetListView, OperationFormView
from portal.ledger.history import history_of
from portal.ledger.recording import subject_key

from .. import operations as does
from .. import rules
from ..enums import Grade, PollState
from ..forms import RepeatForm, TrialForm
from ..owners import owner_of
from ..queries import batches_of, issued_count, poll_at_desk, polls_at_desk, taken_part_count, units_of_organiser
from ..trials import TRIAL, trial_definition
from ..wording import grade_words, rule_words, time_left_words


class DeskView(KeysetListView):
    """Votes that somebody looks after or is a scrutineer of."""

    template_name = "ballots/desk.html"
    context_object_name = "polls"
    order = ("-drafted_at", "-id")

    def get_queryset(self):
        return polls_at_desk(self.request.user)

    def get_context_data(self, **kwargs):
        return super().get_context_data(can_draft=bool(rules.may_draft_trial(self.request.user)), **kwargs)

    def dispatch(self, request, *args, **kwargs):
        if not rules.may_draft_trial(request.user) and not polls_at_desk(request.user).exists():
            require(rules.may_draft_trial(request.user))
        return super().dispatch(request, *args, **kwargs)


class TrialView(OperationFormView):
    """Make a test vote."""

    template_name = "ballots/trial.html"
    form_class = TrialForm

    def dispatch(self, request, *args, **kwargs):
        require(rules.may_draft_trial(request.user))
        return super().dispatch(request, *args, **kwargs)

    def get_form_kwargs(self):
        return super().get_form_kwargs() | {"units": units_of_organiser(self.request.user)}

    def operate(self, form):
        values, at = form.cleaned_data, timezone.now()
        poll = does.draft_poll(
            owner_kind=TRIAL,
            owner_id=values["unit"].code,
            title=values["title"],
            grade=values["grade"],
            definition=trial_definition(
                matters=values["matters"],
                candidates=values["candidates"],
                seats=values["seats"] or 0,
                comparator=values["comparator"],
                can_write_in=values["can_write_in"],
                tie_rule=values["tie_rule"],
            ),
            scrutineers=form.scrutineers,
            closes_at=at + dt.timedelta(hours=values["hours"]),
            is_test=True,
            key=values["idempotency_key"],
            actor=self.request.user,
            at=at,
        )
        return redirect("ballots:work", poll.pk)


class PollActView(ActView):
    """One act on one poll; who may not know of its working page gets a 404."""

    name = "poll"
    home = "ballots:work"
    template_name = "ballots/act.html"
    form_class = PortalForm

    def find(self):
        poll = poll_at_desk(self.request.user, self.kwargs["pk"])
        if poll is None:
            raise Http404
        return poll

    def seen(self):
        return self.thing.state


class WorkView(TemplateView):
    """One poll at the desk: where it stands, what comes next, its scrutineers and its history."""

    template_name = "ballots/work.html"

    def get_context_data(self, **kwargs):
        user, at = self.request.user, timezone.now()
        poll = poll_at_desk(user, self.kwargs["pk"])
        if poll is None:
            raise Http404
        is_over = poll.state not in (PollState.DRAFT, PollState.OPEN)
        verdicts = {
            "take_share": rules.may_take_share(user, poll),
            "print_codes": rules.may_print_codes(user, poll),
            "open": rules.may_open(user, poll, at),
            "close": rules.may_close(user, poll, at),
            "count": rules.may_count(user, poll, at),
            "publish": rules.may_publish(user, poll),
            "reset_shares": rules.may_reset_shares(user, poll),
            "void_sheet": rules.may_void_codes(user, poll),
            "repeat": rules.may_repeat(user, poll),
            "discard": rules.may_discard(user, poll),
        }
        return super().get_context_data(
            poll=poll,
            may=verdicts,
            is_manager=bool(rules.may_manage(user, poll)),
            place=owner_of(poll).place(poll),
            owner=owner_of(poll).label,
            owner_url=owner_of(poll).url(poll),
            questions=[{"question": q, "rule": rule_words(q)} for q in poll.definition.questions],
            grade=grade_words(poll.grade),
            left=time_left_words(poll, at) if poll.is_open(at) else "",
            is_open=poll.is_open(at),
            is_due=poll.state == PollState.OPEN and not poll.is_open(at),
            is_by_code=poll.grade == Grade.PRINTED_CODE,
            # Never while it runs: a number that grows says when somebody voted.
            taken_part=taken_part_count(poll) if is_over else None,
            issued=issued_count(poll) if poll.state != PollState.DRAFT else None,
            sheets=batches_of(poll) if poll.grade == Grade.PRINTED_CODE else [],
            has_result=poll.state in (PollState.COUNTED, PollState.PUBLISHED),
            lines=history_of(subject_key(poll), with_time=True, with_all=True),
            **kwargs,
        )


class OpenView(PollActView):
    """Open a vote: everything but its progress is frozen."""

    title = _("Open the vote")
    lead = _("From now on neither questions nor rule nor list can be changed by anybody.")
    button = _("Open the vote now")
    tone = "seal"
    icon = "lock-open"
    said = _("The vote is open.")

    def verdict(self):
        return rules.may_open(self.request.user, self.thing, self.at)

    def operate(self, form):
        self.act(does.open_poll)
        return self.done()


class CloseView(PollActView):
    """Close a vote, or sign for closing it early."""

    title = _("Close the vote")
    lead = _(
        "Before its time a vote closes only when everybody has voted, or with the signatures of two people."
        " It stays sealed."
    )
    button = _("Close, or sign for closing early")
    icon = "lock"

    def verdict(self):
        return rules.may_close(self.request.user, self.thing, self.at)

    def operate(self, form):
        poll = self.act(does.close_poll)
        if poll.state == PollState.CLOSED:
            messages.success(self.request, _("The vote is closed."))
        else:
            messages.info(self.request, _("Signed. A second person has to sign before the vote closes early."))
        return redirect(self.back_url())


class PublishView(PollActView):
    """Show the result to everybody."""

    may = staticmethod(rules.may_publish)
    title = _("Publish the result")
    lead = _("Numbers, rule, receipts and fingerprints, for everybody and for good.")
    button = _("Publish")
    tone = "seal"
    icon = "megaphone"
    said = _("The result is published.")

    def operate(self, form):
        self.act(does.publish_poll)
        return self.done()


class RepeatView(PollActView):
    """Ask the same again in a new vote."""

    form_class = RepeatForm
    may = staticmethod(rules.may_repeat)
    title = _("Vote again")
    lead = _("A new vote with the same questions, rule and scrutineers. This one stays as it is, with its result.")
    button = _("Make the new vote")
    icon = "repeat"

    def operate(self, form):
        until = timezone.now() + dt.timedelta(hours=form.cleaned_data["hours"])
        poll = self.act(does.repeat_poll, closes_at=until, key=form.cleaned_data["idempotency_key"])
        return redirect(reverse("ballots:work", args=[poll.pk]))


class DiscardView(PollActView):
    """Give up a vote that has not opened."""

    may = staticmethod(rules.may_discard)
    title = _("Give up this vote")
    lead = _("It stays in the list, given up; nobody can open it any more.")
    button = _("Give up this vote")
    tone = "danger"
    icon = "trash-2"
    said = _("The vote is given up.")

    def operate(self, form):
        self.act(does.discard_poll)
        return self.done()
