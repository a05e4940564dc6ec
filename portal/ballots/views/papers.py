"""Ballots on paper, at the desk: handed out while the vote is open, entered by two people after it, scanned."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from django.views import View
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters, sensitive_variables

from portal.files.serving import serve
from portal.kernel.refusals import Conflict
from portal.kernel.texts import colon, listing
from portal.kernel.verdicts import OperationRefused

from .. import operations as does
from .. import rules
from ..enums import QuestionKind, Say
from ..forms import IssueForm, PaperForm, ScanForm
from ..models import PaperScan
from ..queries import papers_issued, papers_of, poll_at_desk
from .desk import PollActView

ISSUE, ENTER, SCAN = "issue", "enter", "scan"
SECRETS = [never_cache, sensitive_post_parameters(), sensitive_variables()]


@method_decorator(SECRETS, name="dispatch")
class PapersView(PollActView):
    """Papers of one vote: hand one out, read one, look at what differs, add the scan."""

    template_name = "ballots/papers.html"
    title = _("Ballots on paper")

    def verdict(self):
        poll = self.thing
        if not poll.definition.has_paper:
            return rules.may_add_scan(self.request.user, poll)
        return rules.may_look_in(self.request.user, poll)

    def asked(self):
        """Return which of the three forms was sent; handing out stands first."""
        do = self.request.POST.get("do")
        return do if do in (ENTER, SCAN) else ISSUE

    def get_form(self, form_class=None):
        data, files = self.request.POST or None, self.request.FILES or None
        if self.asked() == ENTER:
            return PaperForm(self.thing.definition, data)
        if self.asked() == SCAN:
            return ScanForm(data, files)
        return IssueForm(data)

    def operate(self, form):
        return {ENTER: self._enter, SCAN: self._scan, ISSUE: self._issue}[self.asked()](form)

    def _issue(self, form):
        person = form.cleaned_data["job_no"]
        try:
            self.act(does.issue_paper, person=person)
        except does.AlreadyVoted:
            raise Conflict(_now("This person has voted, or has a paper, already.")) from None
        except does.NoElector:
            raise OperationRefused(_now("This person is not on the list of this vote.")) from None
        messages.success(self.request, _now("Hand %(name)s a paper.") % {"name": person.name})
        return redirect(self.back_url())

    def _enter(self, form):
        number = form.cleaned_data["number"]
        self.act(does.enter_paper, number=number, answers=form.answers())
        messages.success(self.request, _now("Paper %(number)d is entered.") % {"number": number})
        return redirect(self.back_url())

    def _scan(self, form):
        self.act(does.add_scan, upload=form.cleaned_data["files"][0])
        messages.success(self.request, _now("The scanned papers are added."))
        return redirect(self.back_url())

    def back_url(self):
        return reverse("ballots:papers", args=[self.thing.pk])

    def get_context_data(self, **kwargs):
        poll, user = self.thing, self.request.user
        form = kwargs.pop("form", None)
        bound = {self.asked(): form} if form is not None and form.is_bound else {}
        papers = papers_of(poll)
        scan = PaperScan.objects.filter(poll=poll).select_related("file").first()
        return super().get_context_data(
            form=form or self.get_form(),
            # What was sent is shown with its faults even where its time has passed meanwhile.
            issue=bound.get(ISSUE) or (IssueForm() if poll.is_open(self.at) else None),
            entry=bound.get(ENTER)
            or (PaperForm(poll.definition) if rules.may_enter_papers(user, poll, self.at) else None),
            scan_form=bound.get(SCAN) or (ScanForm() if scan is None and rules.may_add_scan(user, poll) else None),
            scan=scan,
            papers=[_drawn(poll, one) for one in papers],
            waiting=[one.number for one in papers if one.answers is None],
            issued=papers_issued(poll) if not poll.is_open(self.at) else None,
            **kwargs,
        )


def _drawn(poll, paper):
    """Return a paper as the list shows it; readings are shown only where two differ, to whoever decides."""
    readings = [(one.by.name, said(poll, one.answers)) for one in paper.entries] if paper.differs else []
    return {"one": paper, "readings": readings}


def said(poll, answers):
    """Return what a reading says in words, question by question."""
    if not answers:
        return [_now("The paper is void as a whole")]
    lines = []
    for question in poll.definition.questions:
        answer = answers[question.code]
        labels = {option.code: option.label for option in question.options}
        if answer is None:
            text = _now("void for this question")
        elif question.kind == QuestionKind.VOTE:
            text = Say(answer).label
        elif question.kind != QuestionKind.ELECTION:
            text = labels.get(answer, answer)
        elif "marks" in answer:
            text = listing().join([labels[mark] for mark in answer["marks"]] + answer["names"]) or "—"
        else:
            says = [f"{labels[code]} {Say(one).label}" for code, one in answer["says"].items()]
            text = listing().join([*says, *answer["names"]])
        lines.append(f"{question.text}{colon()}{text}")
    return lines


class ScanView(View):
    """The scanned papers, for whoever looks after the vote and its scrutineers."""

    def get(self, request, pk):
        poll = poll_at_desk(request.user, pk)
        scan = PaperScan.objects.filter(poll=poll).select_related("file").first() if poll is not None else None
        if scan is None:
            raise Http404
        return serve(scan.file)
