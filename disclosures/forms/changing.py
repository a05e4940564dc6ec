"""After publication: corrections, withdrawal, decisions, outcome, gaps, flags."""

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from portal.kernel.forms import CleanCharField, CleanTextField, DayField, DescribedRadios, PortalForm
from portal.kernel.richtext.fields import RichTextField

from ..enums import FlagReason, NoticeOutcome, WithdrawalReason
from ..masking import only_masks
from ..texts import NOTICE_WORDS, TEXTS
from .publishing import BODY_MAX

SELDOM = ("basis", "method", "objections_heard")


class CorrectForm(PortalForm):
    title = CleanCharField(label=_("Title"), max_length=80)
    body = RichTextField(label=_("Text"), max_length=BODY_MAX)
    note = CleanCharField(
        label=_("What is changed and why"), max_length=300, min_length=4, help_text=_("Shown with the new version.")
    )


class MaskForm(PortalForm):
    """
    A notice with marks in the place of personal data; ``initial`` is what stands there now.

    ``unmasked`` is what stood there before anybody masked it: marks are measured by that as well.
    """

    title = CleanCharField(label=_("Title"), max_length=80)
    body = RichTextField(
        label=_("Text with personal data masked"),
        max_length=BODY_MAX,
        help_text=_(
            "Put 某 or × in the place of names, numbers and addresses: 张某某, 工号×××217. Nothing else may change."
        ),
    )

    basis = CleanTextField(label=_("Basis"), max_length=BODY_MAX, rows=3)
    method = CleanTextField(label=_("How it was decided"), max_length=BODY_MAX, rows=3)
    objections_heard = CleanTextField(label=_("Objections heard and what became of them"), max_length=BODY_MAX, rows=3)

    about = CleanCharField(label=_("About whom or what"), max_length=120, required=False)
    notice_basis = CleanCharField(label=_("Basis of the notice"), max_length=200, required=False)
    outcome_note = CleanCharField(label=_("Outcome in a sentence"), max_length=300, required=False)

    files = forms.MultipleChoiceField(
        label=_("Attachments that name somebody"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("From now on only who wrote, signed or supervises it opens these."),
    )

    names_nobody = forms.BooleanField(
        label=_("It names nobody: there is nothing to mask"),
        required=False,
        help_text=_("Then leave title and text as they are. The ledger keeps that it was you who said so."),
    )

    def __init__(self, *args, unmasked, files=(), has_been_masked=False, **kwargs):
        super().__init__(*args, **kwargs)
        self.unmasked = unmasked
        self.fields["files"].choices = [(str(row.pk), row.caption or row.file.name) for row in files]
        # Only what there is: a notice seldom says how it was decided.
        for name in [name for name in ("files", *SELDOM, *NOTICE_WORDS) if not self._has(name)]:
            del self.fields[name]
        for name in NOTICE_WORDS:
            if name in self.fields:
                # What is shown already is no new thing to fill in: left empty it stays as it is.
                self.fields[name].is_conditional = True
        if has_been_masked:
            del self.fields["names_nobody"]

    def _has(self, name):
        return bool(self.fields["files"].choices if name == "files" else self.initial[name])

    def clean(self):
        cleaned = super().clean()
        for name in NOTICE_WORDS:
            if name in cleaned and not cleaned[name]:
                cleaned[name] = self.initial[name]
        for name in (*TEXTS, *NOTICE_WORDS):
            words = (self.initial[name], self.unmasked[name])
            if name in cleaned and not all(only_masks(before, cleaned[name]) for before in words):
                self.add_error(
                    name,
                    ValidationError(
                        _("Something else than marks has changed here. For another wording, ask for a correction.")
                    ),
                )
        return cleaned


class WithdrawForm(PortalForm):
    reason_code = forms.ChoiceField(label=_("Reason"), choices=WithdrawalReason.choices, widget=DescribedRadios)
    reason = CleanCharField(
        label=_("In words"), max_length=300, min_length=4, help_text=_("Shown to everybody in the place of the text.")
    )


class DecideForm(PortalForm):
    """Yes or no to somebody's request: which button was pressed decides."""

    answer = CleanCharField(label=_("Remark"), max_length=300, required=False, help_text=_("Needed when you say no."))
    verdict = forms.ChoiceField(choices=[("yes", ""), ("no", "")], widget=forms.HiddenInput, required=False)

    @property
    def is_granted(self):
        """Whether the button for yes was pressed; a no can never be taken for one."""
        return self.data.get("verdict") == "yes"

    def clean(self):
        cleaned = super().clean()
        if self.data.get("verdict") not in ("yes", "no"):
            raise ValidationError(_("Please press one of the buttons."))
        if not self.is_granted and not cleaned.get("answer"):
            self.add_error("answer", ValidationError(_("Please give the reason.")))
        return cleaned


class OutcomeForm(PortalForm):
    outcome = forms.ChoiceField(label=_("Outcome of the notice"), choices=NoticeOutcome.choices, widget=DescribedRadios)
    note = CleanCharField(
        label=_("In a sentence"),
        max_length=300,
        required=False,
        help_text=_("What was found and what follows from it."),
    )

    def clean(self):
        cleaned = super().clean()
        if cleaned.get("outcome") and cleaned["outcome"] != NoticeOutcome.NO_OBJECTION and not cleaned.get("note"):
            self.add_error(
                "note", ValidationError(_("Please say in a sentence what was found and what follows from it."))
            )
        return cleaned


class GapForm(PortalForm):
    since = DayField(label=_("First day without display"))
    until = DayField(label=_("Last day without display"))
    reason = CleanCharField(label=_("Why"), max_length=200, min_length=2)

    def clean(self):
        cleaned = super().clean()
        since, until = cleaned.get("since"), cleaned.get("until")
        if since and until and until < since:
            self.add_error("until", ValidationError(_("The last day lies before the first.")))
        return cleaned


class FlagForm(PortalForm):
    reason = forms.ChoiceField(label=_("What is wrong"), choices=FlagReason.choices, widget=DescribedRadios)
    demand = CleanTextField(label=_("What must be put right"), max_length=500, min_length=4, rows=3)


class RectifyForm(PortalForm):
    done = CleanTextField(label=_("What has been put right"), max_length=500, min_length=4, rows=3)


class WaiveForm(PortalForm):
    reason = CleanCharField(
        label=_("Why is nothing owed?"),
        max_length=300,
        min_length=4,
        help_text=_("Shown to everybody in the calendar of duties."),
    )
