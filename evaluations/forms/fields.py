"""Fields of the scorecard's forms: decimals as people write them, months, rows of figures."""

import re
from decimal import Decimal

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from portal.kernel.texts import clean_line, to_halfwidth

from ..months import month_of_text


class HundredthsField(forms.Field):
    """A number with up to two decimals; full-width digits and point are read, anything else is refused."""

    widget = forms.TextInput
    default_error_messages = {
        "invalid": _("Please write a number with at most two decimals, such as 12.5."),
        "min_value": _("The number must be at least %(limit)s."),
        "max_value": _("The number must be at most %(limit)s."),
    }

    def __init__(self, *, least=Decimal(0), most=Decimal(100), **kwargs):
        self.least, self.most = least, most
        super().__init__(**kwargs)

    def widget_attrs(self, widget):
        return super().widget_attrs(widget) | {"inputmode": "decimal", "autocomplete": "off"}

    def to_python(self, value):
        if value in self.empty_values:
            return None
        if isinstance(value, Decimal):
            return value
        text = to_halfwidth(clean_line(str(value))).replace("。", ".")
        if not text:
            return None
        if not re.fullmatch(r"-?[0-9]{1,6}(\.[0-9]{1,2})?", text):
            raise ValidationError(self.error_messages["invalid"], code="invalid")
        return Decimal(text)

    def validate(self, value):
        super().validate(value)
        if value is None:
            return
        for limit, code, is_out in (
            (self.least, "min_value", value < self.least),
            (self.most, "max_value", value > self.most),
        ):
            if is_out:
                raise ValidationError(self.error_messages[code], code=code, params={"limit": limit})


class MonthField(forms.Field):
    """A month, as people write it: 2026-12, 2026/12, 2026年12月, full-width digits too; cleans to its first day."""

    widget = forms.TextInput
    default_error_messages = {"invalid": _("This is no month. Write it like 2026-12.")}

    def to_python(self, value):
        if value in self.empty_values:
            return None
        text = to_halfwidth(clean_line(str(value)))
        if not text:
            return None
        found = re.fullmatch(r"(\d{4})\s*[-/.年]\s*(\d{1,2})\s*月?", text)
        month = month_of_text(f"{found[1]}-{found[2]}") if found else None
        if month is None or not 2000 <= month.year <= 2199:
            raise ValidationError(self.error_messages["invalid"], code="invalid")
        return month
