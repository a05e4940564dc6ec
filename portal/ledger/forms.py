"""What is typed to check the ledger, and how the auditor searches it."""

from django import forms
from django.utils.translation import gettext_lazy as _

from portal.accounts.models import Person
from portal.kernel.forms import CleanCharField, DayField, PortalForm

from .registry import known_verbs


class CheckForm(PortalForm):
    """A fingerprint, a hash, an entry number or an entry id."""

    q = CleanCharField(label=_("Fingerprint, hash or entry number"), max_length=200, required=False)


class AuditForm(PortalForm):
    """Filters of the auditor's list; what does not fit is ignored with a word beside it."""

    field_order = ("verb", "subject", "actor", "day")

    subject = CleanCharField(label=_("Object"), max_length=80, required=False)
    actor = CleanCharField(label=_("Actor (job number, or “system”)"), max_length=40, required=False)
    day = DayField(label=_("Day"), required=False)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        # Asked for when the form is made: apps register their verbs after this module is read.
        self.fields["verb"] = forms.ChoiceField(
            label=_("Act"), choices=[("", _("all")), *((code, code) for code in known_verbs())], required=False
        )
        self.order_fields(self.field_order)

    def clean_actor(self):
        """Return the actor as the ledger writes it."""
        typed = self.cleaned_data["actor"]
        if not typed or typed == "system":
            return typed
        person = Person.objects.filter(job_no=typed.upper()).values_list("pk", flat=True).first()
        if person is None:
            raise forms.ValidationError(_("Nobody on the roster has this job number."))
        return f"person:{person}"
