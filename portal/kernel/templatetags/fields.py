"""Tags and filters that draw forms; the field template is templates/bootstrap5/field.html."""

import copy

from crispy_forms.utils import render_crispy_form
from django import forms, template
from django.forms.utils import flatatt
from django.template.loader import render_to_string
from django.utils.html import format_html, format_html_join

from .parts import component

register = template.Library()


@register.simple_tag(takes_context=True)
def render_field(context, field, template_name="bootstrap5/field.html"):
    """Draw one bound field with label, hint, error and counter."""
    return render_to_string(template_name, {"field": field})


@register.simple_tag
def error_summary(*forms):
    """Say at the top what has to be changed, each with a link to its field."""
    faults, general = [], []
    for form in forms:
        if not (form and getattr(form, "is_bound", False) and form.errors):
            continue
        general.extend(str(error) for error in form.non_field_errors())
        for field in form:
            if field.is_hidden:
                general.extend(str(error) for error in field.errors)
            else:
                target = field.id_for_label or f"{field.auto_id}_0"
                # A whole sentence beside a box says nothing more above the fault; a question mark bears no colon.
                label = "" if str(field.label).endswith((".", "\u3002")) else str(field.label).rstrip("?\uff1f")
                faults.extend({"id": target, "label": label, "text": str(error)} for error in field.errors)
    if not faults and not general:
        return ""
    return component(
        "error_summary",
        faults=faults,
        general=general,
        count=len(faults) + len(general),
        has_words=any(_was_filled_in(field) for form in forms if form and form.is_bound for field in form),
    )


def _was_filled_in(field):
    # Secrets are never shown again, chosen files have words of their own.
    if field.is_hidden or isinstance(field.field.widget, forms.PasswordInput | forms.FileInput):
        return False
    values = field.data if isinstance(field.data, list | tuple) else [field.data]
    return any(str(value).strip() for value in values if value not in (None, False))


@register.simple_tag(takes_context=True)
def form_fields(context, form):
    """Draw a form's error summary and its fields in its helper's layout; the page writes form tag and buttons."""
    return format_html("{}{}", error_summary(form), render_crispy_form(form, context=_csrf_only(context)))


def _csrf_only(context):
    return {"csrf_token": context.get("csrf_token", ""), "request": context.get("request")}


@register.simple_tag
def draft_status(key):
    """Draw the line that says what of this form is kept on this device; goes inside a <form data-draft=key>."""
    return component("draft_status", key=key)


@register.filter
def field_kind(field):
    """Return how a bound field is drawn: hidden, checkbox, file, choices, cards, rating, select or line."""
    widget = field.field.widget
    if field.is_hidden:
        return "hidden"
    if style := getattr(widget, "portal_style", ""):
        return style
    if isinstance(widget, forms.CheckboxInput):
        return "checkbox"
    if isinstance(widget, forms.CheckboxSelectMultiple | forms.RadioSelect):
        return "choices"
    if isinstance(widget, forms.FileInput):
        return "file"
    if isinstance(widget, forms.Select):
        return "select"
    return "line"


@register.simple_tag
def field_widget(field, css_class):
    """Draw a bound field's widget with a class, and is-invalid when it has errors."""
    own = field.field.widget.attrs.get("class", "")
    classes = " ".join(filter(None, [own, css_class, "is-invalid" if field.errors else ""]))
    widget = field.field.widget
    if type(widget) is forms.Select:
        widget = copy.copy(widget)
        widget.__class__ = QuickSelect
    return field.as_widget(widget=widget, attrs={"class": classes})


class QuickSelect(forms.Select):
    """Django's select, written by one function: its three templates an option cost more than a page's query."""

    def _render(self, template_name, context, renderer=None):
        widget, parts = context["widget"], []
        for group, options, _index in widget["optgroups"]:
            shown = format_html_join("\n  ", "{}", ((_option(option),) for option in options))
            parts.append(format_html('<optgroup label="{}">\n  {}\n</optgroup>', group, shown) if group else shown)
        whole = format_html_join("\n  ", "{}", ((part,) for part in parts))
        attrs = flatatt(_shown_attrs(widget["attrs"]))
        return format_html('<select name="{}"{}>\n  {}\n</select>', widget["name"], attrs, whole)


def _option(option):
    attrs = flatatt(_shown_attrs(option["attrs"]))
    return format_html('<option value="{}"{}>{}</option>', str(option["value"]), attrs, option["label"])


def _shown_attrs(attrs):
    return {name: value for name, value in attrs.items() if value is not None and value is not False}


@register.filter
def counter_max(field):
    """Return how many characters a field takes, when that is worth counting for the writer."""
    return field.field.widget.attrs.get("data-count-max", "")


@register.filter
def optional_mark(field):
    """
    Whether a field says that it may be left empty; a box to tick always may.

    A field that another answer makes necessary sets ``is_conditional``: its help says when it is needed.
    """
    if getattr(field.field, "is_conditional", False):
        return False
    return not field.field.required and field_kind(field) != "checkbox"


@register.filter
def options_of(field):
    """Return a choice field's options as flat rows: id, value, label, checked, description, icon, group."""
    rows = []
    for group, options, _index in field.field.widget.optgroups(
        field.html_name,
        field.field.widget.format_value(field.value()),
        attrs=field.build_widget_attrs({"id": field.auto_id}),
    ):
        for option in options:
            rows.append(
                {
                    "id": option["attrs"].get("id", ""),
                    "value": option["value"],
                    "label": option["label"],
                    "checked": option["selected"],
                    "type": option["type"],
                    "description": option.get("description", ""),
                    "icon": option.get("icon", ""),
                    "group": group or "",
                    "attrs": {
                        k: v
                        for k, v in option["attrs"].items()
                        if k not in {"id", "checked", "class", "aria-describedby"}
                    },
                }
            )
    return rows
