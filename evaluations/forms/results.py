"""Forms around a result: deciding on a remark, the own rating, the statement, the use."""

from django import forms
from django.utils.translation import gettext_lazy as _

from portal.kernel.forms import (
    CleanCharField,
    CleanTextField,
    DayField,
    DescribedRadios,
    IdempotencyMixin,
    PortalForm,
    RatingRadios,
    WholeNumberField,
)

from ..arithmetic import DO_NOT_KNOW
from ..enums import Grading, RemarkDecision, Satisfaction, ScaleKind, UseKind, WithheldReason
from ..masking import is_covered


class PublishForm(PortalForm):
    """Nothing to fill in; that it is once and for all has to be said yes to."""

    is_sure = forms.BooleanField(
        label=_("I know that results are published once: nothing is corrected, counted again or added afterwards."),
        error_messages={"required": _("Say that you know it.")},
    )


class DecideRemarkForm(PortalForm):
    """Pass a remark on, with words covered if need be, or withhold it and say why."""

    decision = forms.ChoiceField(label=_("Decision"), choices=RemarkDecision.choices, widget=DescribedRadios)
    text = CleanTextField(
        label=_("As it is passed on"),
        max_length=1000,
        rows=4,
        required=False,
        help_text=_("To cover a name, put □ in place of each of its signs. Nothing else may be changed."),
    )
    reason = forms.ChoiceField(
        label=_("Why it is withheld"), choices=[("", _("not withheld")), *WithheldReason.choices], required=False
    )

    def __init__(self, *args, original, **kwargs):
        super().__init__(*args, **kwargs)
        self.original = original

    def clean(self):
        data = super().clean()
        decision = data.get("decision")
        if decision == RemarkDecision.WITHHOLD and not data.get("reason"):
            self.add_error("reason", _("Say why the remark is withheld."))
        if decision == RemarkDecision.KEEP and "text" in data:
            if data["text"] and not is_covered(self.original, data["text"]):
                self.add_error("text", _("Only cover signs with □, one for one; do not change anything else."))
            data["reason"] = ""
        return data


class RateOneselfForm(PortalForm):
    """The sheet of the round, filled in by the person rated."""

    def __init__(self, *args, items, edition, **kwargs):
        super().__init__(*args, **kwargs)
        self.items = items
        for item in items:
            self.fields[f"i{item.pk}"] = self._field(edition, item)

    @staticmethod
    def _field(edition, item):
        label = f"{item.dimension.name} · {item.name}" if item.name != item.dimension.name else item.name
        if edition.scale == ScaleKind.SCORE:
            return WholeNumberField(label=label, min_value=0, max_value=100)
        words = Satisfaction if edition.scale == ScaleKind.SATISFACTION else Grading
        return forms.ChoiceField(label=label, choices=words.choices, widget=RatingRadios())

    @property
    def answers(self):
        """{item's key: answer}, as it is kept."""
        return {str(item.pk): str(self.cleaned_data[f"i{item.pk}"]) for item in self.items}

    @classmethod
    def initial_of(cls, answers):
        """Return what was given before, by field."""
        return {f"i{item}": answer for item, answer in answers.items() if answer != DO_NOT_KNOW}


class StatementForm(PortalForm):
    """What the person rated says to the result."""

    text = CleanTextField(
        label=_("Your statement"),
        max_length=1000,
        rows=8,
        help_text=_("It stands beside your result for everybody who sees it, and cannot be changed."),
    )


class UseForm(IdempotencyMixin, PortalForm):
    """What was decided with the result in hand."""

    kind = forms.ChoiceField(label=_("What was decided"), choices=UseKind.choices, widget=DescribedRadios)
    prompt = forms.ChoiceField(label=_("Threshold that asked for it"), required=False)
    decided_by = CleanCharField(label=_("Who decided"), max_length=60)
    decided_on = DayField(label=_("Decided on"))
    reason = CleanTextField(label=_("Reason"), max_length=500, rows=5)

    def __init__(self, *args, prompts, today, **kwargs):
        """``prompts`` are (code, sentence) of the thresholds that ask for a decision."""
        super().__init__(*args, **kwargs)
        self.fields["prompt"].choices = [("", _("none")), *prompts]
        if not prompts:
            del self.fields["prompt"]
        self.fields["decided_on"].latest = today
