"""The field of points in schemes and assessments."""

import re
from decimal import Decimal

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from portal.kernel.texts import clean_line, to_halfwidth

from ..rules.schemes import plain


class PointsField(forms.Field):
    """Points with at most one decimal, from ``least`` to ``most``; full-width digits and dots are read."""

    widget = forms.TextInput
    default_error_messages = {
        "invalid": _("Please write points in digits, with at most one decimal, such as 7.5."),
        "too_few": _("There are at least %(limit)s points here."),
        "too_many": _("There are at most %(limit)s points here."),
    }
    _pattern = re.compile(r"[+-]?[0-9]{1,6}(?:\.[0-9]{1,3})?")

    def __init__(self, *, least=Decimal(0), most=Decimal(100), **kwargs):
        self.least, self.most = least, most
        super().__init__(**kwargs)

    def widget_attrs(self, widget):
        return super().widget_attrs(widget) | {"inputmode": "decimal", "autocomplete": "off"}

    def prepare_value(self, value):
        return plain(value) if isinstance(value, Decimal) else value

    def to_python(self, value):
        if value in self.empty_values:
            return None
        if isinstance(value, Decimal):
            return value
        text = to_halfwidth(clean_line(str(value))).replace("。", ".")
        if not text:
            return None
        if not self._pattern.fullmatch(text):
            raise ValidationError(self.error_messages["invalid"], code="invalid")
        points = Decimal(text)
        if points != points.quantize(Decimal("0.1")):
            raise ValidationError(self.error_messages["invalid"], code="invalid")
        return points.quantize(Decimal("0.1"))

    def validate(self, value):
        super().validate(value)
        if value is None:
            return
        if value < self.least:
            raise ValidationError(self.error_messages["too_few"], code="too_few", params={"limit": plain(self.least)})
        if value > self.most:
            raise ValidationError(self.error_messages["too_many"], code="too_many", params={"limit": plain(self.most)})
