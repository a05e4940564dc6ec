"""What makes the texts of a card and of a reply right; shared by forms and operations."""

import re

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

BLANK = re.compile(r"【[^】]*】")
# 已阅、收到、知道了 …: a leader's tick is no answer (trust A4, T8).
NOTED = re.compile(r"^(已阅|阅|收到|知道了|已知悉|知悉|同意|已处理|noted|ok)[。.!！\s]*$", re.IGNORECASE)
BODY_MAX = 1000
REPLY_MAX = 5000


def _bare(text):
    return re.sub(r"[\s\W_]+", "", text)


def far_away(longest):
    """Return the sentence that refuses a promised day too far in the future."""
    return _("Outcomes B and C come back within %(days)d days: choose an earlier day.") % {"days": longest}


def check_reply_text(text, *, least, template_text=""):
    """
    Refuse a reply that is none.

    :raises ValidationError: too short, a bare "noted", blanks left open, or a template sent as it is.
    """
    if NOTED.match(text.strip()):
        raise ValidationError(
            _("“Noted” is not an answer. Say what was found, what will be done and by when."), code="noted"
        )
    if len(_bare(text)) < least:
        raise ValidationError(
            _("A reply needs at least %(least)d characters. Say what was found, what will be done and by when."),
            code="short",
            params={"least": least},
        )
    if BLANK.search(text):
        raise ValidationError(_("Fill the blanks marked 【 】 first."), code="blank")
    if template_text and _bare(BLANK.sub("", template_text)) == _bare(text):
        raise ValidationError(_("This is the template unchanged. Write what applies to this matter."), code="template")
