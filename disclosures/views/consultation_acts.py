"""The acts on a consultation: handing on, opening, prolonging, sorting, answering, hiding, reporting, deciding."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from portal.kernel.days import local_day
from portal.kernel.forms import PortalForm
from portal.kernel.rows import only_one
from portal.kernel.views import ActView

from .. import operations as does
from ..consulting import author_of, consultation_standing, draft_print, label_of, report_print
from ..forms import DecideForm
from ..forms.consultations import (
    AbandonConsultationForm,
    AnswerGroupForm,
    ExtendConsultationForm,
    GroupOpinionsForm,
    HideOpinionForm,
    ReportForm,
)
from ..models import ConsultationGroup, ConsultationOpinion
from ..queries.consultations import BY_CLAUSE, waiting_answers
from ..rules import consultations as rules
from .consultation_desk import find_on_desk
from .consultations import group_rows

SORTED_AT_ONCE = 200


class ConsultationActView(ActView):
    """One act on one consultation."""

    name = "consultation"
    home = "disclosures:consultation_work"
    template_name = "disclosures/consultations/act.html"
    form_class = PortalForm

    @property
    def consultation(self):
        return self.thing

    def find(self):
        return find_on_desk(self.request.user, self.kwargs["pk"])

    def seen(self):
        return str(self.consultation.phase(self.at))

    @property
    def is_over(self):
        return self.consultation.is_over(self.at)

    def get_context_data(self, **kwargs):
        return super().get_context_data(**{"standing": consultation_standing(self.consultation, self.at), **kwargs})


class ConsultationHandView(ConsultationActView):
    """Ask for the opening of a draft."""

    may = staticmethod(rules.may_hand_consultation)
    title = _("Ask for the opening")
    lead = _(
        "The head of the department and the union chair are told. One of them opens it; whoever wrote it does not."
    )
    button = _("Hand on")
    icon = "send"
    said = _("The draft waits for its opening.")

    def operate(self, form):
        self.act(does.hand_consultation)
        return self.done()


class ConsultationOpenView(ConsultationActView):
    """Put a draft before the workers."""

    template_name = "disclosures/consultations/open.html"
    may = staticmethod(rules.may_open_consultation)
    title = _("Put before the workers")
    lead = _("From here on the text is frozen. The day of the opening does not count towards the period.")
    button = _("Open for opinions")
    icon = "megaphone"
    said = _("The draft is open to the workers' opinions.")

    def words_read(self):
        return draft_print(self.consultation)

    def operate(self, form):
        self.act(does.open_consultation, read=self.request.POST.get("words_read"))
        return self.done()


class ConsultationExtendView(ConsultationActView):
    """Give the workers more time."""

    form_class = ExtendConsultationForm
    title = _("Make the period longer")
    button = _("Prolong")
    icon = "calendar-plus"
    said = _("The period is longer now; the reason stands on the page.")

    def verdict(self):
        is_open = self.consultation.is_open(self.at)
        return rules.may_extend_consultation(self.request.user, self.consultation, is_open=is_open)

    def get_form_kwargs(self):
        return {**super().get_form_kwargs(), "before": self.consultation.closes_on}

    def operate(self, form):
        self.act(does.extend_consultation, **form.cleaned_data)
        return self.done()


class ConsultationAbandonView(ConsultationActView):
    """Give a consultation up."""

    form_class = AbandonConsultationForm
    may = staticmethod(rules.may_abandon_consultation)
    title = _("Abandon the consultation")
    lead = _("Draft and opinions stay readable with your reason; a draft that nobody has seen leaves your desk.")
    button = _("Abandon")
    tone = "danger"
    icon = "archive-x"
    said = _("The consultation has been abandoned.")

    def operate(self, form):
        self.act(does.abandon_consultation, reason=form.cleaned_data["reason"])
        return self.done()


class ConsultationGroupView(ConsultationActView):
    """Put opinions together that say the same."""

    template_name = "disclosures/consultations/group.html"
    form_class = GroupOpinionsForm
    title = _("Sort the opinions")
    lead = _(
        "Tick what says the same and give it one heading. Every opinion belongs to one group; hidden ones as well."
    )
    button = _("Put together")
    icon = "group"
    said = _("The opinions are in the group.")

    def verdict(self):
        return rules.may_group_opinions(self.request.user, self.consultation, is_over=self.is_over)

    @cached_property
    def groups(self):
        return list(self.consultation.groups.all())

    @cached_property
    def shown_group(self):
        """The group whose opinions are shown, to be moved elsewhere; None shows those without one."""
        return next((one for one in self.groups if str(one.pk) == self.request.GET.get("from", "")), None)

    @cached_property
    def opinions(self):
        rows = self.consultation.opinions.filter(group=self.shown_group).select_related("clause", "person")
        return list(rows.order_by(BY_CLAUSE, "id")[:SORTED_AT_ONCE])

    def get_form_kwargs(self):
        return {**super().get_form_kwargs(), "opinions": self.opinions, "groups": self.groups}

    def operate(self, form):
        values = form.cleaned_data
        self.act(
            does.group_opinions,
            opinion_ids=values["opinions"],
            group_id=values["group"] or None,
            heading=values["heading"],
        )
        messages.success(self.request, self.said)
        return redirect("disclosures:consultation_group", self.consultation.pk)

    def get_context_data(self, **kwargs):
        context = super().get_context_data(**kwargs)
        ticked = set(context["form"].data.getlist("opinions")) if context["form"].is_bound else set()
        return {
            **context,
            "rows": [
                {
                    "opinion": one,
                    "author": author_of(one),
                    "label": label_of(one.clause),
                    "is_ticked": str(one.pk) in ticked,
                }
                for one in self.opinions
            ],
            "groups": self.groups,
            "shown_group": self.shown_group,
            "most": SORTED_AT_ONCE,
        }


class ConsultationAnswerView(ConsultationActView):
    """Answer a group of opinions."""

    template_name = "disclosures/consultations/answer.html"
    form_class = AnswerGroupForm
    title = _("Answer the group")
    lead = _("Everybody who may read the draft reads the answer once all answers are published.")
    button = _("Save the answer")
    icon = "message-square-reply"
    said = _("The answer has been saved.")

    def find(self):
        self.group = only_one(ConsultationGroup.objects.filter(pk=self.kwargs["pk"]))
        if self.group is None:
            raise Http404
        return find_on_desk(self.request.user, self.group.consultation_id)

    def verdict(self):
        return rules.may_group_opinions(self.request.user, self.consultation, is_over=self.is_over)

    def get_initial(self):
        return {name: getattr(self.group, name) for name in ("heading", "summary", "outcome", "answer")}

    def operate(self, form):
        does.answer_group(group_id=self.group.pk, actor=self.request.user, at=timezone.now(), **form.cleaned_data)
        return self.done()

    def get_context_data(self, **kwargs):
        rows = self.group.opinions.select_related("clause", "person").order_by(BY_CLAUSE, "id")
        return super().get_context_data(
            group=self.group,
            rows=[
                {"opinion": one, "author": author_of(one), "label": label_of(one.clause)}
                for one in rows[:SORTED_AT_ONCE]
            ],
            **kwargs,
        )


class ConsultationHideView(ConsultationActView):
    """Hide the words of an opinion that names others."""

    template_name = "disclosures/consultations/hide.html"
    form_class = HideOpinionForm
    title = _("Hide the words of an opinion")
    lead = _("In their place everybody reads that they were hidden and why. The opinion still counts and is answered.")
    button = _("Hide")
    tone = "danger"
    icon = "eye-off"
    said = _("The words are hidden; the reason stands in their place.")

    def find(self):
        rows = ConsultationOpinion.objects.select_related("clause", "person")
        self.opinion = only_one(rows.filter(pk=self.kwargs["pk"]))
        if self.opinion is None:
            raise Http404
        return find_on_desk(self.request.user, self.opinion.consultation_id)

    def verdict(self):
        return rules.may_hide_opinion(self.request.user, self.consultation)

    def operate(self, form):
        does.hide_opinion(
            opinion_id=self.opinion.pk, reason=form.cleaned_data["reason"], actor=self.request.user, at=timezone.now()
        )
        return self.done()

    def get_context_data(self, **kwargs):
        return super().get_context_data(
            opinion=self.opinion, author=author_of(self.opinion), label=label_of(self.opinion.clause), **kwargs
        )


class ConsultationShowView(ConsultationHideView):
    """Show hidden words again."""

    form_class = PortalForm
    title = _("Show the words again")
    lead = _("Everybody who may read the draft reads them again. That they were hidden, and by whom, stays on record.")
    button = _("Show again")
    tone = "primary"
    icon = "eye"
    said = _("The words are shown again.")

    def verdict(self):
        return rules.may_show_opinion(self.request.user, self.consultation, self.opinion)

    def operate(self, form):
        does.show_opinion(opinion_id=self.opinion.pk, actor=self.request.user, at=timezone.now())
        return self.done()


class ConsultationCompleteView(ConsultationActView):
    """Publish the answers to all opinions."""

    title = _("Publish the answers")
    lead = _("Everybody who may read the draft reads them, and those who spoke with their account are told.")
    button = _("Publish")
    icon = "check-check"
    said = _("The answers are public. The report is due next.")

    def verdict(self):
        waiting = waiting_answers(self.consultation)
        return rules.may_complete_answers(self.request.user, self.consultation, is_over=self.is_over, waiting=waiting)

    def operate(self, form):
        self.act(does.complete_answers)
        return self.done()


class ConsultationReportView(ConsultationActView):
    """Write what was heard and changed, with the final text."""

    template_name = "disclosures/consultations/report.html"
    form_class = ReportForm
    may = staticmethod(rules.may_prepare_report)
    title = _("Write the report")
    lead = _("The leader in charge or the union chair decides on it; you do not decide on your own report.")
    button = _("Hand on for the decision")
    icon = "send"
    said = _("The report waits for its decision.")

    def get_form_kwargs(self):
        return {**super().get_form_kwargs(), "today": local_day(self.at), "closes_on": self.consultation.closes_on}

    def get_initial(self):
        row = self.consultation
        names = ("summary", "method", "decided_on", "document")
        return {"final_body": row.final_body or row.body, **{name: getattr(row, name) for name in names}}

    def operate(self, form):
        self.act(does.prepare_report, draft=does.ReportDraft(**form.cleaned_data))
        return self.done()

    def get_context_data(self, **kwargs):
        return super().get_context_data(groups=group_rows(self.consultation), **kwargs)


class ConsultationDecideView(ConsultationActView):
    """Publish report and final text, or send them back."""

    template_name = "disclosures/consultations/decide.html"
    form_class = DecideForm
    may = staticmethod(rules.may_decide_consultation)
    title = _("Decide on the report")
    lead = _("A yes shows the report and the final text beside the draft, to everybody who could read it.")
    said = _("Your decision has been recorded.")

    def words_read(self):
        return report_print(self.consultation)

    def operate(self, form):
        self.act(
            does.decide_consultation,
            is_granted=form.is_granted,
            note_text=form.cleaned_data["answer"],
            read=self.request.POST.get("words_read"),
        )
        return self.done()
