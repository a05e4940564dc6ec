"""The reply from its first line to its delivery."""

from django.contrib import messages
from django.http import JsonResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.generic import View
from django.views.generic.edit import FormView

from portal.accounts.queries import rule_value
from portal.kernel.days import LOCAL, local_day
from portal.kernel.refusals import Conflict
from portal.kernel.transitions import IllegalTransition
from portal.kernel.verdicts import OperationRefused, require

from .. import numbers
from ..enums import DeliveryChannel, InquiryState, Outcome, ReplyState
from ..forms.desk import ConfirmForm
from ..forms.reply import DeliverForm, DeliverManyForm, ReplyForm, SendBackForm
from ..operations import approve_reply, deliver_reply, save_reply_draft, send_back_reply, submit_reply
from ..queries import current_reply, replies_to_deliver, templates_for
from ..rules import may_approve, may_deliver, may_draft, may_send_back
from .acts import ActView, seen_of
from .reading import find_inquiry
from .triage import may_triage
from .work import may_ask_extension, pending_extension

S = InquiryState


def base_of(reply):
    """Return what an open editor remembers of the draft it began with."""
    return reply.saved_at.isoformat() if reply else ""


def check_base(reply, base, user):
    """
    Refuse to write over what somebody else has saved since the editor was opened.

    :raises Conflict: with who it was.
    """
    if reply is None or reply.drafted_by_id == user.pk:
        return
    known = parse_datetime(base) if base and len(base) < 40 else None
    if known is None or known < reply.saved_at:
        raise Conflict(
            gettext("%(name)s has saved a draft meanwhile. Copy what you need, then open the editor anew.")
            % {"name": reply.drafted_by.name}
        )


class ReplyView(ActView):
    """The editor: card beside the reply, templates, draft, preview, and sending for approval."""

    template_name = "feedback/desk_reply.html"
    form_class = ReplyForm
    may = staticmethod(may_draft)
    said = _("The reply waits for approval now.")
    title = _("Write the reply")

    def get_form_kwargs(self):
        self.pressed = self.request.POST.get("act", "")
        return {
            **super().get_form_kwargs(),
            "templates": templates_for(self.inquiry),
            "is_sending": self.pressed == "send",
            "least": rule_value(numbers.LEAST_REPLY, unit=self.inquiry.lead_unit, at=self.at),
            "longest": rule_value(numbers.LONGEST_PROMISE, unit=self.inquiry.lead_unit, at=self.at),
            "today": local_day(self.at),
        }

    def get_initial(self):
        reply = current_reply(self.inquiry)
        asked = self.request.GET.get("template", "")
        chosen = (
            templates_for(self.inquiry).filter(pk=int(asked)).first()
            if asked.isascii() and asked.isdigit() and len(asked) < 10
            else None
        )
        if reply is None:
            return {"template": chosen, "text": chosen.text if chosen else ""}
        return {
            "text": reply.text or (chosen.text if chosen else ""),
            "measures": reply.measures,
            "outcome": reply.outcome,
            "promised_on": reply.promised_on,
            "template": chosen or reply.template,
            "base": base_of(reply),
        }

    def post(self, request, *args, **kwargs):
        form = self.get_form()
        if self.pressed == "template":
            return self._use_template(form)
        if self.pressed == "preview":
            form.is_valid()
            return self.render_to_response(self.get_context_data(form=form, preview=self._preview(form)))
        return super().post(request, *args, **kwargs)

    def _use_template(self, form):
        """Put the template's text where the reply is written; nothing typed is lost and nothing is saved."""
        form.is_valid()
        template = form.cleaned_data.get("template")
        if template is None:
            form.add_error("template", _("Choose a template first."))
            return self.render_to_response(self.get_context_data(form=form))
        typed = (form.cleaned_data.get("text") or "").strip()
        data = self.request.POST.copy()
        data["text"] = f"{typed}\n\n{template.text}" if typed and template.text not in typed else typed or template.text
        filled = self.form_class(**{**self.get_form_kwargs(), "data": data})
        filled.is_valid()
        return self.render_to_response(self.get_context_data(form=filled))

    def _preview(self, form):
        cleaned = getattr(form, "cleaned_data", {})
        return {
            "text": cleaned.get("text", ""),
            "measures": cleaned.get("measures", ""),
            "outcome": Outcome(cleaned["outcome"]).label if cleaned.get("outcome") else "",
            "promised_on": cleaned.get("promised_on"),
        }

    def operate(self, form):
        user, now = self.request.user, timezone.now()
        check_base(current_reply(self.inquiry), form.cleaned_data.get("base"), user)
        if self.pressed == "send":
            submit_reply(
                inquiry_id=self.inquiry.pk,
                **form.content(),
                files=form.cleaned_data.get("files") or (),
                actor=user,
                at=now,
            )
            return self.done()
        save_reply_draft(inquiry_id=self.inquiry.pk, **form.content(), actor=user, at=now)
        messages.success(self.request, _("The draft is saved. It has not been sent."))
        return redirect("feedback:reply", self.inquiry.number)

    def is_done(self, inquiry, form):
        reply = current_reply(inquiry)
        return bool(
            self.pressed == "send"
            and inquiry.state == S.DRAFTED
            and reply
            and reply.drafted_by_id == self.request.user.pk
            and reply.text == form.content()["text"]
        )

    def get_context_data(self, **kwargs):
        reply = current_reply(self.inquiry)
        return super().get_context_data(
            **{
                "reply": reply,
                "saved_at": reply.saved_at.astimezone(LOCAL) if reply else None,
                "has_templates": self.get_form_templates(kwargs.get("form")),
                "may_extend": may_ask_extension(
                    self.request.user, self.inquiry, pending_extension(self.inquiry), self.at
                ),
                "messages_of": list(self.inquiry.messages.all()),
                "contributions": [
                    part for part in self.inquiry.assignments.all() if part.contribution and part.ended_on is None
                ],
                "parts": [part for part in self.inquiry.assignments.all() if part.ended_on is None],
                **kwargs,
            }
        )

    def get_form_templates(self, form):
        """Whether there is any template to offer; asked of the form's own rows."""
        return form is None or len(form.fields["template"].choices) > 1


