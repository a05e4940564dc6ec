"""An author's own pages: receipt, list, one card with its clock, a further word, a rating."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.views import View
from django.views.generic import TemplateView

from portal.accounts.middleware import public_view
from portal.deadlines.clock import clock_of
from portal.files.serving import serve
from portal.kernel.paging import keyset_page
from portal.kernel.rows import only_one
from portal.kernel.verdicts import OperationRefused

from .. import sealing
from ..enums import OPEN_STATES, InquiryState
from ..forms.author import MessageForm, RateForm
from ..models import Inquiry
from ..operations import add_author_message, rate_inquiry
from ..queries import delivered_replies, inquiries_of, is_rated, matter_for_author, numbered
from ..rules import is_author, may_see_page
from .receipts import receipt_context
from .standing import author_context, state_badge

PAGE_SIZE = 20


def own_inquiry(person, number, *, is_full=True):
    """
    Return the author's own inquiry of a number.

    :raises Http404: when there is none; somebody else's card does not exist for this reader.
    """
    rows = numbered(number, Inquiry.objects.all())
    inquiry = matter_for_author(rows) if is_full else only_one(rows.select_related("promise", "unit"))
    if inquiry is None or not is_author(person, inquiry):
        raise Http404
    return inquiry


class ReceiptView(TemplateView):
    """The receipt of a named or confidential card; its author may open it again at any time."""

    template_name = "feedback/receipt.html"

    def get_context_data(self, number, **kwargs):
        inquiry = own_inquiry(self.request.user, number, is_full=False)
        code = sealing.receipt_code(inquiry.idempotency_key)
        context = receipt_context(self.request, inquiry, code, timezone.now())
        return super().get_context_data(**context, is_again="again" in self.request.GET, **kwargs)


class MineView(TemplateView):
    """The cards of the person signed in, newest first, with their clocks."""

    template_name = "feedback/mine.html"
    tabs = {
        "open": OPEN_STATES,
        "answered": (InquiryState.ANSWERED,),
        "done": (InquiryState.TRACKED, InquiryState.CLOSED),
    }

    def get_context_data(self, **kwargs):
        request, at = self.request, timezone.now()
        state = request.GET.get("state", "")
        rows = inquiries_of(request.user).select_related("promise", "unit")
        if state in self.tabs:
            rows = rows.filter(state__in=self.tabs[state])
        else:
            state = ""
        page = keyset_page(rows, order=("-year", "-serial"), token=request.GET.get("after", ""), size=PAGE_SIZE)
        labels = {"": _("all"), "open": _("being handled"), "answered": _("to be rated by me"), "done": _("finished")}
        return super().get_context_data(
            page=page,
            rows=[card_row(inquiry, at) for inquiry in page],
            state=state,
            tabs=[
                {"label": labels[key], "url": f"?state={key}" if key else "?", "is_current": key == state}
                for key in labels
            ],
            **kwargs,
        )


def card_row(inquiry, at):
    """Return a row of the author's list: the card, its clock and what is asked of the author."""
    clock = clock_of(inquiry.promise, at)
    wish = ""
    if inquiry.promise.paused_on is not None and clock.is_open:
        wish = _("Please add what is missing")
    elif inquiry.state == InquiryState.ANSWERED:
        wish = _("Please rate the answer")
    return {
        "inquiry": inquiry,
        "clock": clock,
        "sentence": clock.sender_sentence,
        "badge": state_badge(inquiry),
        "wish": wish,
        "url": reverse("feedback:own", args=[inquiry.number]),
    }


class OwnView(View):
    """One card for its author: everything but who handles it by name, and the two forms an author may send."""

    def get(self, request, number):
        return self.show(own_inquiry(request.user, number))

    def post(self, request, number):
        at, inquiry = timezone.now(), own_inquiry(request.user, number)
        answer = act_as_author(request.POST, inquiry, at)
        if answer.form is not None:
            return self.show(inquiry, status=answer.status, **{answer.name: answer.form})
        messages.success(request, answer.sentence)
        return redirect("feedback:own", number=inquiry.number)

    def show(self, inquiry, *, status=200, **forms):
        context = author_context(inquiry, timezone.now(), **forms)
        form = next(iter(forms.values()), None)
        return render(self.request, "feedback/own.html", {**context, "form": form}, status=status)


class Answer:
    """What became of an author's act: a sentence, or the form with its faults."""

    def __init__(self, *, sentence="", name="", form=None, status=200):
        self.sentence, self.name, self.form, self.status = sentence, name, form, status


def act_as_author(data, inquiry, at):
    """
    Do what a form of an author's page asks, the same for sessions and for number and code; sending twice does it once.

    An operation that refuses gives its reason on the form, with what was typed.
    """
    if data.get("act") == "rate":
        name, form = "rate_form", RateForm(data)
    else:
        name, form = "message_form", MessageForm(data)
    if not form.is_valid():
        return Answer(name=name, form=form)
    given = form.cleaned_data
    thanks = Answer(sentence=_("Thank you. Your rating has been recorded."))
    try:
        if name == "rate_form":
            if not is_rated(inquiry, given["round"]):
                rate_inquiry(inquiry_id=inquiry.pk, level=given["level"], comment=given["comment"], at=at)
            return thanks
        add_author_message(inquiry_id=inquiry.pk, text=given["text"], idempotency_key=given["idempotency_key"], at=at)
        return Answer(sentence=_("Your words have been added."))
    except OperationRefused as refusal:
        if name == "rate_form" and is_rated(inquiry, given["round"]):
            return thanks  # by the same press a moment earlier, which began the next round
        form.add_error(None, str(refusal.reason))
        return Answer(name=name, form=form, status=403)


class OwnFileView(View):
    """A file of the author's card, or of the reply to it."""

    def get(self, request, number, file_id):
        return file_for_author(own_inquiry(request.user, number), file_id)


def file_for_author(inquiry, file_id):
    """
    Hand out a file of a matter to its author: what the author sent, and what came with a delivered reply.

    :raises Http404: for anything else.
    """
    delivered = {reply.pk for reply in delivered_replies(inquiry)}
    for held in inquiry.files.all():
        if str(held.file_id) == str(file_id) and (held.reply_id is None or held.reply_id in delivered):
            return serve(held.file)
    if inquiry.merged_into_id is not None:
        for held in inquiry.merged_into.files.all():
            if str(held.file_id) == str(file_id) and held.reply_id in delivered:
                return serve(held.file)
    raise Http404


@method_decorator(public_view, name="dispatch")
class GoView(View):
    """Send each reader of a notice or an explanation to the page of the matter that is theirs."""

    def get(self, request, pk):
        inquiry = get_object_or_404(
            Inquiry.objects.select_related("unit", "unit__parent", "lead_unit", "about_unit"), pk=pk
        )
        user = request.user
        if user.is_authenticated:
            if is_author(user, inquiry):
                return redirect("feedback:own", number=inquiry.number)
            if may_see_page(user, inquiry):
                return redirect("feedback:work", number=inquiry.number)
        return redirect("feedback:public", number=inquiry.number)
