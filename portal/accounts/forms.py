"""What people type about themselves, units, people, appointments and rules, as clean values."""

from django import forms
from django.contrib.auth import password_validation
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from portal.kernel.days import day_end, local_day
from portal.kernel.forms import CleanCharField, CodeField, DayField, DescribedRadios, PortalForm, WholeNumberField
from portal.kernel.texts import clean_line, to_halfwidth

from .enums import SEPARATED_ROLES, Category, Gender, Role, UnitKind
from .models import Person, Unit


class SecretField(forms.CharField):
    """A secret as typed: nothing is trimmed, and a mismatch shows nothing of it again."""

    def __init__(self, *, autocomplete="current-password", **kwargs):
        kwargs.setdefault("max_length", 200)
        widget = forms.PasswordInput(attrs={"autocomplete": autocomplete})
        super().__init__(strip=False, widget=widget, **kwargs)

    def clean(self, value):
        # NUL and lone surrogates can be in no secret; they are refused like any other wrong one, not with a crash.
        if isinstance(value, str) and any(ch == "\x00" or "\ud800" <= ch <= "\udfff" for ch in value):
            raise ValidationError(_("This contains characters that cannot be typed."))
        return super().clean(value)

    def widget_attrs(self, widget):
        attrs = super().widget_attrs(widget)
        attrs.pop("maxlength", None)
        return attrs


