"""
The base of every form: text cleaned on the way in, faults said kindly, what was typed kept.

A form turns HTTP text into clean values and never saves. It is drawn by
``{% form_fields form %}`` inside a <form> that the page writes, so that there
is one way of writing a form tag.
"""

import datetime as dt
import re
import uuid

from crispy_forms.helper import FormHelper
from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from portal.kernel.texts import clean_code, clean_line, clean_text, to_halfwidth

EARLIEST_DAY, LATEST_DAY = dt.date(1950, 1, 1), dt.date(2199, 12, 31)


class PortalForm(forms.Form):
    """A form of the portal: no form tag of its own, an error summary above, hints before fields."""

    use_required_attribute = False
    required_message = _("Please fill in “%(label)s”.")
    unchosen_message = _("Please choose “%(label)s”.")

    def __init__(self, *args, **kwargs):
        kwargs.setdefault("label_suffix", "")
        super().__init__(*args, **kwargs)
        self.helper = FormHelper()
        self.helper.form_tag = False
        self.helper.disable_csrf = True
        self.helper.include_media = False
        self.helper.form_show_errors = False
        for field in self.fields.values():
            # Django's own sentence does not say which field; ours does, because the summary repeats it.
            if (
                field.required
                and field.error_messages.get("required") == forms.Field.default_error_messages["required"]
            ):
                is_choice = isinstance(field, forms.ChoiceField | forms.ModelChoiceField | forms.FileField)
                message = self.unchosen_message if is_choice else self.required_message
                field.error_messages["required"] = message % {"label": field.label or ""}

    def use_hints_of(self, **hints):
        """Set hints of fields by name, for texts that depend on the reader or the rulebook."""
        for name, hint in hints.items():
            self.fields[name].help_text = hint


class KeyField(forms.UUIDField):
    """A key made when the form was first shown; one lost or damaged on the way counts as a new one."""

    widget = forms.HiddenInput

    def __init__(self, **kwargs):
        super().__init__(**{"required": False, "initial": uuid.uuid4, **kwargs})

    def clean(self, value):
        try:
            return super().clean(value) or uuid.uuid4()
        except ValidationError:  # nothing that the writer could mend
            return uuid.uuid4()

    def bound_data(self, data, initial):
        try:
            return super().clean(data) or initial
        except ValidationError:
            return initial


class IdempotencyMixin(forms.Form):
    """Carry a key with the form, so that sending it twice does one thing; it is always a UUID once cleaned."""

    idempotency_key = KeyField()


class CleanCharField(forms.CharField):
    """One line of text, cleaned; too long is said, never cut."""

    cleaner = staticmethod(clean_line)
    default_error_messages = {
        "max_length": _("Up to %(limit_value)d characters, please; there are %(show_value)d."),
        "min_length": _("At least %(limit_value)d characters, please."),
    }

    def __init__(self, *, max_length=200, strip=True, **kwargs):
        super().__init__(max_length=max_length, strip=strip, **kwargs)

    def to_python(self, value):
        if value in self.empty_values:
            return self.empty_value
        return self.cleaner(str(value)) or self.empty_value

    def clean(self, value):
        # The base class refuses NUL before to_python could drop it; what the cleaner drops is no fault of the writer.
        return super().clean(self.cleaner(str(value)) if value not in self.empty_values else value)

    def widget_attrs(self, widget):
        # No maxlength: a browser that cuts off pasted text loses it without a word.
        attrs = super().widget_attrs(widget)
        attrs.pop("maxlength", None)
        attrs.pop("minlength", None)
        return attrs


class CleanTextField(CleanCharField):
    """Several lines of text, cleaned, counted in characters as a reader counts them."""

    cleaner = staticmethod(clean_text)

    def __init__(self, *, max_length=1000, rows=6, **kwargs):
        kwargs.setdefault("widget", forms.Textarea(attrs={"rows": rows}))
        super().__init__(max_length=max_length, **kwargs)

    def widget_attrs(self, widget):
        return super().widget_attrs(widget) | {"data-count-max": str(self.max_length)}


class CodeField(CleanCharField):
    """A typed code (job number, receipt code): spaces, dashes, full-width and lower-case letters do not matter."""

    cleaner = staticmethod(clean_code)

    def __init__(self, *, max_length=40, **kwargs):
        super().__init__(max_length=max_length, **kwargs)

    def widget_attrs(self, widget):
        return super().widget_attrs(widget) | {"autocapitalize": "characters", "spellcheck": "false"}


class DayInput(forms.DateInput):
    """The browser's day picker; a line of text again when what was typed is no day, so that it can be corrected."""

    input_type = "date"

    def __init__(self, attrs=None):
        super().__init__(attrs, format="%Y-%m-%d")

    def get_context(self, name, value, attrs):
        context = super().get_context(name, value, attrs)
        shown = context["widget"]["value"]
        context["widget"]["type"] = "date" if not shown or re.fullmatch(r"\d{4}-\d{2}-\d{2}", str(shown)) else "text"
        return context


