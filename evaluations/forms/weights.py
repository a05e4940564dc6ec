"""Fields of evaluations: weights as people write them, dimensions one on a line, people by job numbers."""

import re
from decimal import Decimal, InvalidOperation

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from portal.accounts.models import Person
from portal.kernel.forms import CleanCharField, CleanTextField
from portal.kernel.texts import clean_code, clean_line, to_halfwidth

PLACES = Decimal("0.0001")
MOST_DIMENSIONS, MOST_ITEMS = 10, 10
SEPARATORS = re.compile(r"[、，,;；]")


def read_weight(text):
    """
    Return a weight between 0 and 1 that somebody wrote: 0.25, .25, ０．２５, 25%, 25％, 0。25.

    :raises ValueError: when it is none, or has more than four places.
    """
    plain = to_halfwidth(clean_line(text)).replace("。", ".").replace("%", "％").strip()
    is_percent = plain.endswith("％")
    try:
        weight = Decimal(plain.removesuffix("％").strip())
    except InvalidOperation as error:
        raise ValueError from error
    weight = weight / 100 if is_percent and weight.is_finite() else weight
    if not weight.is_finite() or not 0 < weight <= 1 or weight != weight.quantize(PLACES):
        raise ValueError
    return weight.quantize(PLACES)


class WeightField(CleanCharField):
    """A weight; the cleaned value is a Decimal."""

    def clean(self, value):
        text = super().clean(value)
        try:
            return read_weight(text)
        except ValueError:
            raise ValidationError(
                _("Write a weight above 0 and up to 1, like 0.25 or 25%, with up to four places.")
            ) from None


class DimensionsField(CleanTextField):
    """Dimensions with weights, one on a line, items after a colon; cleaned to [(name, weight, [items])]."""

    def clean(self, value):
        lines = [line for line in map(clean_line, super().clean(value).splitlines()) if line]
        if len(lines) > MOST_DIMENSIONS:
            raise ValidationError(_("Up to %(most)d dimensions, please.") % {"most": MOST_DIMENSIONS})
        found = [self._line(number, line) for number, line in enumerate(lines, 1)]
        names = [name for name, _weight, _items in found]
        if len(set(names)) != len(names):
            raise ValidationError(_("A dimension stands here twice."))
        total = sum(weight for _name, weight, _items in found)
        if total != 1:
            words = _("The weights add up to %(sum)s; they have to add up to 1.")
            raise ValidationError(words % {"sum": f"{total.normalize():f}"})
        return found

    def _line(self, number, line):
        head, _colon, tail = line.replace("：", ":").partition(":")
        name, _space, weight = head.strip().rpartition(" ")
        try:
            share = read_weight(weight)
        except ValueError:
            name = ""
        if not name.strip() or len(name.strip()) > 30:
            raise ValidationError(
                _("Line %(number)d: write the name, a space and the weight, like “工作业绩 0.3”.") % {"number": number}
            )
        items = [item for part in SEPARATORS.split(tail) if (item := part.strip())]
        if len(items) > MOST_ITEMS or any(len(item) > 60 for item in items):
            raise ValidationError(_("Line %(number)d: up to ten items, each up to 60 characters.") % {"number": number})
        return name.strip(), share, items


def dimension_lines(dimensions):
    """Return dimensions as the field takes them: [(name, weight, [items])] as text."""
    rows = []
    for name, weight, items in dimensions:
        row = f"{name} {weight.normalize():f}"
        rows.append(f"{row}：{'、'.join(items)}" if items else row)
    return "\n".join(rows)


class PeopleField(CleanTextField):
    """People by their job numbers, one on a line; the cleaned value is a list of people in that order."""

    def clean(self, value):
        numbers = [clean_code(line) for line in super().clean(value).splitlines() if line.strip()]
        found = {
            one.job_no: one for one in Person.objects.filter(job_no__in=numbers, is_active=True).select_related("unit")
        }
        unknown = [number for number in numbers if number not in found]
        if unknown:
            words = _("Nobody on the roster has the job number %(number)s.")
            raise ValidationError(words % {"number": unknown[0]})
        return [found[number] for number in dict.fromkeys(numbers)]
