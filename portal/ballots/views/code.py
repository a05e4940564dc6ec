"""
Voting with a code drawn from the box: no sign-in, no cookie, no address, no line in a log.

The code travels in the body of each request, never in an address: addresses end
up in logs, in histories and with whoever checks what a phone has scanned.
"""

from django.shortcuts import render
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.views import View
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters, sensitive_variables

from portal.accounts.middleware import public_view
from portal.kernel.verdicts import require

from ..forms import CodeEntryForm
from ..operations import AlreadyVoted, NoElector, cast_by_code, find_code
from ..owners import owner_of
from ..rules import may_use_code
from .casting import CAST, CHANGE, ballot_context, ballot_form, paper
from .receipts import receipt_context


@method_decorator([public_view, never_cache, sensitive_post_parameters(), sensitive_variables()], name="dispatch")
class CodeView(View):
    """Type the code, fill in the ballot, put it in once."""

    http_method_names = ("get", "post", "head", "options")

    def get(self, request):
        return self.ask(CodeEntryForm())

    def post(self, request):
        entry = CodeEntryForm(request.POST)
        if not entry.is_valid():
            return self.ask(entry, status=422)
        code, at = entry.cleaned_data["code"], timezone.now()
        try:
            row = find_code(code)
            poll, self.group = row.poll, row.group
            require(may_use_code(poll, at))
            return self.ballot(request, poll, code, at)
        except NoElector:
            entry.add_error("code", _("There is no such code, or it has been made void. Nothing was cast."))
            return self.ask(entry, status=422)
        except AlreadyVoted:
            return render(request, "ballots/code_used.html")

    def ballot(self, request, poll, code, at):
        step = request.POST.get("step")
        if not step:
            return self.show(poll, code, at, ballot_form(poll, None))
        form = ballot_form(poll, None, request.POST)
        if step == CHANGE:
            return self.show(poll, code, at, form)
        if not form.is_valid():
            return self.show(poll, code, at, form, status=422)
        if step != CAST:
            context = ballot_context(
                poll,
                at,
                form=form,
                said=form.in_words(),
                carried=[*form.sent(), ("code", code)],
                base="base_plain.html",
                **form.page_context(),
            )
            return render(request, form.check_template, context)
        tracker = cast_by_code(code=code, answers=form.answers(), at=at)
        context = {**receipt_context(poll, tracker), "base": "base_plain.html"}
        return render(request, owner_of(poll).page("receipt"), context)

    def show(self, poll, code, at, form, status=200):
        context = ballot_context(poll, at, form=form, paper=paper(form), code=code, base="base_plain.html")
        context |= {**form.page_context(), "group": dict(owner_of(poll).groups(poll)).get(self.group, "")}
        return render(self.request, form.paper_template, context, status=status)

    def ask(self, form, status=200):
        return render(self.request, "ballots/code.html", {"form": form}, status=status)