class ReplyDraftView(View):
    """Keep the draft while it is being written; answers with the time for the line "last saved"."""

    http_method_names = ["post"]

    def post(self, request, number):
        now = timezone.now()
        inquiry = find_inquiry(request.user, number)
        form = ReplyForm(request.POST, templates=templates_for(inquiry))
        # A day typed half or a text too long is no reason to lose the rest: what is right is kept.
        form.is_valid()
        try:
            check_base(current_reply(inquiry), form.cleaned_data.get("base"), request.user)
            reply = save_reply_draft(
                inquiry_id=inquiry.pk, **_kept(form, current_reply(inquiry)), actor=request.user, at=now
            )
        except (OperationRefused, Conflict) as refusal:
            return JsonResponse({"refused": str(refusal.reason)}, status=409)
        said = gettext("Draft saved on the server at %(time)s; not sent yet.") % {
            "time": now.astimezone(LOCAL).strftime("%H:%M:%S")
        }
        return JsonResponse({"said": said, "base": base_of(reply)})


def _kept(form, reply):
    content = form.content()
    if reply is not None:
        for name in ("text", "measures", "promised_on", "outcome"):
            if name in form.errors:
                content[name] = getattr(reply, name)
    return content


class SendBackView(ActView):
    """Give the draft back, with what has to be changed."""

    form_class = SendBackForm
    template_name = "feedback/desk_approve.html"
    title = _("Send the draft back")
    lead = _("The draft goes back to whoever wrote it. The clock runs on.")
    button = _("Send back")
    tone = "secondary"
    icon = "corner-up-left"
    said = _("The draft has been sent back.")

    def verdict(self, inquiry):
        return may_send_back(self.request.user, inquiry, current_reply(inquiry))

    def operate(self, form):
        send_back_reply(
            inquiry_id=self.inquiry.pk, note_text=form.cleaned_data["note"], actor=self.request.user, at=timezone.now()
        )
        return self.done()

    def is_done(self, inquiry, form):
        reply = current_reply(inquiry)
        return bool(reply and reply.state == ReplyState.DRAFT and reply.sent_back_note == form.cleaned_data["note"])

    def get_context_data(self, **kwargs):
        return super().get_context_data(**{"reply": current_reply(self.inquiry), **kwargs})


class ApproveView(ActView):
    """Read the reply as the worker will, and approve it."""

    form_class = ConfirmForm
    template_name = "feedback/desk_approve.html"
    title = _("Approve the reply")
    lead = _("From here on the text is fixed. It counts as an answer only when it has reached the workers.")
    button = _("Approve")
    busy = _("Approving…")
    icon = "stamp"
    said = _("The reply is approved. It still has to be delivered.")

    def verdict(self, inquiry):
        return may_approve(self.request.user, inquiry, current_reply(inquiry))

    def operate(self, form):
        shown = self.request.POST.get("seen", "")
        if (
            shown
            and shown != f"{seen_of(self.inquiry)}.{base_of(current_reply(self.inquiry))}"
            and self.verdict(self.inquiry)
        ):
            # Another draft than the one that was read must not be approved unread.
            raise Conflict(gettext("The reply was changed after you opened it. Please read it again."))
        approve_reply(inquiry_id=self.inquiry.pk, actor=self.request.user, at=timezone.now())
        return self.done()

    def is_done(self, inquiry, form):
        reply = current_reply(inquiry)
        return bool(
            reply
            and reply.approved_by_id == self.request.user.pk
            and reply.state in (ReplyState.APPROVED, ReplyState.DELIVERED)
        )

    def get_context_data(self, **kwargs):
        reply = current_reply(self.inquiry)
        send_back = may_send_back(self.request.user, self.inquiry, reply)
        return super().get_context_data(
            **{"reply": reply, "may_send_back": send_back, **kwargs}
            | {"seen": f"{seen_of(self.inquiry)}.{base_of(reply)}"}
        )


