"""What the scrutineers do: take up shares, see the codes printed, open the box with two codes, sign the minutes."""

from django.http import Http404
from django.shortcuts import render
from django.utils.decorators import method_decorator
from django.utils.functional import cached_property
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters, sensitive_variables
from django.views.generic import TemplateView

from portal.accounts.stepup import StepUpMixin
from portal.exports.qr import qr_svg

from .. import operations as does
from .. import rules
from ..codes import in_groups
from ..drawing import counted_of, drawn_result
from ..enums import PollState
from ..forms import CountForm, PrintCodesForm, VoidSheetForm
from ..operations.counting import BROKEN, MISTYPED, NOT_A_SHARE, SAME
from ..owners import owner_of
from ..queries import papers_entered, papers_issued, poll_at_desk
from .desk import PollActView

SECRETS = [never_cache, sensitive_post_parameters(), sensitive_variables()]
WRONG = {
    MISTYPED: _("This code was mistyped: a character is wrong, missing or too many. Compare it with the sheet."),
    NOT_A_SHARE: _("This code is written correctly, but it is no share of this vote."),
    SAME: _("This is the same share twice. Two different scrutineers open the box."),
    BROKEN: _("These two shares do not open the box. Nothing was changed; try another two of the three."),
}


@method_decorator(SECRETS, name="dispatch")
class TakeShareView(StepUpMixin, PollActView):
    """A scrutineer takes up the own share; its code is shown once, to be printed."""

    may = staticmethod(rules.may_take_share)
    title = _("Take up your share")
    lead = _(
        "You get a code that opens the box together with that of one other scrutineer."
        " It is shown once; print it or copy it by hand, and keep it where nobody else can see it."
    )
    button = _("Show my code")
    icon = "key-round"

    def operate(self, form):
        code = self.act(does.take_up_share)
        context = {"poll": self.thing, "code": in_groups(code), "qr": qr_svg(code, label=_now("Code of your share"))}
        return render(self.request, "ballots/share_sheet.html", context)


class ResetSharesView(StepUpMixin, PollActView):
    """Call all shares back because one was lost before the opening."""

    may = staticmethod(rules.may_reset_shares)
    title = _("Call all shares back")
    lead = _("The three codes become worthless; each scrutineer takes up a new one.")
    button = _("Call back")
    tone = "danger"
    icon = "rotate-ccw"
    said = _("All shares were called back.")

    def operate(self, form):
        self.act(does.reset_shares)
        return self.done()


@method_decorator(SECRETS, name="dispatch")
class PrintCodesView(StepUpMixin, PollActView):
    """Make the slips for the box; they are shown once, to be printed and cut."""

    form_class = PrintCodesForm
    may = staticmethod(rules.may_print_codes)
    title = _("Print codes for the box")
    lead = _("The slips are shown once. Cut them, fold them, mix them in the box, and let everybody draw one.")
    button = _("Make the slips")
    icon = "printer"

    @cached_property
    def groups(self):
        return owner_of(self.thing).groups(self.thing)

    def get_form_kwargs(self):
        return {**super().get_form_kwargs(), "groups": self.groups}

    def operate(self, form):
        sheets = self.act(does.print_codes, **form.cleaned_data)
        words = dict(self.groups).get(form.cleaned_data.get("group"), "")
        drawn = [
            {
                "number": number,
                "slips": [{"code": in_groups(code), "qr": qr_svg(code, label=_now("Voting code"))} for code in codes],
            }
            for number, codes in sheets
        ]
        return render(self.request, "ballots/code_sheets.html", {"poll": self.thing, "sheets": drawn, "group": words})


class VoidSheetView(PollActView):
    """Void the unused codes of a sheet that was spoilt or not handed out."""

    form_class = VoidSheetForm
    may = staticmethod(rules.may_void_codes)
    title = _("Void a sheet of codes")
    lead = _("Its unused codes are no longer good for a ballot. Used ones stay counted.")
    button = _("Make void")
    tone = "danger"
    icon = "ban"
    said = _("The sheet is void.")

    def operate(self, form):
        self.act(does.void_sheet, sheet=form.cleaned_data["sheet"])
        return self.done()


@method_decorator(SECRETS, name="dispatch")
class CountView(StepUpMixin, PollActView):
    """Open the box with two scrutineers' codes."""

    form_class = CountForm
    template_name = "ballots/count.html"
    title = _("Open the box and count")
    lead = _("Two scrutineers, here and now, each with the code of the own share.")
    button = _("Open the box and count")
    tone = "seal"
    icon = "key-round"
    said = _("Counted. The key of this vote no longer exists.")

    def verdict(self):
        return rules.may_count(self.request.user, self.thing, self.at)

    @cached_property
    def papers(self):
        """How many papers were handed out, and how many entered."""
        poll = self.thing
        return (papers_issued(poll), papers_entered(poll)) if poll.definition.has_paper else (0, 0)

    def get_form_kwargs(self):
        out, back = self.papers
        return {**super().get_form_kwargs(), "is_short": back < out}

    def get_context_data(self, **kwargs):
        out, back = self.papers
        return super().get_context_data(
            is_short=back < out, is_over=back > out, papers_out=out, papers_in=back, **kwargs
        )

    def operate(self, form):
        try:
            data = form.cleaned_data
            self.act(
                does.count_poll,
                codes=[data["code_one"], data["code_two"]],
                is_without_papers=data.get("goes_on", False),
            )
        except does.WrongShare as wrong:
            form.add_error(("code_one", "code_two")[wrong.place], WRONG[wrong.why])
            return self.form_invalid(form)
        return self.done()


class MinutesView(TemplateView):
    """The minutes of the count, to be printed and signed; for the desk until the result is published."""

    template_name = "ballots/minutes.html"

    def get_context_data(self, **kwargs):
        poll = poll_at_desk(self.request.user, self.kwargs["pk"])
        if poll is None or poll.state not in (PollState.COUNTED, PollState.PUBLISHED):
            raise Http404
        return super().get_context_data(
            poll=poll,
            result=poll.result,
            drawn=drawn_result(poll, poll.result),
            counted_of=counted_of(poll),
            place=owner_of(poll).place(poll),
            **kwargs,
        )
