"""The inbox of everybody; the outbox and the group bots of the system administrator."""

import datetime as dt

from django.conf import settings
from django.contrib import messages
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.generic import TemplateView, View

from portal.kernel.paging import keyset_page
from portal.kernel.verdicts import OperationRefused, require
from portal.kernel.views import OperationFormView, VerdictRequiredMixin

from .forms import BotForm, ChangeBotForm, InboxFilterForm, OutboxFilterForm
from .models import Bot, Dispatch, DispatchState, Notice
from .operations.bots import add_bot, change_bot, switch_bot, try_bot
from .operations.caring import drop_dispatch, retry_dispatch
from .operations.passing import sends_mail
from .operations.reading import read_all_notices, read_notice
from .queries import bots_listed, dispatches_shown, notices_for, notices_unread
from .registry import path_of, sentence_of
from .rules import may_manage_bots, may_manage_outbox


class InboxView(TemplateView):
    """What lies on the reader's desks, newest first."""

    template_name = "notices/inbox.html"

    def get_context_data(self, **kwargs):
        person = self.request.user
        form = InboxFilterForm(self.request.GET)
        form.is_valid()
        show, kinds = form.cleaned_data.get("show"), form.cleaned_data.get("kind")
        notices = notices_for(person)
        if show:
            unread = notices_unread(person)
            notices = notices.filter(pk__in=unread.values("pk"))
        if kinds:
            notices = notices.filter(kind__in=kinds)
        page = keyset_page(notices, order=("-at", "-id"), token=self.request.GET.get("after", ""), size=25)
        rows = [{"notice": notice, "text": sentence_of(notice)} for notice in page]
        return super().get_context_data(
            filters=form,
            chosen=bool(show) + bool(kinds),
            page=page,
            rows=rows,
            until=timezone.now().isoformat(),
            has_unread=any(not notice.is_read for notice in page),
            **kwargs,
        )


class OpenView(View):
    """Mark one notice as read and go to what it is about."""

    http_method_names = ("post",)

    def post(self, request, pk):
        try:
            notice = read_notice(notice_id=pk, actor=request.user)
        except Notice.DoesNotExist as missing:
            raise Http404 from missing
        return redirect(path_of(notice) or "notices:inbox")


class ReadAllView(View):
    """Mark everything as read that had come when the page was shown."""

    http_method_names = ("post",)

    def post(self, request):
        now = timezone.now()
        read_all_notices(actor=request.user, until=min(_moment(request.POST.get("until"), now), now))
        messages.success(request, _("All notices are marked as read."))
        return redirect("notices:inbox")


def _moment(text, otherwise):
    try:
        moment = dt.datetime.fromisoformat(text or "")
    except ValueError:
        return otherwise
    return moment if moment.tzinfo else otherwise


class OutboxView(VerdictRequiredMixin, TemplateView):
    """What has left the portal, what waits, and what failed."""

    template_name = "notices/outbox.html"
    may = staticmethod(may_manage_outbox)

    def get_context_data(self, **kwargs):
        form = OutboxFilterForm(self.request.GET)
        form.is_valid()
        state = form.cleaned_data.get("state") or ""
        page = keyset_page(
            dispatches_shown(state), order=("-created_at", "-id"), token=self.request.GET.get("after", ""), size=50
        )
        tabs = [("", _("all")), *DispatchState.choices]
        return super().get_context_data(
            page=page,
            tabs=[
                {"label": label, "url": f"?state={code}" if code else "?", "is_current": code == state}
                for code, label in tabs
            ],
            sends_mail=sends_mail(),
            proxy=bool(settings.OUTBOUND_PROXY),
            **kwargs,
        )


class DispatchView(View):
    """Try a message again, or give it up."""

    http_method_names = ("post",)
    operation = None
    done = ""

    def post(self, request, pk):
        require(may_manage_outbox(request.user))
        get_object_or_404(Dispatch, pk=pk)
        try:
            type(self).operation(dispatch_id=pk, actor=request.user, at=timezone.now())
        except OperationRefused as refusal:
            messages.error(request, refusal.reason)
        else:
            messages.success(
                request,
                _("The message will be tried again.") if self.done == "retry" else _("The message is given up."),
            )
        return redirect("notices:outbox")


class RetryView(DispatchView):
    operation = staticmethod(retry_dispatch)
    done = "retry"


class DropView(DispatchView):
    operation = staticmethod(drop_dispatch)
    done = "drop"


class BotsView(VerdictRequiredMixin, TemplateView):
    """All group bots."""

    template_name = "notices/bot_list.html"
    may = staticmethod(may_manage_bots)

    def get_context_data(self, **kwargs):
        return super().get_context_data(bots=bots_listed(), proxy=bool(settings.OUTBOUND_PROXY), **kwargs)


class AddBotView(VerdictRequiredMixin, OperationFormView):
    """Add a group bot, switched off."""

    template_name = "notices/bot_form.html"
    form_class = BotForm
    may = staticmethod(may_manage_bots)

    def operate(self, form):
        add_bot(**form.cleaned_data, actor=self.request.user, at=timezone.now())
        messages.success(self.request, _("The group bot is added. Try it, then switch it on."))
        return redirect("notices:bots")


class ChangeBotView(VerdictRequiredMixin, OperationFormView):
    """Change a group bot's name, address or secret."""

    template_name = "notices/bot_form.html"
    form_class = ChangeBotForm
    may = staticmethod(lambda user, bot: may_manage_bots(user))

    def get_object(self):
        require(may_manage_bots(self.request.user))
        return get_object_or_404(Bot, pk=self.kwargs["pk"])

    def get_initial(self):
        return {"name": self.object.name}

    def operate(self, form):
        change_bot(bot_id=self.object.pk, **form.cleaned_data, actor=self.request.user, at=timezone.now())
        messages.success(self.request, _("The group bot is changed."))
        return redirect("notices:bots")


class SwitchBotView(View):
    """Switch a group bot on or off."""

    http_method_names = ("post",)

    def post(self, request, pk):
        require(may_manage_bots(request.user))
        get_object_or_404(Bot, pk=pk)
        bot = switch_bot(bot_id=pk, is_enabled=request.POST.get("on") == "1", actor=request.user, at=timezone.now())
        messages.success(
            request,
            _("Switched on: %(name)s") % {"name": bot}
            if bot.is_enabled
            else _("Switched off: %(name)s") % {"name": bot},
        )
        return redirect("notices:bots")


class TryBotView(View):
    """Send a trial message by a group bot."""

    http_method_names = ("post",)

    def post(self, request, pk):
        require(may_manage_bots(request.user))
        get_object_or_404(Bot, pk=pk)
        try_bot(bot_id=pk, actor=request.user, at=timezone.now())
        messages.success(request, _("The trial message is in the outbox; its fate is shown there in a minute."))
        return redirect(reverse("notices:outbox"))
