"""Ballots on paper: who is handed one, what a paper from the box says, the scanned papers."""

from django import forms
from django.utils.translation import gettext_lazy as _

from portal.files.forms import UploadsField
from portal.kernel.forms import PortalForm, WholeNumberField

from .ballot import BallotForm
from .desk import ScrutineerField


class IssueForm(PortalForm):
    job_no = ScrutineerField(label=_("Job number of whoever is handed a paper"))


class ScanForm(PortalForm):
    files = UploadsField(label=_("The scanned papers, in one file"), max_files=1)


class PaperForm(BallotForm):
    """A ballot as it is read on paper: what a paper leaves open, or marks twice, is void; nothing is guessed."""

    # Nobody reads a paper otherwise than it was filled in.
    too_many_message = _(
        "There are %(seats)d seats and you have entered %(count)d. If the paper names as many, tick that it is void "
        "for this question."
    )

    def __init__(self, definition, data=None, **kwargs):
        super().__init__(definition, data, **kwargs)
        asked = dict(self.fields)
        self.fields.clear()
        self.fields["number"] = WholeNumberField(
            label=_("Number on the paper"),
            min_value=1,
            max_value=9999,
            help_text=_("Written on it after all papers were mixed, never before."),
            error_messages={"required": self.required_message % {"label": _("Number on the paper")}},
        )
        for question in definition.questions:
            for name in self._names[question.code]:
                self.fields[name] = asked[name]
                asked[name].required = False
                asked[name].is_conditional = True
            self.fields[f"void-{question.code}"] = forms.BooleanField(label=_("void for this question"), required=False)
        self.fields["is_void"] = forms.BooleanField(label=_("The paper is void as a whole"), required=False)

    def _made(self, labels=()):
        return self._make(dict(labels))  # of its own: they are changed above

    def clean(self):
        cleaned = super().clean()
        for question in self.definition.questions:
            if cleaned.get("is_void") or cleaned.get(f"void-{question.code}"):
                # What is void may say what it likes.
                for name in self._names[question.code]:
                    self.errors.pop(name, None)
                continue
            for name in self._names[question.code]:
                field = self.fields[name]
                is_choice = isinstance(field, forms.ChoiceField) and not isinstance(field, forms.MultipleChoiceField)
                if is_choice and name not in self.errors and not cleaned.get(name):
                    self.add_error(name, _("Choose what the paper says, or say that it is void for this question."))
        return cleaned

    def answers(self):
        """Return the answers as the box takes them: empty for a void paper, None for a void question."""
        if self.cleaned_data.get("is_void"):
            return {}
        return {
            question.code: None if self.cleaned_data.get(f"void-{question.code}") else self._answer(question)
            for question in self.definition.questions
        }