class DayField(forms.Field):
    """
    A day, as people write it: 2026-11-23, 2026/11/23, 2026.11.23, 2026年11月23日, 20261123, full-width digits too.

    ``earliest`` and ``latest`` are days or callables; a day outside is refused with the limit.
    """

    widget = DayInput
    default_error_messages = {
        "invalid": _("This is no day. Write it like 2026-11-23."),
        "too_early": _("The day must not be before %(limit)s."),
        "too_late": _("The day must not be after %(limit)s."),
    }
    _pattern = re.compile(r"(\d{4})\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})\s*日?|(\d{4})(\d{2})(\d{2})")

    def __init__(self, *, earliest=EARLIEST_DAY, latest=LATEST_DAY, **kwargs):
        self.earliest, self.latest = earliest, latest
        super().__init__(**kwargs)

    def to_python(self, value):
        if value in self.empty_values:
            return None
        if isinstance(value, dt.datetime):
            return value.date()
        if isinstance(value, dt.date):
            return value
        text = to_halfwidth(clean_line(str(value)))
        if not text:
            return None
        found = self._pattern.fullmatch(text)
        if not found:
            raise ValidationError(self.error_messages["invalid"], code="invalid")
        year, month, day = (int(part) for part in found.groups() if part is not None)
        try:
            return dt.date(year, month, day)
        except ValueError as error:
            raise ValidationError(self.error_messages["invalid"], code="invalid") from error

    def validate(self, value):
        super().validate(value)
        if value is None:
            return
        for limit, code, is_out in (
            (self.earliest, "too_early", lambda limit: value < limit),
            (self.latest, "too_late", lambda limit: value > limit),
        ):
            limit = limit() if callable(limit) else limit
            if limit is not None and is_out(limit):
                raise ValidationError(self.error_messages[code], code=code, params={"limit": limit.isoformat()})


class ClockField(forms.TimeField):
    """A time of day; full-width digits and colon are read."""

    widget = forms.TimeInput

    def __init__(self, **kwargs):
        kwargs.setdefault("widget", forms.TimeInput(attrs={"type": "time"}, format="%H:%M"))
        super().__init__(error_messages={"invalid": _("Write the time like 08:30.")}, **kwargs)

    def to_python(self, value):
        return super().to_python(to_halfwidth(clean_line(value)) if isinstance(value, str) else value)


class WholeNumberField(forms.Field):
    """A whole number; full-width digits and thousands commas are read, anything else is refused."""

    widget = forms.TextInput
    default_error_messages = {
        "invalid": _("Please write a whole number, in digits."),
        "min_value": _("The number must be at least %(limit)d."),
        "max_value": _("The number must be at most %(limit)d."),
    }

    def __init__(self, *, min_value=0, max_value=2_000_000_000, **kwargs):
        self.min_value, self.max_value = min_value, max_value
        super().__init__(**kwargs)

    def widget_attrs(self, widget):
        return super().widget_attrs(widget) | {"inputmode": "numeric", "autocomplete": "off"}

    def to_python(self, value):
        if value in self.empty_values:
            return None
        if isinstance(value, int) and not isinstance(value, bool):
            return value
        text = to_halfwidth(clean_line(str(value)))
        if not text:
            return None
        if re.fullmatch(r"[+-]?\d{1,3}(,\d{3})+", text):
            text = text.replace(",", "")
        if not re.fullmatch(r"[+-]?[0-9]{1,18}", text):
            raise ValidationError(self.error_messages["invalid"], code="invalid")
        return int(text)

    def validate(self, value):
        super().validate(value)
        if value is None:
            return
        if self.min_value is not None and value < self.min_value:
            raise ValidationError(self.error_messages["min_value"], code="min_value", params={"limit": self.min_value})
        if self.max_value is not None and value > self.max_value:
            raise ValidationError(self.error_messages["max_value"], code="max_value", params={"limit": self.max_value})


class _DescribedRadios(forms.RadioSelect):
    """Radio buttons whose options may carry a sentence and an icon."""

    def __init__(self, attrs=None, choices=(), *, about=None, icons=None):
        super().__init__(attrs, choices)
        self.about, self.icons = about or {}, icons or {}

    def __deepcopy__(self, memo):
        copy = super().__deepcopy__(memo)
        copy.about, copy.icons = dict(self.about), dict(self.icons)
        return copy

    def create_option(self, name, value, *args, **kwargs):
        option = super().create_option(name, value, *args, **kwargs)
        option["description"] = self.about.get(str(value), "")
        option["icon"] = self.icons.get(str(value), "")
        return option


class ChoiceCards(_DescribedRadios):
    """A choice drawn as cards, each with its consequence in plain words: {value: sentence}, {value: icon}."""

    portal_style = "cards"


class RatingRadios(_DescribedRadios):
    """A rating drawn as a row of equal buttons with words; a column on phones."""

    portal_style = "rating"


class DescribedRadios(_DescribedRadios):
    """Plain radio buttons in a column, each with an optional sentence."""

    portal_style = "choices"
