"""The desk of commitments and the register: what to sign, rounds to open, scans to compare, decisions to report on."""

import datetime as dt

from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views import View
from django.views.generic import TemplateView

from portal.accounts.authority import authority_of
from portal.accounts.models import Person
from portal.accounts.queries import rule_value
from portal.deadlines.clock import clock_of
from portal.files.serving import serve
from portal.kernel.days import local_day
from portal.kernel.paging import keyset_page
from portal.kernel.rows import only_one
from portal.kernel.verdicts import ALLOWED, require
from portal.kernel.views import OperationFormView

from .. import numbers
from ..forms import DecideForm
from ..forms.commitments import CommitForm, PaperForm, PlanForm, RoundForm
from ..models import CommitmentPlan, CommitmentSignature, PaperSignature
from ..operations.commitment_years import plan_commitment
from ..operations.commitments import edit_round, end_plan, open_round, round_print, sign_commitment
from ..operations.papers import check_paper, enter_paper
from ..queries.commitments import (
    papers_waiting,
    plans_kept,
    posts_of,
    rounds_kept,
    signatures_owed,
    units_kept,
)
from ..queries.majors import majors_on_desk, majors_to_decide, majors_to_report, with_subject
from ..rules import commitments as rules
from ..rules.majors import may_register_majors
from .commitments import find_round, round_standing
from .things import PROVEN, ThingActView

PAGE_SIZE, LONGEST = 25, 100
TABS = ("sign", "rounds", "papers", "plans", "decide", "report", "register")
KEEPING = ("rounds", "papers", "plans")


class CommitmentsDeskView(TemplateView):
    """What waits for this person: signatures, rounds, scans, plans, decisions to make public, to report on."""

    template_name = "disclosures/commitments/desk.html"

    def dispatch(self, request, *args, **kwargs):
        require(rules.may_use_commitments_desk(request.user))
        return super().dispatch(request, *args, **kwargs)

    def get_context_data(self, **kwargs):
        at, user = timezone.now(), self.request.user
        keeps = authority_of(user).holds(*rules.KEEPERS)
        owed = list(signatures_owed(user, at)[:LONGEST])
        to_decide = list(majors_to_decide(user)[:LONGEST])
        labels = {
            "sign": _("Commitments to sign"),
            "rounds": _("Rounds"),
            "papers": _("Scans to compare"),
            "plans": _("Renewed each year"),
            "decide": _("Decisions to make public"),
            "report": _("Decisions to report on"),
            "register": _("Register of decisions"),
        }
        shown = [name for name in TABS if keeps or name not in KEEPING]
        tab = self.request.GET.get("tab", "")
        if tab not in shown:
            tab = "sign" if owed else "decide" if to_decide else "rounds" if keeps else "report"
        here = reverse("disclosures:commitments_desk")
        counts = {"sign": len(owed), "decide": len(to_decide)}
        context = {
            "tab": tab,
            "at": at,
            "tabs": [
                {
                    "label": labels[name],
                    "url": f"{here}?tab={name}",
                    "is_current": name == tab,
                    "count": counts.get(name, ""),
                }
                for name in shown
            ],
            "may_register": bool(may_register_majors(user)),
            "keeps": keeps,
            **getattr(self, f"_{tab}")(user, at, owed, to_decide),
        }
        return super().get_context_data(**context, **kwargs)

    def _sign(self, user, at, owed, to_decide):
        return {"signatures": [{"row": row, "clock": clock_of(row.promise, at)} for row in owed]}

    def _rounds(self, user, at, owed, to_decide):
        page = keyset_page(
            rounds_kept(user, at), order=("-year", "unit__path", "kind"), token=self._token(), size=PAGE_SIZE
        )
        rows = [
            {
                "one": one,
                "lamp": lamp.value,
                "word": word,
                "may_open": bool(rules.may_open_round(user, one, at)),
            }
            for one in page
            for lamp, word in [round_standing(one, at)]
        ]
        return {"page": page, "rounds": rows}

    def _papers(self, user, at, owed, to_decide):
        return {"papers": list(papers_waiting(user))}

    def _plans(self, user, at, owed, to_decide):
        return {"plans": list(plans_kept(user))}

    def _decide(self, user, at, owed, to_decide):
        return {"majors": to_decide}

    def _report(self, user, at, owed, to_decide):
        return {"majors": list(majors_to_report(user)[:LONGEST]), "today": local_day(at)}

    def _register(self, user, at, owed, to_decide):
        rows = with_subject(majors_on_desk(user)).select_related("unit", "department", "registered_by")
        page = keyset_page(rows, order=("-decided_on", "-id"), token=self._token(), size=PAGE_SIZE)
        return {"page": page, "majors": page.items}

    def _token(self):
        return self.request.GET.get("after", "")


