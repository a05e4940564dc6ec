"""Words used on more than one page: days as people say them, and what a rule is called."""

from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

_WEEKDAYS = "一二三四五六日"


def day_words(day, *, today):
    """Return "12月22日(周二)" or "Tue 22 Dec"; with the year when it is not this year's."""
    is_near = day.year == today.year
    if (get_language() or "zh").startswith("zh"):
        year = "" if is_near else f"{day.year}年"
        return f"{year}{day.month}月{day.day}日(周{_WEEKDAYS[day.weekday()]})"
    return f"{day:%a} {day.day} {day:%b}" if is_near else f"{day:%a} {day.day} {day:%b %Y}"


def rule_words(rule):
    """Return a rule's text as a sentence: "month_or_days:30" is "one month or 30 days, whichever ends first"."""
    name, _colon, value = rule.partition(":")
    if name == "on":
        return _("the date agreed: %(day)s") % {"day": value}
    count = int(value)
    if name == "workdays":
        return ngettext("%(count)d working day", "%(count)d working days", count) % {"count": count}
    if name == "days":
        return ngettext("%(count)d calendar day", "%(count)d calendar days", count) % {"count": count}
    return _("one month or %(count)d calendar days, whichever ends first") % {"count": count}
