"""Whether a text differs from another only by marks in the place of personal data: pure functions."""

import re

from .texts import plain

# What a union officer writes for what is left out: 张某某, 工号×××217. Escaped: the wide asterisk and low line.
MARKS = "某*\uff0a×✕○〇□█_\uff3fxX"
_MARKED = re.compile(f"[{re.escape(MARKS)}]+")


# A name, an identity number, an address; and of a list of names not more than half, or a mark would stand for a text.
LONGEST, ALWAYS = 24, 8
# What turns a sentence round is no personal data; a name that holds one of these takes a correction, and that two.
TURNING = set("不未无非否没勿")


def bare(text):
    """Return what of a text is neither mark nor blank nor markup: masking it further makes this shorter."""
    return _MARKED.sub("", "".join(plain(text).split()))


def only_masks(before, after):
    """
    Whether ``after`` is ``before`` with nothing but short stretches replaced by marks, and not too many of them.

    Every run of marks stands for one to ``LONGEST`` characters, all of them
    together for half of the text at most (or ``ALWAYS``), and none for a word
    that turns a sentence round; all other characters must be there, in their
    order, and none may be added or left out. Markup and blanks do not count.
    Takes time in proportion to the length of the text.
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
        # No farther than a run may reach: what stands beyond is another place.
        found = before.find(piece, at + 1, at + LONGEST + len(piece))
        if found < 0 or TURNING & set(before[at:found]):
            return False
        at = found + len(piece)
    gone = len(before) - sum(map(len, (first, *others)))
    end = before[at : len(before) - len(last)]
    is_end = before.endswith(last) and 0 < len(end) <= LONGEST and not TURNING & set(end)
    return is_end and gone <= max(ALWAYS, len(before) // 2)
