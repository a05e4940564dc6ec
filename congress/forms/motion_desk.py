"""Forms of the committee and the union: the call, the decision, the check, the best, the archive."""

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from feedback.forms.fields import UnitField
from portal.kernel.forms import (
    ChoiceCards,
    CleanCharField,
    CleanTextField,
    DayField,
    PortalForm,
)

from ..enums import MotionOutcome, RejectionReason

ASSISTS = ("assist_1", "assist_2")
OUTCOMES = [(one.value, one.label) for one in MotionOutcome if one != MotionOutcome.WITHDRAWN]


class CallForm(PortalForm):
    """The call for the motions of a session."""

    committee = forms.ChoiceField(label=_("Examined by"))
    opens_on = DayField(label=_("From"))
    closes_on = DayField(label=_("Last day"))
    group = forms.ChoiceField(
        label=_("First examined by the delegations"),
        choices=(
            ("no", _("no: straight to the committee")),
            ("yes", _("yes: the head of the delegation passes it on")),
        ),
        initial="no",
    )
    text = CleanTextField(
        label=_("What the motions should be about"),
        max_length=1000,
        rows=5,
        required=False,
        help_text=_("Every delegate is told of the call and reads this."),
    )

    def __init__(self, *args, committees, **kwargs):
        super().__init__(*args, **kwargs)
        self.committees = {str(one.pk): one for one in committees}
        self.fields["committee"].choices = [(key, one.name) for key, one in self.committees.items()]

    def clean_committee(self):
        return self.committees[self.cleaned_data["committee"]]

    def values(self):
        """Return what the operation takes."""
        data = self.cleaned_data
        return {
            "committee": data["committee"],
            "opens_on": data["opens_on"],
            "closes_on": data["closes_on"],
            "has_group_review": data["group"] == "yes",
            "text": data["text"],
        }


class DecisionForm(PortalForm):
    """What the committee decided, with its reason."""

    outcome = forms.ChoiceField(
        label=_("Decision of the examination"),
        choices=OUTCOMES,
        widget=ChoiceCards(
            about={
                "filed": _("It gets a clock, a lead department and a reply within thirty days."),
                "merged": _("Same matter as another one: all proposers stay and are answered together."),
                "converted": _("It is answered as a suggestion, outside the motions of the congress."),
                "rejected": _("It ends here; the proposers read why."),
                "escalated": _("So weighty that the congress itself should decide."),
            },
            icons={
                "filed": "folder-check",
                "merged": "merge",
                "converted": "mail",
                "rejected": "x",
                "escalated": "gavel",
            },
        ),
    )
    reason = CleanTextField(
        label=_("Written reason"), max_length=500, rows=4, help_text=_("Every proposer and seconder reads it.")
    )
    rejection = forms.ChoiceField(
        label=_("Not filed because"),
        required=False,
        choices=[("", "—"), *RejectionReason.choices],
        help_text=_("Needed when it is not filed."),
    )
    target = forms.ChoiceField(label=_("Merge into"), required=False, help_text=_("Needed when it is merged."))
    lead_unit = UnitField(
        label=_("Lead department"),
        required=False,
        help_text=_("Of a filed motion; left empty, the union assigns it at its own desk."),
    )
    assist_1 = UnitField(label=_("Assisting department 1"), required=False)
    assist_2 = UnitField(label=_("Assisting department 2"), required=False)

    def __init__(self, *args, targets, units, may_assign, **kwargs):
        super().__init__(*args, **kwargs)
        self.targets = {str(one.pk): one for one in targets}
        self.fields["target"].choices = [
            ("", "—"),
            *((key, f"{one.number} {one.title}") for key, one in self.targets.items()),
        ]
        if not may_assign:
            for name in ("lead_unit", *ASSISTS):
                del self.fields[name]
        else:
            units = list(units)
            for name in ("lead_unit", *ASSISTS):
                self.fields[name].offer(units)

    def clean(self):
        cleaned = super().clean()
        outcome = cleaned.get("outcome")
        if outcome == MotionOutcome.REJECTED and not cleaned.get("rejection"):
            self.add_error("rejection", ValidationError(_("Say for which reason it is not filed.")))
        if outcome == MotionOutcome.MERGED and not cleaned.get("target"):
            self.add_error("target", ValidationError(_("Choose the motion it is merged into.")))
        lead = cleaned.get("lead_unit")
        for name in ASSISTS:
            if cleaned.get(name) is not None:
                if lead is None:
                    self.add_error("lead_unit", ValidationError(_("Choose the lead department as well.")))
                elif cleaned[name].pk == lead.pk:
                    self.add_error(name, ValidationError(_("This department leads already.")))
        return cleaned

    def values(self):
        """Return what the operation takes; what belongs to another decision is left out."""
        data = self.cleaned_data
        outcome = data["outcome"]
        found = {"outcome": outcome, "reason": data["reason"]}
        if outcome == MotionOutcome.REJECTED:
            found["rejection"] = data["rejection"]
        if outcome == MotionOutcome.MERGED:
            found["target_id"] = self.targets[data["target"]].pk
        if outcome in (MotionOutcome.FILED, MotionOutcome.CONVERTED) and data.get("lead_unit") is not None:
            assists = {unit.pk: unit for name in ASSISTS if (unit := data.get(name)) is not None}
            found |= {"lead_unit": data["lead_unit"], "assist_units": list(assists.values())}
        return found


class CheckForm(PortalForm):
    """Pass a reply or send it back; the button says which."""

    verdict = forms.ChoiceField(choices=[("yes", "yes"), ("no", "no")], widget=forms.HiddenInput)
    comment = CleanTextField(
        label=_("What the reply lacks"),
        max_length=300,
        rows=3,
        required=False,
        help_text=_("Needed when the reply goes back to the department."),
    )

    def clean(self):
        cleaned = super().clean()
        if cleaned.get("verdict") == "no" and not cleaned.get("comment"):
            self.add_error("comment", ValidationError(_("Say what the reply lacks.")))
        return cleaned


class ArchiveForm(PortalForm):
    archive_no = CleanCharField(label=_("Archive number"), max_length=30)
