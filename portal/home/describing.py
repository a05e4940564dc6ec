"""
The tables in docs/ that are drawn from the code, so that they cannot lag behind it.

A document marks the place with ``<!-- begin NAME -->`` and ``<!-- end NAME -->``.
"""

import re

from django.conf import settings
from django.utils import translation

from portal.env import SWITCHES
from portal.ledger.registry import known_verbs

MARKED = re.compile(r"(<!-- begin (\w+) -->\n).*?(<!-- end \2 -->)", re.S)


def _table(head, rows):
    lines = [head, tuple("---" for _cell in head), *rows]
    return "".join("| " + " | ".join(str(cell).replace("|", "\\|") for cell in line) + " |\n" for line in lines)


def switches():
    """The switches of portal.env."""
    rows = [(f"`{s.name}`", s.kind, f"`{s.default}`" if s.default else "", s.meaning) for s in SWITCHES.values()]
    return _table(("switch", "kind", "default", "meaning"), rows)


def _said(sentence, language):
    if callable(sentence):
        return "(put together from the facts)" if language == "en" else "(由要素组成)"
    with translation.override(language):
        return str(sentence)


def verbs():
    """The verbs of the ledger with their sentences."""
    rows = [
        (f"`{code}`", "yes" if verb.is_public else "no", _said(verb.sentence, "en"), _said(verb.sentence, "zh-hans"))
        for code, verb in known_verbs().items()
    ]
    return _table(("verb", "public", "English", "中文"), rows)


def jobs():
    """What runs by itself, and when."""
    rows = []
    for name, entry in settings.CELERY_BEAT_SCHEDULE.items():
        plan = entry["schedule"]
        when = f"{plan._orig_minute} {plan._orig_hour} {plan._orig_day_of_month} {plan._orig_month_of_year}"
        rows.append(
            (name, f"`{entry['task']}`", f"`{when} {plan._orig_day_of_week}`", f"{entry['options']['expires']} s")
        )
    return _table(("entry", "task", "minute hour day month weekday (Beijing)", "expires after"), rows)


TABLES = {table.__name__: table for table in (switches, verbs, jobs)}


def drawn(text):
    """Return the document with its marked tables drawn anew."""
    return MARKED.sub(lambda match: match[1] + TABLES[match[2]]() + match[3], text)