def channels_for(user, inquiry):
    """Return the channels by which this person may record a delivery."""
    return [code for code in DeliveryChannel.values if may_deliver(user, inquiry, code)]


class DeliverView(ActView):
    """Record that the reply reached the workers: this, and nothing before it, keeps the promise."""

    form_class = DeliverForm
    template_name = "feedback/desk_deliver.html"
    title = _("Record the delivery")
    button = _("Record the delivery")
    busy = _("Recording…")
    icon = "megaphone"
    tone = "seal"
    said = _("The delivery is recorded: the matter counts as answered, and its author is asked for a rating.")

    def verdict(self, inquiry):
        return may_deliver(self.request.user, inquiry, DeliveryChannel.PORTAL)

    def get_form_kwargs(self):
        reply = current_reply(self.inquiry)
        return {
            **super().get_form_kwargs(),
            "today": local_day(self.at),
            "approved_on": reply.approved_on if reply else None,
            "channels": channels_for(self.request.user, self.inquiry) if self.inquiry.state == S.APPROVED else None,
        }

    def get_initial(self):
        return {"channel": DeliveryChannel.PORTAL, "delivered_on": local_day(self.at)}

    def operate(self, form):
        deliver_reply(inquiry_id=self.inquiry.pk, **form.cleaned_data, actor=self.request.user, at=timezone.now())
        return self.done()

    def is_done(self, inquiry, form):
        reply = next((one for one in inquiry.replies.all() if one.round == inquiry.round), None)
        delivery = getattr(reply, "delivery", None) if reply and reply.state == ReplyState.DELIVERED else None
        return bool(
            delivery
            and delivery.recorded_by_id == self.request.user.pk
            and delivery.channel == form.cleaned_data["channel"]
        )

    def get_context_data(self, **kwargs):
        return super().get_context_data(**{"reply": current_reply(self.inquiry), **kwargs})


class DeliverManyView(FormView):
    """Several approved replies, delivered at one meeting or in one bulletin: one form, one operation for each."""

    template_name = "feedback/desk_deliver_many.html"
    form_class = DeliverManyForm
    http_method_names = ("get", "post", "head", "options")

    def dispatch(self, request, *args, **kwargs):
        self.at = timezone.now()
        require(may_triage(request.user))
        self.waiting = {reply.inquiry.number: reply for reply in replies_to_deliver(request.user)}
        return super().dispatch(request, *args, **kwargs)

    def get_form_kwargs(self):
        offered = [(number, f"{number}　{reply.inquiry.public_subject}") for number, reply in self.waiting.items()]
        return {**super().get_form_kwargs(), "offered": offered, "today": local_day(self.at)}

    def get_initial(self):
        return {"delivered_on": local_day(self.at), "numbers": self.request.GET.getlist("number")[:100]}

    def form_valid(self, form):
        how = {name: form.cleaned_data[name] for name in ("channel", "delivered_on", "place", "bulletin_no")}
        done, refused = [], []
        for number in form.cleaned_data["numbers"]:
            try:
                deliver_reply(
                    inquiry_id=self.waiting[number].inquiry_id, **how, actor=self.request.user, at=timezone.now()
                )
                done.append(number)
            except OperationRefused as refusal:
                refused.append((number, str(refusal.reason)))
            except IllegalTransition:
                refused.append(
                    (
                        number,
                        gettext(
                            "Somebody has dealt with this meanwhile. Please look at the current state before you go on."
                        ),
                    )
                )
        if done:
            messages.success(self.request, _("Delivery recorded: %(numbers)s.") % {"numbers": "、".join(done)})
        for number, reason in refused:
            messages.error(self.request, f"{number}：{reason}")
        if refused and not done:
            self.waiting = {reply.inquiry.number: reply for reply in replies_to_deliver(self.request.user)}
            return self.render_to_response(self.get_context_data(form=form), status=403)
        return redirect(reverse("feedback:deliver_many"))

    def get_context_data(self, **kwargs):
        form = kwargs.get("form")
        chosen = (
            form.data.getlist("numbers")
            if form is not None and form.is_bound
            else self.request.GET.getlist("number")[:100]
        )
        return super().get_context_data(**{"waiting": list(self.waiting.values()), "chosen": chosen, **kwargs})
