"""
A form field for several files that survive a form with errors.

    files = UploadsField(label=_("Photos and documents"), required=False)      # up to 5
    form.cleaned_data["files"]                                                 # [CleanFile, …]

A form that is shown again lists the files it already has, each with a box to
remove it, and carries them as signed tokens (portal.files.staging). A form of
several pages starts its next page with ``initial={"files": [token, …]}``, or
carries the tokens through a page without the field by
``{% include "files/_kept.html" with name="files" files=files %}``.
"""

from dataclasses import dataclass, field

from django import forms
from django.core.exceptions import ValidationError
from django.template.loader import render_to_string
from django.utils.functional import lazy
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from portal.files import staging
from portal.files.intake import UploadRefused, clean_upload
from portal.files.phrases import LOST, NOT_KEPT, TOO_MANY, UPLOADS_HELP
from portal.kernel.texts import clean_line

MAX_FILES = 5
ACCEPT = "image/jpeg,image/png,image/webp,application/pdf,.jpg,.jpeg,.png,.webp,.pdf,.docx,.xlsx"
SHOWN_NAME = 40


_with_limit = lazy(lambda text, limit: text % {"limit": limit}, str)


@dataclass
class Submitted:
    """What came with the form: new uploads, and tokens of files it already had."""

    uploads: list = field(default_factory=list)
    tokens: list = field(default_factory=list)


class UploadsInput(forms.FileInput):
    """A chooser for several files, with the list of those that are already kept."""

    allow_multiple_selected = True
    needs_multipart_form = True

    def __init__(self, attrs=None):
        super().__init__({"accept": ACCEPT, "multiple": True} | (attrs or {}))
        self.held = None

    def value_from_datadict(self, data, files, name):
        removed = set(_all(data, f"{name}-remove"))
        tokens = dict.fromkeys(token for token in _all(data, f"{name}-kept") if token not in removed)
        return Submitted(_all(files, name), list(tokens))

    def value_omitted_from_data(self, data, files, name):
        return name not in files and f"{name}-kept" not in data

    def format_value(self, value):
        return None

    def use_required_attribute(self, initial):
        return False  # the kept ones may be all there is to send

    def get_context(self, name, value, attrs):
        context = super().get_context(name, None, attrs)
        kept, is_lost = self._kept(value)
        context["widget"] |= {"kept": kept, "not_kept": NOT_KEPT if is_lost else ""}
        return context

    def _kept(self, value):
        """Return the files this form has, each under a token, and whether some could not be kept."""
        if self.held is None:
            peeked = [
                staging.peek(getattr(one, "token", one)) for one in (value if isinstance(value, list | tuple) else ())
            ]
            return [one for one in peeked if one is not None], False
        kept, is_lost = [], False
        for clean in self.held:
            try:
                kept.append(staging.keep(clean))
            except UploadRefused:
                is_lost = True
        self.held = kept
        return kept, is_lost

    def render(self, name, value, attrs=None, renderer=None):
        return render_to_string("files/_uploads.html", self.get_context(name, value, attrs))


class UploadsField(forms.Field):
    """
    Cleaned uploads, at most ``max_files`` with those already kept; cleans to a list of CleanFile.

    Every file that is refused gets its own message with its name; the others stay with the form.
    """

    widget = UploadsInput
    default_error_messages = {"required": _("Please choose at least one file.")}

    def __init__(self, *, max_files=MAX_FILES, **kwargs):
        self.max_files = max_files
        kwargs.setdefault("help_text", _with_limit(UPLOADS_HELP, max_files))
        super().__init__(**kwargs)

    def bound_data(self, data, initial):
        return data

    def has_changed(self, initial, data):
        return bool(data.uploads) or [getattr(one, "token", one) for one in initial or []] != data.tokens

    def clean(self, value):
        """
        :raises ValidationError: one message per refused file.
        """
        held, faults = [], []
        for token in value.tokens[: self.max_files]:
            clean = staging.take(token)
            if clean is not None:
                held.append(clean)
            elif LOST not in faults:
                faults.append(LOST)
        if len(value.tokens) + len(value.uploads) > self.max_files:
            faults.append(_with_limit(TOO_MANY, self.max_files))
        for upload in value.uploads[: max(self.max_files - len(held), 0)]:
            try:
                held.append(clean_upload(upload))
            except UploadRefused as refusal:
                faults.append(format_lazy("{}：{}", _shown(upload.name), refusal.message))
        self.widget.held = held
        if faults:
            raise ValidationError([ValidationError(fault, code="upload") for fault in faults])
        if self.required and not held:
            raise ValidationError(self.error_messages["required"], code="required")
        return held


def _all(data, name):
    if hasattr(data, "getlist"):
        return data.getlist(name)
    value = data.get(name, [])
    return list(value) if isinstance(value, list | tuple) else [value]


def _shown(name):
    line = clean_line(str(name or ""))
    return line if len(line) <= SHOWN_NAME else line[: SHOWN_NAME - 9] + "…" + line[-8:]