class _RoundActView(ThingActView):
    """An act on a round."""

    def find(self):
        return find_round(self.kwargs["pk"])

    def back_url(self):
        return reverse("disclosures:commitment", args=[self.thing.pk])

    def eyebrow(self):
        return f"{self.thing.unit.name} · {self.thing.title}"


class RoundEditView(_RoundActView):
    """Change what this year's commitment will say."""

    form_class = RoundForm
    title = _("Prepare this year's commitment")
    lead = _("Once it is open for signing, the text never changes.")
    icon = "save"
    said = _("The text has been saved. Open it when it is ready.")

    def verdict(self):
        return rules.may_edit_round(self.request.user, self.thing, self.at)

    def get_form_kwargs(self):
        return {**super().get_form_kwargs(), "has_upper": self.thing.kind == "letter"}

    def get_initial(self):
        one = self.thing
        return {"title": one.title, "body": one.body, "upper": one.upper.job_no if one.upper else ""}

    def operate(self, form):
        values = form.cleaned_data
        edit_round(
            round_id=self.thing.pk,
            title=values["title"],
            body=values["body"],
            upper=values.get("upper"),
            actor=self.request.user,
            at=timezone.now(),
        )
        return self.done()


class RoundOpenView(_RoundActView):
    """Open this year's commitment for signing."""

    template_name = "disclosures/commitments/open.html"
    title = _("Open for signing")
    lead = _("Everybody below is told and has so many working days to sign. The text is frozen.")
    button = _("Open for signing")
    icon = "send"
    said = _("It is open for signing; everybody named has been told.")

    def verdict(self):
        return rules.may_open_round(self.request.user, self.thing, self.at)

    def operate(self, form):
        read = self.request.POST.get("words_read")
        open_round(round_id=self.thing.pk, read=read, actor=self.request.user, at=timezone.now())
        return self.done()

    def words_read(self):
        return round_print(self.thing)

    def get_context_data(self, **kwargs):
        posts = posts_of([self.thing], self.at)[self.thing.pk]
        people = Person.objects.filter(pk__in=posts).order_by("unit__path", "name")
        return super().get_context_data(expected=len(posts), people=people, **kwargs)


def _find_signature(pk):
    row = (
        CommitmentSignature.objects.select_related("round__unit", "person", "unit", "promise")
        .prefetch_related("papers")
        .filter(pk=pk)
        .first()
    )
    if row is None:
        raise Http404
    return row


class CommitmentSignView(ThingActView):
    """Sign a commitment, in one's own name."""

    form_class = CommitForm
    template_name = "disclosures/commitments/sign.html"
    stepup_methods = PROVEN
    title = _("Sign the commitment")
    lead = _("Your name, the day and the fingerprint of the text are public from now on.")
    button = _("Sign the commitment")
    icon = "signature"
    tone = "seal"
    said = _("You have signed.")

    def find(self):
        return _find_signature(self.kwargs["pk"])

    def verdict(self):
        if self.request.method == "POST" and self._is_signed_by_me():
            return ALLOWED  # pressed twice
        return rules.may_sign_commitment(self.request.user, self.thing, self.at)

    def _is_signed_by_me(self):
        return self.thing.signed_at is not None and self.thing.person_id == self.request.user.pk

    def back_url(self):
        return reverse("disclosures:commitment", args=[self.thing.round_id])

    def eyebrow(self):
        return f"{self.thing.round.unit.name} · {self.thing.round.year}"

    def operate(self, form):
        sign_commitment(signature_id=self.thing.pk, actor=self.request.user, at=timezone.now())
        return self.done()


