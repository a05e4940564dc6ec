"""
The form field of rich text.

    body = RichTextField(label=_("Text"), max_length=60_000)

Without JavaScript it is a box of plain text whose few signs the hint explains;
with it, static/js/editor.js draws an editor over the same box. Either way the
cleaned value is clean markup, and what was typed is there again after a fault.
"""

from django import forms
from django.core.exceptions import ValidationError
from django.forms.utils import flatatt
from django.template.loader import render_to_string
from django.utils.translation import gettext_lazy as _

from portal.kernel.richtext.cleaning import LIMIT, clean, is_markup
from portal.kernel.richtext.plain import from_plain, to_plain
from portal.kernel.richtext.reading import count_of
from portal.kernel.texts import clean_text

# What even a 200-page paste stays far below; more is not read for its shape.
MAX_MARKUP = 2_000_000


class RichTextArea(forms.Textarea):
    """A box of plain text with the markup beside it; the editor sets ``-kind`` to say that the box holds markup."""

    template_name = "components/rich_text_area.html"
    portal_style = "rich"

    def __init__(self, attrs=None):
        super().__init__({"rows": 14, **(attrs or {})})

    def value_from_datadict(self, data, files, name):
        """Return clean markup; a TooMuch where it is too long to be read for its shape."""
        typed = data.get(name)
        if typed is None:
            return None
        typed = str(typed)
        if len(typed) > MAX_MARKUP:
            return TooMuch(typed)
        if data.get(f"{name}-kind") == "markup":
            return clean(typed)
        before = str(data.get(f"{name}-before") or "")
        return from_plain(typed, before if len(before) <= MAX_MARKUP else "")

    def value_omitted_from_data(self, data, files, name):
        return name not in data

    def get_context(self, name, value, attrs):
        context = super().get_context(name, value, attrs)
        if isinstance(value, TooMuch):
            markup, text = "", str(value)
        else:
            # A value that came as plain text (an initial, a test's) is shown as the text it is.
            markup = clean(value) if value and is_markup(value) else from_plain(value or "")
            text = to_plain(markup)
        context["widget"] |= {"markup": markup, "value": text}
        # The page's own engine draws it, which knows the portal's tags; Django's for widgets does not.
        context["flat_attrs"] = flatatt({key: kept for key, kept in context["widget"]["attrs"].items() if kept})
        return context

    def _render(self, template_name, context, renderer=None):
        return render_to_string(template_name, context)


class TooMuch(str):
    """What was sent, as it was sent: too long to be read for its shape, and kept for the writer."""


class RichTextField(forms.CharField):
    """
    Rich text, cleaned on the way in; ``max_length`` counts characters as a reader counts them.

    Markup around nothing is empty. Too long is said beside the field and never
    cut; NUL, surrogates and reordering marks are dropped.
    """

    widget = RichTextArea
    default_error_messages = {
        "max_length": _("Up to %(limit_value)d characters, please; there are %(show_value)d."),
        "min_length": _("At least %(limit_value)d characters, please."),
        "too_much": _("This is more than one text can hold. Please divide it, or attach the file."),
    }
    default_hint = _(
        "Paste from Word or WPS: headings, lists and tables stay, the rest goes. Without the editor: a blank line ends "
        "a paragraph; # begins a heading, - an item, 1. a numbered item; lines with tabs become a table."
    )

    def __init__(self, *, max_length=LIMIT, min_length=None, rows=14, **kwargs):
        kwargs.setdefault("widget", RichTextArea(attrs={"rows": rows}))
        kwargs.setdefault("help_text", self.default_hint)
        # Counted below, in characters that are read; the base class would count markup.
        self.limits = (min_length, max_length)
        super().__init__(strip=False, **kwargs)
        self.widget.attrs["data-count-max"] = str(max_length)

    def to_python(self, value):
        if value in self.empty_values:
            return ""
        if isinstance(value, TooMuch):
            raise ValidationError(self.error_messages["too_much"], code="too_much")
        # The widget has cleaned what a page sent; what a program gives is cleaned here.
        return clean(value) if is_markup(value) else from_plain(clean_text(str(value)))

    def clean(self, value):
        value = self.to_python(value)
        self.validate(value)
        if value:
            self.count(value)
        self.run_validators(value)
        return value

    def count(self, value):
        found = count_of(value)
        least, most = self.limits
        limits = {"limit_value": most, "show_value": found}
        if most is not None and found > most:
            raise ValidationError(self.error_messages["max_length"], code="max_length", params=limits)
        if least is not None and found < least:
            raise ValidationError(
                self.error_messages["min_length"], code="min_length", params=limits | {"limit_value": least}
            )

    def has_changed(self, initial, data):
        return clean(initial or "") != clean(data or "")
