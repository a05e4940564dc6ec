"""Consultations: the draft, opinions on its clauses, answers, the report."""

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from feedback.enums import HidingReason
from feedback.forms.fields import UnitField
from portal.kernel.forms import (
    ChoiceCards,
    CleanCharField,
    CleanTextField,
    DayField,
    DescribedRadios,
    IdempotencyMixin,
    PortalForm,
    WholeNumberField,
)
from portal.kernel.richtext.fields import RichTextField

from ..enums import Audience, GroupOutcome, Stance
from .publishing import BODY_MAX

TEXT_MAX = 1000


class ConsultationForm(IdempotencyMixin, PortalForm):
    """A draft rule: who asks whom, why, the text, for how long."""

    department = UnitField(label=_("Prepared by"), empty_label=_("choose"))
    unit = UnitField(label=_("Whose workers are asked"), empty_label=_("choose"))
    item = forms.ChoiceField(
        label=_("Item of the catalogue"), required=False, help_text=_("If the rule belongs to one.")
    )
    title = CleanCharField(label=_("Title"), max_length=80, min_length=4)
    lead = CleanTextField(
        label=_("Why, and what changes"),
        max_length=2000,
        rows=5,
        min_length=4,
        help_text=_("In plain words: what is different for a worker, from when, on what basis."),
    )
    body = RichTextField(label=_("Draft text"), max_length=BODY_MAX)
    audience = forms.ChoiceField(label=_("Readers"), choices=Audience.choices)
    workdays = WholeNumberField(label=_("Days for opinions (working days)"), min_value=1, max_value=60)

    def __init__(self, *args, own_units, units, items, least_of, **kwargs):
        super().__init__(*args, **kwargs)
        self.least_of = least_of
        self.fields["department"].offer(own_units)
        self.fields["unit"].offer(units)
        self.items = {item.code: item for item in items}
        self.fields["item"].choices = [("", _("none")), *((code, str(item)) for code, item in self.items.items())]
        self.use_hints_of(
            workdays=_("At least %(days)d working days; the day of the opening does not count.")
            % {"days": least_of(None)}
        )

    def clean_item(self):
        return self.items.get(self.cleaned_data["item"])

    def clean(self):
        cleaned = super().clean()
        unit, department, days = cleaned.get("unit"), cleaned.get("department"), cleaned.get("workdays")
        if unit and department and not (unit.covers(department) or department.covers(unit)):
            self.add_error(
                "unit", ValidationError(_("This unit has nothing to do with the department that prepares the draft."))
            )
        elif unit and days is not None and days < (least := self.least_of(unit)):
            self.add_error(
                "workdays",
                ValidationError(_("A consultation lasts at least %(days)d working days."), params={"days": least}),
            )
        return cleaned


class SayForm(IdempotencyMixin, PortalForm):
    """What somebody thinks of a clause, with the account or under a nickname."""

    stance = forms.ChoiceField(
        label=_("What do you think of it?"),
        choices=Stance.choices,
        widget=ChoiceCards(icons={"change": "square-pen", "agree": "thumbs-up", "against": "thumbs-down"}),
        initial=Stance.CHANGE.value,
    )
    text = CleanTextField(
        label=_("Your opinion"),
        max_length=TEXT_MAX,
        rows=5,
        min_length=2,
        help_text=_("What should stand there instead, and why? Everybody who may read the draft reads it."),
    )
    shows_name = forms.BooleanField(label=_("Show my name beside it"), required=False)
    nickname = CleanCharField(
        label=_("Nickname"), max_length=12, min_length=2, help_text=_("Any name but your own; it is shown.")
    )

    def __init__(self, *args, is_nameless, **kwargs):
        super().__init__(*args, **kwargs)
        # The signed token of the page stands for the key of a nameless form.
        for name in ("shows_name", "idempotency_key") if is_nameless else ("nickname",):
            del self.fields[name]


class ExtendConsultationForm(PortalForm):
    closes_on = DayField(label=_("New last day"))
    reason = CleanCharField(label=_("Reason"), max_length=300, min_length=4, help_text=_("Everybody reads it."))

    def __init__(self, *args, before, **kwargs):
        super().__init__(*args, **kwargs)
        self.before = before

    def clean_closes_on(self):
        day = self.cleaned_data["closes_on"]
        if self.before is not None and day <= self.before:
            raise ValidationError(_("A period is only made longer: choose a day after the last one."))
        return day


class AbandonConsultationForm(PortalForm):
    reason = CleanCharField(
        label=_("Reason"), max_length=300, min_length=4, help_text=_("Everybody who could read the draft reads it.")
    )


class GroupOpinionsForm(PortalForm):
    """Opinions that say the same, into a group that is there or a new one."""

    opinions = forms.MultipleChoiceField(label=_("Opinions"), widget=forms.CheckboxSelectMultiple)
    group = forms.ChoiceField(label=_("Into the group"), required=False)
    heading = CleanCharField(
        label=_("or a new group"), max_length=80, required=False, help_text=_("What they say, in one line.")
    )

    def __init__(self, *args, opinions, groups, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["opinions"].choices = [(str(one.pk), "") for one in opinions]
        self.fields["group"].choices = [("", _("a new one")), *((str(one.pk), one.heading) for one in groups)]

    def clean(self):
        cleaned = super().clean()
        if not cleaned.get("group") and not cleaned.get("heading"):
            self.add_error("heading", ValidationError(_("Choose a group, or give a new one its heading.")))
        return cleaned


class AnswerGroupForm(PortalForm):
    heading = CleanCharField(label=_("What they say, in one line"), max_length=80, min_length=2)
    summary = CleanTextField(label=_("What they say, summed up"), max_length=TEXT_MAX, rows=3, required=False)
    outcome = forms.ChoiceField(label=_("What became of it"), choices=GroupOutcome.choices, widget=DescribedRadios)
    answer = CleanTextField(
        label=_("Answer"),
        max_length=2000,
        rows=6,
        min_length=2,
        help_text=_("What is changed where; if nothing or only a part, why."),
    )


class HideOpinionForm(PortalForm):
    reason = forms.ChoiceField(label=_("Reason"), choices=HidingReason.choices, widget=DescribedRadios)


class ReportForm(PortalForm):
    """What was heard, what was changed, and the text as it was decided."""

    summary = CleanTextField(
        label=_("What we heard, what we changed"),
        max_length=3000,
        rows=6,
        min_length=4,
        help_text=_("In plain words, for those who spoke; the answers to the groups stand below it."),
    )
    final_body = RichTextField(label=_("Final text"), max_length=BODY_MAX)
    method = CleanTextField(
        label=_("How it was decided"),
        max_length=1000,
        rows=3,
        min_length=2,
        help_text=_("Who discussed it, with whom it was agreed, who decided (Labour Contract Law art. 4)."),
    )
    decided_on = DayField(label=_("Decided on"))
    document = CleanCharField(label=_("Document number"), max_length=60, required=False)

    def __init__(self, *args, today, closes_on, **kwargs):
        super().__init__(*args, **kwargs)
        self.today, self.closes_on = today, closes_on

    def clean_decided_on(self):
        day = self.cleaned_data["decided_on"]
        if day > self.today:
            raise ValidationError(_("A decision lies in the past, or is of today."))
        if day <= self.closes_on:
            raise ValidationError(_("A decision comes after the last day for opinions."))
        return day
