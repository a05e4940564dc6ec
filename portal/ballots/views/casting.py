"""
Voting by sign-in: my open votes, the ballot, the receipt.

The receipt is the answer to the very request that put the ballot in: an address
of its own would stand in a log beside whoever asked for it.
"""

from functools import partial

from django.http import Http404
from django.shortcuts import render
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.views import View
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters, sensitive_variables
from django.views.generic import TemplateView

from portal.kernel.verdicts import require

from ..enums import Grade, QuestionKind
from ..forms import BallotForm
from ..operations import AlreadyVoted, NoElector, cast_ballot
from ..owners import owner_of
from ..queries import elector_by_sign_in, is_scrutineer_of_any, polls_for, was_handed_paper
from ..rules import is_over, may_vote
from ..wording import grade_words, rule_words, time_left_words
from .receipts import receipt_page

CHECK, CAST, CHANGE = "check", "cast", "change"


def ballot_context(poll, at, **more):
    """Return what every page of a ballot shows."""
    return {
        "poll": poll,
        "grade": grade_words(poll.grade),
        "left": time_left_words(poll, at),
        "has_one_step": is_short(poll.definition),
        "is_by_code": poll.grade == Grade.PRINTED_CODE,
        **more,
    }


def is_short(definition):
    """Whether a ballot is one question with one answer: two taps, without a last look in between."""
    return len(definition.questions) == 1 and definition.questions[0].kind != QuestionKind.ELECTION


def ballot_form(poll, person, data=None):
    """Return the ballot paper of a poll for somebody; an owner may have one of its own."""
    own = owner_of(poll).paper
    return BallotForm(poll.definition, data) if own is None else own(poll, person, data)


def paper(form):
    """Return the questions of a ballot paper with their fields and rules, and by what one is kept while it is blank."""
    return [
        {
            "question": question,
            "fields": partial(form.fields_for, question),
            "rule": partial(rule_words, question),
            "key": (form.definition.sha256, question.code),
        }
        for question in form.questions
    ]


class MineView(TemplateView):
    """The open votes that somebody is on the list of."""

    template_name = "ballots/mine.html"

    def get_context_data(self, **kwargs):
        at = timezone.now()
        polls = list(polls_for(self.request.user, at))
        return super().get_context_data(
            rows=[{"poll": poll, "left": time_left_words(poll, at)} for poll in polls],
            is_scrutineer=is_scrutineer_of_any(self.request.user),
            **kwargs,
        )


@method_decorator([never_cache, sensitive_post_parameters(), sensitive_variables()], name="dispatch")
class BallotView(View):
    """One ballot: filled in, looked over, put in once."""

    http_method_names = ("get", "post", "head", "options")

    def dispatch(self, request, *args, pk, **kwargs):
        self.at = timezone.now()
        elector = elector_by_sign_in(pk, request.user) if request.user.is_authenticated else None
        if elector is None:
            raise Http404
        self.elector, self.poll = elector, elector.poll
        if elector.has_taken_part:
            return self.voted(has_paper=self.poll.definition.has_paper and was_handed_paper(elector))
        return super().dispatch(request, *args, **kwargs)

    def voted(self, *, has_paper=False):
        return self.tell("voted", has_paper=has_paper)

    def tell(self, name, status=200, **context):
        """Show one of the pages without a form, in the owner's words."""
        owner = owner_of(self.poll)
        context |= {"poll": self.poll, "read_url": owner.read(self.poll, self.request.user)}
        return render(self.request, owner.page(name), context, status=status)

    def get(self, request):
        if is_over(self.poll, self.at):
            return self.tell("over")
        if not (verdict := may_vote(request.user, self.poll, self.at)):
            return self.tell("not_now", 403, reason=verdict.reason, door=owner_of(self.poll).door(self.poll))
        return self.show(ballot_form(self.poll, request.user))

    def post(self, request):
        require(may_vote(request.user, self.poll, self.at))
        form = ballot_form(self.poll, request.user, request.POST)
        step = request.POST.get("step")
        if step == CHANGE:
            return self.show(form)
        if not form.is_valid():
            return self.show(form, status=422)
        if step != CAST:
            context = ballot_context(self.poll, self.at, form=form, said=form.in_words(), carried=form.sent())
            context |= form.page_context()
            return render(request, form.check_template, context)
        try:
            tracker = cast_ballot(
                poll_id=self.poll.pk, person=request.user, answers=form.answers(), at=self.at, elector=self.elector
            )
        except AlreadyVoted:
            return self.voted()
        except NoElector:
            raise Http404 from None
        owner = owner_of(self.poll)
        return receipt_page(
            request,
            self.poll,
            tracker,
            template=owner.page("receipt"),
            read_url=owner.read(self.poll, request.user),
            draft_key=form.draft_key,
        )

    def show(self, form, status=200):
        context = ballot_context(self.poll, self.at, form=form, paper=paper(form), **form.page_context())
        return render(self.request, form.paper_template, context, status=status)
