"""Forms of terms: prepare, count and set seats, choose units, share the seats, extend; delegations and bodies."""

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from feedback.forms.fields import JobNumberField, UnitField, unit_label
from portal.kernel.forms import (
    CleanCharField,
    CleanTextField,
    DayField,
    DescribedRadios,
    PortalForm,
    WholeNumberField,
)

from ..enums import CongressNoun, Region

LEADER_PERCENT = (("20", "20 %"), ("25", "25 %"), ("35", "35 %"))


class TermForm(PortalForm):
    """A new term of a unit's congress."""

    unit = UnitField(label=_("Unit"), empty_label=_("choose"))
    number = WholeNumberField(label=_("Number of the term"), min_value=1, max_value=99)
    noun = forms.ChoiceField(
        label=_("The congress is called"),
        choices=CongressNoun.choices,
        initial=CongressNoun.WORKERS,
        widget=DescribedRadios,
    )
    begins_on = DayField(label=_("First day"))
    years = forms.TypedChoiceField(
        label=_("Length"),
        coerce=int,
        choices=[("3", _("three years")), ("4", _("four years")), ("5", _("five years"))],
        help_text=_("Three to five years by law."),
    )
    region = forms.ChoiceField(
        label=_("Whose text fixes the number of delegates"),
        choices=Region.choices,
        initial=Region.NATIONAL,
        widget=DescribedRadios,
        help_text=_("The staff are counted from the roster at this moment, and the number is kept with the rule."),
    )

    def __init__(self, *args, units, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["unit"].offer(units)


class SeatsForm(PortalForm):
    """How many seats, and what the text leaves open."""

    seats = WholeNumberField(label=_("Number of delegates"), min_value=1, max_value=5000)
    decision = CleanTextField(
        label=_("What was decided where the text leaves it open, by whom and why"),
        max_length=500,
        required=False,
        rows=3,
    )
    leader_percent = forms.TypedChoiceField(
        label=_("Largest share of middle managers and leaders"),
        coerce=int,
        choices=LEADER_PERCENT,
        widget=DescribedRadios(
            about={
                "20": _("The rule."),
                "25": _("Only group headquarters of a central enterprise."),
                "35": _("Only group headquarters of a central enterprise."),
            }
        ),
    )
    half_is_enough = forms.TypedChoiceField(
        label=_("A delegate is elected or recalled by"),
        coerce=lambda value: value == "1",
        choices=[("0", _("more than half of all staff of the electing unit")), ("1", _("half of all staff or more"))],
        widget=DescribedRadios(about={"1": _("Shanghai 职工代表大会条例 art. 15: half is enough.")}),
    )
    women = WholeNumberField(label=_("Women among the staff"), max_value=5_000_000)
    women_of = WholeNumberField(label=_("of so many staff"), min_value=1, max_value=5_000_000)
    women_source = CleanCharField(label=_("Source of these two numbers"), max_length=100)
    women_on = DayField(label=_("as of"))

    WOMEN = ("women", "women_of", "women_source", "women_on")

    def __init__(self, *args, asks_women, today, **kwargs):
        super().__init__(*args, **kwargs)
        if asks_women:
            self.fields["women_on"].latest = today
        else:
            for name in self.WOMEN:
                del self.fields[name]

    def clean(self):
        cleaned = super().clean()
        women, whole = cleaned.get("women"), cleaned.get("women_of")
        if women is not None and whole is not None and women > whole:
            self.add_error("women", ValidationError(_("There cannot be more women than staff.")))
        return cleaned


class UnitsForm(PortalForm):
    """Which units elect delegates."""

    units = forms.MultipleChoiceField(
        label=_("Electing units"),
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Everybody belongs to the nearest electing unit above them; nobody may be left over."),
    )

    def __init__(self, *args, units, staff, **kwargs):
        super().__init__(*args, **kwargs)
        self.units = {unit.code: unit for unit in units}
        self.fields["units"].choices = [
            (unit.code, _("%(unit)s, %(staff)d staff") % {"unit": unit_label(unit), "staff": staff.get(unit.pk, 0)})
            for unit in units
        ]

    def clean_units(self):
        return [self.units[code] for code in self.cleaned_data["units"]]


class AllocationForm(PortalForm):
    """The seats of each electing unit, and where its staff find their delegates."""

    def __init__(self, *args, units, proposed, **kwargs):
        super().__init__(*args, **kwargs)
        self.units = units
        for unit in units:
            words = {"staff": unit.staff, "seats": proposed.get(unit.pk, 0)}
            self.fields[f"seats-{unit.pk}"] = WholeNumberField(
                label=_("Seats: %(unit)s") % {"unit": unit.unit.name},
                min_value=1,
                max_value=5000,
                initial=unit.seats or proposed.get(unit.pk),
                help_text=_("%(staff)d staff; in proportion: %(seats)d.") % words,
                error_messages={"required": _("Please give each electing unit its seats.")},
            )
            self.fields[f"contact-{unit.pk}"] = CleanCharField(
                label=_("Contact office: %(unit)s") % {"unit": unit.unit.name},
                max_length=80,
                required=False,
                initial=unit.contact,
            )

    def seats(self):
        """Return {key of an electing unit: seats}."""
        return {unit.pk: self.cleaned_data[f"seats-{unit.pk}"] for unit in self.units}

    def contacts(self):
        """Return {key of an electing unit: contact office}."""
        return {unit.pk: self.cleaned_data[f"contact-{unit.pk}"] for unit in self.units}


class ContactForm(PortalForm):
    contact = CleanCharField(
        label=_("Contact office"),
        max_length=80,
        help_text=_("Where the staff find their delegates: room, telephone of the office. Everybody reads it."),
    )


class ExtensionForm(PortalForm):
    until = DayField(label=_("New last day"))
    reason = CleanTextField(label=_("Reason"), max_length=300, rows=3)

    def __init__(self, *args, earliest, latest, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["until"].earliest, self.fields["until"].latest = earliest, latest


class VerdictForm(PortalForm):
    """A yes or a no with its reason; the buttons say which."""

    verdict = forms.ChoiceField(choices=[("yes", "yes"), ("no", "no")], widget=forms.HiddenInput)
    answer = CleanCharField(label=_("Reason, where it is a no"), max_length=300, required=False)

    @property
    def is_granted(self):
        """Whether the answer is a yes."""
        return self.cleaned_data["verdict"] == "yes"

    def clean(self):
        cleaned = super().clean()
        if cleaned.get("verdict") == "no" and not cleaned.get("answer"):
            self.add_error("answer", ValidationError(_("Please say why not.")))
        return cleaned


class DelegationForm(PortalForm):
    name = CleanCharField(label=_("Name of the delegation"), max_length=40)
    units = forms.MultipleChoiceField(label=_("Electing units"), widget=forms.CheckboxSelectMultiple)
    head = forms.ChoiceField(label=_("Head, chosen by the delegates"), required=False)

    def __init__(self, *args, units, delegates, **kwargs):
        super().__init__(*args, **kwargs)
        self.units = {str(unit.pk): unit for unit in units}
        self.delegates = {str(one.pk): one for one in delegates}
        self.fields["units"].choices = [(key, unit.unit.name) for key, unit in self.units.items()]
        self.fields["head"].choices = [("", _("not chosen yet")), *_names(self.delegates)]

    def clean_units(self):
        return [self.units[key] for key in self.cleaned_data["units"]]

    def clean_head(self):
        return self.delegates.get(self.cleaned_data["head"])


class BodyForm(PortalForm):
    """The presidium or a committee: its delegates and who chairs them."""

    name = CleanCharField(label=_("Name"), max_length=40)
    remit = CleanCharField(label=_("What it does"), max_length=200, required=False)
    decided_on = DayField(label=_("Decided by the congress on"))
    members = forms.MultipleChoiceField(label=_("Members"), widget=forms.CheckboxSelectMultiple)
    chair = forms.ChoiceField(label=_("Chaired by"), required=False)

    def __init__(self, *args, delegates, today, is_presidium, **kwargs):
        super().__init__(*args, **kwargs)
        self.delegates = {str(one.pk): one for one in delegates}
        self.fields["members"].choices = self.fields["chair"].choices = list(_names(self.delegates, with_category=True))
        self.fields["chair"].choices = [("", _("nobody")), *_names(self.delegates)]
        self.fields["decided_on"].latest = today
        if is_presidium:
            del self.fields["chair"]

    def clean_members(self):
        return [self.delegates[key] for key in self.cleaned_data["members"]]

    def clean_chair(self):
        return self.delegates.get(self.cleaned_data["chair"])


def _names(delegates, *, with_category=False):
    for key, one in delegates.items():
        words = {"name": one.name, "unit": one.electing_unit.unit.name, "category": one.get_category_display()}
        yield key, (_("%(name)s, %(unit)s, %(category)s") if with_category else _("%(name)s, %(unit)s")) % words


class ObserverForm(PortalForm):
    person = JobNumberField(label=_("Job number"))
    reason = CleanCharField(label=_("Why this person attends"), max_length=100)
