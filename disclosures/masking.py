"""Whether a text differs from another only by marks in the place of personal data: a pure function."""

import re

from .texts import plain

# What a union officer writes for what is left out: 张某某, 工号×××217. Escaped: the wide asterisk and low line.
MARKS = "某*\uff0a×✕○〇□█_\uff3fxX"
_MARKED = re.compile(f"[{re.escape(MARKS)}]+")


def only_masks(before, after):
    """
    Whether ``after`` is ``before`` with nothing but stretches replaced by marks.

    Every run of marks stands for one character or more; all other characters
    must be there, in their order, and none may be added or left out. Markup and
    blanks do not count. Takes time in proportion to the length of the text.
    """
    before, after = ("".join(plain(text).split()) for text in (before, after))
    first, *others = _MARKED.split(after)
    if not others:
        return before == after
    if not before.startswith(first):
        return False
    *middle, last = others
    at = len(first)
    for piece in middle:
        found = before.find(piece, at + 1)
        if found < 0:
            return False
        at = found + len(piece)
    return before.endswith(last) and len(before) - len(last) > at