class SignInForm(PortalForm):
    """Job number and secret."""

    job_no = CodeField(label=_("Job number"), max_length=40)
    password = SecretField(label=_("Password"))
    is_shared = forms.BooleanField(
        label=_("This is a shared computer or kiosk"),
        required=False,
        help_text=_("You will be signed out after 60 seconds without a click."),
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["job_no"].widget.attrs.update({"autocomplete": "username", "inputmode": "text"})


class ChangeSecretForm(PortalForm):
    """A new secret, typed twice; the old one first, unless it was printed and has just been typed."""

    old = SecretField(label=_("Present password"))
    new = SecretField(
        label=_("New password"),
        autocomplete="new-password",
        help_text=_("At least 8 characters, and not only digits of your job number."),
    )
    again = SecretField(label=_("New password once more"), autocomplete="new-password")

    def __init__(self, *args, person, is_first, **kwargs):
        self.person = person
        super().__init__(*args, **kwargs)
        if is_first:
            del self.fields["old"]

    def clean_old(self):
        """Refuse a wrong present secret."""
        old = self.cleaned_data["old"]
        if not self.person.check_password(old):
            raise ValidationError(_("The present password is not right."), code="wrong_secret")
        return old

    def clean_new(self):
        """Refuse a secret that is easily guessed, or the one used so far."""
        new = self.cleaned_data["new"]
        password_validation.validate_password(new, self.person)
        if self.person.check_password(new):
            raise ValidationError(_("Choose another password than the one used so far."))
        return new

    def clean(self):
        """Refuse two secrets that differ."""
        cleaned = super().clean()
        if cleaned.get("new") and cleaned.get("again") and cleaned["new"] != cleaned["again"]:
            self.add_error("again", _("The two new passwords differ."))
        return cleaned


class ProveForm(PortalForm):
    """The secret once more, before something that matters."""

    stepup_secret = SecretField(label=_("Password"))
    wrong_secret = _("The password is not right.")


class UnitChoiceField(forms.ModelChoiceField):
    """A unit chosen from a list indented like the tree."""

    def __init__(self, *, queryset=None, **kwargs):
        super().__init__(queryset=Unit.objects.none() if queryset is None else queryset, **kwargs)

    def label_from_instance(self, unit):
        return "\u3000" * (unit.depth - 1) + unit.name

    def to_python(self, value):
        # A key as large as a page makes the database refuse the number itself.
        if value not in self.empty_values and not str(value).isascii() or len(str(value)) > 12:
            raise ValidationError(self.error_messages["invalid_choice"], code="invalid_choice", params={"value": value})
        return super().to_python(value)


class UnitCodeField(CleanCharField):
    """A unit's code: letters, digits, dot, dash and underscore, so that it can stand in addresses and in the ledger."""

    def clean(self, value):
        code = to_halfwidth(super().clean(value)).upper()
        if code and not (
            code.replace("-", "").replace(".", "").replace("_", "").isalnum() and code.isascii() and code[0].isalnum()
        ):
            raise ValidationError(
                _("A code has letters, digits, dots and dashes only, and begins with a letter or digit.")
            )
        return code


class CreateUnitForm(PortalForm):
    """A new unit."""

    parent = UnitChoiceField(label=_("Belongs to"))
    code = UnitCodeField(
        label=_("Code"), max_length=20, help_text=_("Short and lasting: it stands in lists and cannot be changed.")
    )
    name = CleanCharField(label=_("Name"), max_length=60)
    short_name = CleanCharField(label=_("Short name"), max_length=20, required=False)
    kind = forms.ChoiceField(
        label=_("Level"), choices=[choice for choice in UnitKind.choices if choice[0] != UnitKind.COMPANY]
    )

    def __init__(self, *args, units, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["parent"].queryset = units

    def clean_code(self):
        """Refuse a code that another unit has."""
        code = self.cleaned_data["code"]
        if Unit.objects.filter(code=code).exists():
            raise ValidationError(_("Another unit has this code already."))
        return code


class RenameUnitForm(PortalForm):
    """A unit's name and level."""

    name = CleanCharField(label=_("Name"), max_length=60)
    short_name = CleanCharField(label=_("Short name"), max_length=20, required=False)
    kind = forms.ChoiceField(label=_("Level"), choices=UnitKind.choices)


class MoveUnitForm(PortalForm):
    """Where a unit goes."""

    parent = UnitChoiceField(label=_("New place: below"))

    def __init__(self, *args, units, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["parent"].queryset = units


class PhoneField(CleanCharField):
    """A telephone number, as people write it."""

    def clean(self, value):
        phone = to_halfwidth(super().clean(value)).replace(" ", "").replace("-", "")
        if phone and not (phone.removeprefix("+").isdigit() and phone.isascii() and 5 <= len(phone) <= 19):
            raise ValidationError(_("This is no telephone number."))
        return phone


class MailField(forms.EmailField):
    """An e-mail address; whatever is wrong with it is said in one sentence."""

    def __init__(self, **kwargs):
        super().__init__(**kwargs)
        wrong = _("This is no e-mail address.")
        self.error_messages["max_length"] = wrong
        for validator in self.validators:
            validator.message = wrong

    def clean(self, value):
        return super().clean(clean_line(to_halfwidth(value)) if isinstance(value, str) else value)


class PersonForm(PortalForm):
    """What the roster says about a person."""

    name = CleanCharField(label=_("Full name"), max_length=40)
    post = CleanCharField(label=_("Post"), max_length=40, required=False)
    category = forms.ChoiceField(label=_("Category"), choices=Category.choices)
    gender = forms.ChoiceField(label=_("Gender"), choices=[("", "—"), *Gender.choices], required=False)
    phone = PhoneField(label=_("Mobile phone"), max_length=20, required=False)
    email = MailField(label=_("E-mail"), max_length=254, required=False)
    joined_on = DayField(label=_("Joined on"), required=False)


class AddPersonForm(PersonForm):
    """Somebody new on the roster."""

    field_order = ("unit", "job_no")
    unit = UnitChoiceField(label=_("Unit"))
    job_no = CodeField(label=_("Job number"), max_length=20)

    def __init__(self, *args, units, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["unit"].queryset = units

    def clean_job_no(self):
        """Refuse a number that is no job number, or somebody else's."""
        job_no = self.cleaned_data["job_no"]
        if not (job_no.isalnum() and job_no.isascii()):
            raise ValidationError(_("A job number has letters and digits only."))
        if Person.objects.filter(job_no=job_no).exists():
            raise ValidationError(_("Somebody else has this job number already."))
        return job_no


class MovePersonForm(PortalForm):
    """The unit somebody moves to."""

    unit = UnitChoiceField(label=_("New unit"))

    def __init__(self, *args, units, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["unit"].queryset = units


class LeaveForm(PortalForm):
    """The last day of somebody who leaves."""

    left_on = DayField(label=_("Left on"), help_text=_("The account is closed at once, whatever the day."))

    def __init__(self, *args, at, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["left_on"].latest = local_day(at)


class _UntilMixin(PortalForm):
    """A last day, whose end is the end of the period."""

    def __init__(self, *args, at, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["until_on"].earliest = local_day(at)

    @property
    def until(self):
        """The first moment after the last day, or None."""
        day = self.cleaned_data.get("until_on")
        return day_end(day) if day else None


class GrantRoleForm(_UntilMixin):
    """A person, a role and the unit it is for."""

    job_no = CodeField(label=_("Job number"), max_length=20)
    role = forms.ChoiceField(label=_("Role"), choices=Role.choices)
    unit = UnitChoiceField(label=_("For the unit and everything below it"))
    until_on = DayField(label=_("Last day"), required=False, help_text=_("Empty: until it is ended."))

    def __init__(self, *args, units, at, **kwargs):
        super().__init__(*args, at=at, **kwargs)
        self.fields["unit"].queryset = units
        self.person = None

    def clean_job_no(self):
        """Find the person on the roster."""
        self.person = (
            Person.objects.select_related("unit").filter(job_no=self.cleaned_data["job_no"], is_active=True).first()
        )
        if self.person is None:
            raise ValidationError(_("Nobody on the roster has this job number."))
        return self.cleaned_data["job_no"]

    def clean(self):
        """Refuse an administrator for less than the enterprise."""
        cleaned = super().clean()
        if cleaned.get("role") in SEPARATED_ROLES and cleaned.get("unit") and cleaned["unit"].parent_id is not None:
            self.add_error("unit", _("This role is held for the whole enterprise."))
        return cleaned


class DeputyForm(_UntilMixin):
    """Who stands in, and until when."""

    job_no = CodeField(label=_("Job number of the deputy"), max_length=20)
    until_on = DayField(label=_("Last day"))

    def __init__(self, *args, at, **kwargs):
        super().__init__(*args, at=at, **kwargs)
        self.person = None

    clean_job_no = GrantRoleForm.clean_job_no


class RosterUploadForm(PortalForm):
    """A roster file, and whether it lists everybody of a unit."""

    file = forms.FileField(
        label=_("Roster file"),
        help_text=_(".xlsx or .csv, up to 20 MB. Use the template."),
        widget=forms.FileInput(attrs={"accept": ".xlsx,.csv"}),
    )
    extent = forms.ChoiceField(label=_("What the file holds"), initial="part")

    def __init__(self, *args, units, **kwargs):
        super().__init__(*args, **kwargs)
        field = self.fields["extent"]
        field.choices = [("part", _("New people and changes only")), ("all", _("Everybody of a unit"))]
        field.widget = DescribedRadios(
            choices=field.choices,
            about={
                "part": _("Nobody is taken off the roster."),
                "all": _(
                    "Whoever of that unit is missing from the file has left. You see who before anything is written."
                ),
            },
        )
        self.fields["scope"] = UnitChoiceField(
            label=_("The unit, if the file holds everybody of it"), queryset=units, required=False
        )

    def clean_file(self):
        """Refuse what is neither a workbook nor a text table by its name."""
        file = self.cleaned_data["file"]
        if not file.name.lower().endswith((".xlsx", ".csv")):
            raise ValidationError(_("This is neither an .xlsx nor a .csv file."))
        return file

    def clean(self):
        """Ask for the unit when the file holds everybody of one."""
        cleaned = super().clean()
        if cleaned.get("extent") == "all" and not cleaned.get("scope") and "scope" not in self.errors:
            self.add_error("scope", _("Choose the unit."))
        if cleaned.get("extent") == "part":
            cleaned["scope"] = None
        return cleaned


class RuleValueForm(PortalForm):
    """A rule's number for the enterprise or a unit, and why."""

    unit = UnitChoiceField(label=_("For"), required=False, empty_label=_("the whole enterprise"))
    value = WholeNumberField(label=_("Number"))
    reason = CleanCharField(
        label=_("Reason"), max_length=200, min_length=5, help_text=_("Everybody can read it beside the number.")
    )

    def __init__(self, *args, rule, units, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["unit"].queryset = units
        self.fields["value"].min_value, self.fields["value"].max_value = rule.least, rule.most
        self.fields["value"].help_text = _("From %(least)d to %(most)d; the default is %(default)d.") % {
            "least": rule.least,
            "most": rule.most,
            "default": rule.default,
        }


class ProfileForm(PortalForm):
    """How a person likes the portal, and where to reach them."""

    language = forms.ChoiceField(label=_("Language"))
    is_elder_mode = forms.BooleanField(
        label=_("Large writing"), required=False, help_text=_("One column, large type, large buttons.")
    )
    wants_mail = forms.BooleanField(label=_("One e-mail a day with what is new for me"), required=False)
    phone = PhoneField(
        label=_("Mobile phone"),
        max_length=20,
        required=False,
        help_text=_("Seen by the union desk and the administrators only."),
    )
    email = MailField(label=_("E-mail"), max_length=254, required=False)

    def __init__(self, *args, languages, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["language"].choices = languages


class JobNumberForm(PortalForm):
    """Somebody's job number."""

    job_no = CodeField(label=_("Job number"), max_length=20)
