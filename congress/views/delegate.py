"""What a delegate sees of a session on the phone: papers, receipt, opinions, the code for the door."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from django.views import View
from django.views.generic import TemplateView

from portal.ballots.queries import polls_for
from portal.exports.qr import qr_svg
from portal.files.serving import serve
from portal.kernel.forms import PortalForm

from ..enums import SessionState
from ..forms.agenda import ItemOpinionForm
from ..models import AgendaItem, Delivery, Paper, PaperRead
from ..operations.agenda import confirm_receipt, give_opinion, read_paper
from ..queries.agenda import agenda_of, delegate_of, head_of, opinions_of, papers_of
from ..queries.hall import in_the_hall
from ..queries.speaking import turn_of
from ..rules import agenda as rules
from ..rules.hall import may_sign_in_online
from ..wording import when_of
from .base import CongressActView
from .sessions import TONES, find_session


def find_own(user, session):
    """Return somebody's running mandate of a session that has been convened; everything else is a 404."""
    mandate = delegate_of(session.term_id, user)
    if mandate is None or not rules.is_public_agenda(session):
        raise Http404
    return mandate


class MySessionView(TemplateView):
    """A session as its delegate has it."""

    template_name = "congress/my_session.html"

    def get_context_data(self, **kwargs):
        user = self.request.user
        session = find_session(self.kwargs["pk"])
        mandate = find_own(user, session)
        delivery = Delivery.objects.filter(session=session, mandate=mandate).first()
        if delivery is not None:
            delivery.session = session
        code = delivery.code if delivery is not None and session.closed_at is None else ""
        is_there = session.closed_at is None and in_the_hall(session).filter(mandate=mandate).exists()
        items = agenda_of(session)
        said = {}
        for opinion in opinions_of(session).filter(mandate=mandate):
            said.setdefault(opinion.item_id, []).append(opinion)
        return super().get_context_data(
            session=session,
            tone=TONES.get(session.state, "grey"),
            when=when_of(session),
            delivery=delivery,
            may_confirm=bool(rules.may_confirm_receipt(delivery)),
            code=code,
            may_sign_in=not is_there and bool(may_sign_in_online(mandate, session, timezone.now())),
            is_there=is_there,
            qr=qr_svg(code, label=_now("Code for the door")) if code else "",
            items=[_drawn(_with(item, session), mandate, said.get(item.pk, [])) for item in items],
            votes=votes_of(session, user, timezone.now()) if session.state == SessionState.OPEN else [],
            papers=papers_of(session),
            turn=turn_of(session, mandate),
            **kwargs,
        )


def _drawn(item, mandate, said):
    may_give = rules.may_give_opinion(mandate, item, is_collective=False, is_head=False)
    return {"one": item, "said": said, "may_give": bool(may_give)}


def votes_of(session, user, at):
    """Return the polls of a session in which this person may still vote."""
    ours = set(session.polls.values_list("poll_id", flat=True))
    return [poll for poll in polls_for(user, at) if poll.pk in ours and not poll.has_voted]


def _with(item, session):
    item.session = session
    return item


class ReceiptView(CongressActView):
    """Say that agenda and papers have come."""

    name = "session"
    form_class = PortalForm
    title = _("Confirm that agenda and papers have come")
    button = _("I have received them")
    said = _("Thank you. Your word is kept with the proof of delivery.")

    def find(self):
        session = find_session(self.kwargs["pk"])
        self.mandate = find_own(self.request.user, session)
        return session

    def verdict(self):
        return rules.may_confirm_receipt(Delivery.objects.filter(session=self.thing, mandate=self.mandate).first())

    def back_url(self):
        return reverse("congress:my_session", args=[self.thing.pk])

    def eyebrow(self):
        return self.thing.title

    def operate(self, form):
        self.act(confirm_receipt)
        return self.done()


class OpinionNewView(CongressActView):
    """Say something about an item of the agenda."""

    name = "item"
    form_class = ItemOpinionForm
    title = _("Give an opinion")
    lead = _("The union collates what delegations and delegates say, and answers before the vote.")
    button = _("Give the opinion")
    icon = "send"
    said = _("Your opinion has been recorded.")

    def find(self):
        item = AgendaItem.objects.select_related("session__term__unit").filter(pk=self.kwargs["pk"]).first()
        if item is None:
            raise Http404
        self.mandate = find_own(self.request.user, item.session)
        self.is_head = head_of(self.mandate) is not None
        return item

    def verdict(self):
        return rules.may_give_opinion(self.mandate, self.thing, is_collective=False, is_head=self.is_head)

    def get_form_kwargs(self):
        return {**super().get_form_kwargs(), "is_head": self.is_head}

    def back_url(self):
        return reverse("congress:my_session", args=[self.thing.session_id])

    def eyebrow(self):
        return self.thing.title

    def operate(self, form):
        data = form.cleaned_data
        self.act(
            give_opinion,
            text=data["text"],
            is_collective=data.get("is_collective", False),
            idempotency_key=data["idempotency_key"],
        )
        return self.done()


def find_paper(user, pk):
    """Return a paper that this person reads; everything else is a 404."""
    paper = Paper.objects.select_related("session__term__unit", "item", "file").filter(pk=pk).first()
    if paper is None or not rules.may_read_papers(delegate_of(paper.session.term_id, user), user, paper.session):
        raise Http404
    return paper


class PaperView(TemplateView):
    """One paper."""

    template_name = "congress/paper.html"

    def get_context_data(self, **kwargs):
        paper = find_paper(self.request.user, self.kwargs["pk"])
        mandate = delegate_of(paper.session.term_id, self.request.user)
        may_mark = bool(rules.may_mark_read(mandate, paper.session))
        read = PaperRead.objects.filter(paper=paper, mandate=mandate).first() if may_mark else None
        return super().get_context_data(paper=paper, may_mark=may_mark, read=read, **kwargs)

    def post(self, request, pk):
        """Say that the paper has been read, and go on to what is left."""
        paper = find_paper(request.user, pk)
        read_paper(paper_id=paper.pk, actor=request.user, at=timezone.now())
        messages.success(request, _now("Noted as read."))
        return redirect("congress:mine")


class PaperFileView(View):
    """The file of a paper."""

    def get(self, request, pk):
        paper = find_paper(request.user, pk)
        if paper.file is None:
            return redirect("congress:paper", paper.pk)
        return serve(paper.file)