class PaperView(ThingActView):
    """Enter a signature that was given on paper."""

    form_class = PaperForm
    title = _("Enter a signature on paper")
    lead = _("Somebody else compares the scan with the text; until then it does not count.")
    button = _("Enter")
    icon = "scan-line"
    said = _("The scan waits to be compared by a second person.")
    needs_multipart = True

    def find(self):
        return _find_signature(self.kwargs["pk"])

    def verdict(self):
        return rules.may_enter_paper(self.request.user, self.thing, self.at)

    def back_url(self):
        return reverse("disclosures:commitment", args=[self.thing.round_id])

    def eyebrow(self):
        return f"{self.thing.name} · {self.thing.round.title}"

    def get_form_kwargs(self):
        today = local_day(self.at)
        opened = self.thing.round.opened_at
        return {**super().get_form_kwargs(), "earliest": local_day(opened) if opened else today, "today": today}

    def operate(self, form):
        enter_paper(
            signature_id=self.thing.pk,
            scan=form.cleaned_data["files"][0],
            signed_on=form.cleaned_data["signed_on"],
            actor=self.request.user,
            at=timezone.now(),
        )
        return self.done()


def _find_paper(pk):
    paper = (
        PaperSignature.objects.select_related(
            "signature__round__unit", "signature__person", "signature__unit", "entered_by", "scan"
        )
        .filter(pk=pk)
        .first()
    )
    if paper is None:
        raise Http404
    return paper


class PaperCheckView(ThingActView):
    """Compare the scan of a signature with the text."""

    form_class = DecideForm
    template_name = "disclosures/commitments/paper_check.html"
    title = _("Compare a signature on paper")
    lead = _("Is it this text, signed by this person on this day? A yes makes it count from the day it was entered.")
    said = _("Your answer has been recorded.")

    def find(self):
        paper = _find_paper(self.kwargs["pk"])
        if not rules.may_see_scan(self.request.user, paper):
            raise Http404
        return paper

    def verdict(self):
        return rules.may_check_paper(self.request.user, self.thing)

    def back_url(self):
        return reverse("disclosures:commitment", args=[self.thing.signature.round_id])

    def eyebrow(self):
        return f"{self.thing.signature.name} · {self.thing.signature.round.title}"

    def operate(self, form):
        check_paper(
            paper_id=self.thing.pk,
            is_accepted=form.is_granted,
            answer=form.cleaned_data["answer"],
            actor=self.request.user,
            at=timezone.now(),
        )
        return self.done()


class ScanView(View):
    """The scan of a signature on paper, for those who keep the commitments and for the person."""

    def get(self, request, pk):
        paper = _find_paper(pk)
        if not rules.may_see_scan(request.user, paper):
            raise Http404
        return serve(paper.scan)


class PlanAddView(OperationFormView):
    """Let a unit renew a commitment every year."""

    form_class = PlanForm
    template_name = "disclosures/commitments/plan.html"

    def dispatch(self, request, *args, **kwargs):
        require(rules.may_keep_plans(request.user))
        return super().dispatch(request, *args, **kwargs)

    def get_form_kwargs(self):
        return {**super().get_form_kwargs(), "units": units_kept(self.request.user)}

    def get_initial(self):
        at = timezone.now()
        due_on = usual_day(at)
        return {"since": local_day(at), "month": due_on.month, "day": due_on.day}

    def operate(self, form):
        drafted = plan_commitment(**form.cleaned_data, actor=self.request.user, at=timezone.now())
        if drafted is None:
            messages.success(self.request, _("The unit renews this every year. The draft comes at New Year by itself."))
            return redirect(f"{reverse('disclosures:commitments_desk')}?tab=plans")
        messages.success(
            self.request, _("The unit renews this every year. Here is this year's draft: look it over, then open it.")
        )
        return redirect("disclosures:commitment", drafted.pk)


def usual_day(at):
    """Return the day by which this year's commitments are open, by the rule book."""
    days = rule_value(numbers.COMMITMENT_RENEW_DAY, unit=None, at=at)
    return dt.date(local_day(at).year, 1, 1) + dt.timedelta(days=days - 1)


class PlanEndView(View):
    """Let a unit renew a commitment no longer."""

    http_method_names = ("post", "options")

    def post(self, request, pk):
        plan = only_one(CommitmentPlan.objects.select_related("unit").filter(pk=pk))
        if plan is None or not rules.may_keep_plans(request.user, plan.unit):
            raise Http404  # others see no plan
        end_plan(plan_id=pk, actor=request.user, at=timezone.now())
        messages.success(request, _("The unit renews this no longer; the rounds that are there stay."))
        return redirect(f"{reverse('disclosures:commitments_desk')}?tab=plans")
