"""
Two versions of a text side by side: which parts came, went or changed, and within a part which words.

The cost is bounded: words are compared only as long as there is budget, and
whole parts otherwise, so that two long books are compared in about a second.
"""

import re
from bisect import bisect_left
from dataclasses import dataclass
from difflib import SequenceMatcher

from portal.kernel.richtext.cleaning import blocks_in
from portal.kernel.richtext.shaping import Bullets, Grid, Para, Quote, text_of_part

SAME, CHANGED, ADDED, REMOVED = "same", "changed", "added", "removed"
# A Latin word or a number changes as a whole; Chinese characters and marks one by one.
_TOKENS = re.compile(r"[A-Za-z]+|\d+(?:[.,]\d+)*|\s+|.", re.S)
WORD_BUDGET = 6_000_000  # pairs of words that may meet in one comparison
PART_BUDGET = 1_500_000  # pairs of parts
PAIRING = 40  # parts on each side that are searched for their likeliest partner
LIKE = 0.4


@dataclass(frozen=True)
class Part:
    """A paragraph, heading, item or row of a table: what it is (p, h2, li, tr …), how deep, its mark and its text."""

    kind: str
    text: str
    mark: str = ""
    depth: int = 0


@dataclass(frozen=True)
class Side:
    """One side of a row: the part, and its text in pieces of (is_changed, text)."""

    part: Part
    pieces: tuple


@dataclass(frozen=True)
class Row:
    """A row of the comparison; a side is None where the part is only in the other version."""

    kind: str
    before: Side | None
    after: Side | None
    joined: tuple = ()  # for one column: (same|removed|added, text)

    @property
    def part(self):
        """The part as it is now, or as it was."""
        return (self.after or self.before).part


@dataclass(frozen=True)
class Comparison:
    """The rows of two versions, and how many parts changed, came and went."""

    rows: tuple
    is_coarse: bool

    def count(self, kind):
        return sum(1 for row in self.rows if row.kind == kind)

    @property
    def changed(self):
        return self.count(CHANGED)

    @property
    def added(self):
        return self.count(ADDED)

    @property
    def removed(self):
        return self.count(REMOVED)

    @property
    def is_same(self):
        return all(row.kind == SAME for row in self.rows)

    @property
    def stretches(self):
        """Rows in runs: (is_same, rows), so that long runs without change can be folded."""
        runs = []
        for row in self.rows:
            if not runs or runs[-1][0] != (row.kind == SAME):
                runs.append((row.kind == SAME, []))
            runs[-1][1].append(row)
        return runs


def compare(before, after):
    """Return the Comparison of two versions of rich text."""
    old, new = _parts_of(before), _parts_of(after)
    budget = _Budget(WORD_BUDGET)
    rows = []
    for kind, a1, a2, b1, b2 in _opcodes(old, new):
        if kind == "equal":
            rows.extend(
                Row(SAME, _whole(one, False), _whole(two, False), (("same", two.text),))
                for one, two in zip(old[a1:a2], new[b1:b2], strict=True)
            )
        else:
            rows.extend(_between(old[a1:a2], new[b1:b2], budget))
    return Comparison(tuple(rows), budget.is_spent)


class _Budget:
    def __init__(self, left):
        self.left = left
        self.is_spent = False

    def take(self, cost):
        if cost > self.left:
            self.is_spent = True
            return False
        self.left -= cost
        return True


def _parts_of(markup):
    return [part for block in blocks_in(markup) for part in _flat(block)]


def _flat(block, depth=0):
    if isinstance(block, Para):
        yield Part(block.tag, block.text, depth=depth)
    elif isinstance(block, Bullets):
        for number, item in enumerate(block.items, start=block.start):
            own = "\n".join(text_of_part(part) for part in item if isinstance(part, Para))
            yield Part("li", own, f"{number}." if block.is_numbered else "•", depth)
            for part in item:
                if isinstance(part, Bullets):
                    yield from _flat(part, depth + 1)
    elif isinstance(block, Grid):
        for row in block.head + block.rows:
            yield Part("tr", " | ".join(cell.text.replace("\n", " ") for cell in row), depth=depth)
    elif isinstance(block, Quote):
        for part in block.parts:
            yield from _flat(part, depth + 1)


def _key(part):
    # An item put in before it changes an item's number and nothing of it.
    return (part.kind, part.depth, part.text)


def _opcodes(old, new):
    """Return how to get from old to new: by common ends, then by all parts, or by unique ones when there are many."""
    a, b = [_key(part) for part in old], [_key(part) for part in new]
    start = 0
    while start < min(len(a), len(b)) and a[start] == b[start]:
        start += 1
    end = 0
    while end < min(len(a), len(b)) - start and a[-1 - end] == b[-1 - end]:
        end += 1
    codes = [("equal", 0, start, 0, start)] if start else []
    inner_a, inner_b = a[start : len(a) - end], b[start : len(b) - end]
    if inner_a or inner_b:
        if len(inner_a) * len(inner_b) <= PART_BUDGET:
            inner = SequenceMatcher(None, inner_a, inner_b, autojunk=False).get_opcodes()
        else:
            inner = _by_unique(inner_a, inner_b)
        codes.extend((kind, a1 + start, a2 + start, b1 + start, b2 + start) for kind, a1, a2, b1, b2 in inner)
    if end:
        codes.append(("equal", len(a) - end, len(a), len(b) - end, len(b)))
    return codes


def _by_unique(a, b):
    """Align by parts that are in each version once, in the order both have them."""
    once_a, once_b = _once(a), _once(b)
    pairs = sorted((at, once_b[key]) for key, at in once_a.items() if key in once_b)
    codes, last_a, last_b = [], 0, 0
    for at, other in _rising(pairs):
        if at > last_a or other > last_b:
            codes.append(("replace", last_a, at, last_b, other))
        codes.append(("equal", at, at + 1, other, other + 1))
        last_a, last_b = at + 1, other + 1
    if last_a < len(a) or last_b < len(b):
        codes.append(("replace", last_a, len(a), last_b, len(b)))
    return codes


def _once(keys):
    places = {}
    for at, key in enumerate(keys):
        places[key] = at if key not in places else None
    return {key: at for key, at in places.items() if at is not None}


def _rising(pairs):
    """Return the longest run of pairs that rises on both sides (patience sorting)."""
    tops, piles, back = [], [], {}
    for pair in pairs:
        at = bisect_left(tops, pair[1])
        if at == len(tops):
            tops.append(pair[1])
            piles.append(pair)
        else:
            tops[at], piles[at] = pair[1], pair
        back[pair] = piles[at - 1] if at else None
    run, pair = [], piles[-1] if piles else None
    while pair is not None:
        run.append(pair)
        pair = back[pair]
    return run[::-1]


def _whole(part, is_changed):
    return Side(part, ((is_changed, part.text),))


def _between(old, new, budget):
    """Yield the rows of a stretch that differs: likely partners side by side, the others alone."""
    last = 0
    for at, other in [*_partners(old, new), (len(old), len(new))]:
        olds = range(at) if not last else range(last[0] + 1, at)
        news = range(other) if not last else range(last[1] + 1, other)
        for place in olds:
            yield Row(REMOVED, _whole(old[place], True), None, (("removed", old[place].text),))
        for place in news:
            yield Row(ADDED, None, _whole(new[place], True), (("added", new[place].text),))
        if at < len(old) and other < len(new):
            yield _changed(old[at], new[other], budget)
        last = (at, other)


def _partners(old, new):
    """Return rising pairs of places whose parts are alike."""
    if not old or not new:
        return []
    if len(old) > PAIRING or len(new) > PAIRING:
        # Too many to try all: a part's partner is looked for at the same place of the stretch.
        return [
            (at, at)
            for at in range(min(len(old), len(new)))
            if old[at].kind == new[at].kind and _likeness(_bigrams(old[at]), _bigrams(new[at])) >= LIKE
        ]
    left, right = [_bigrams(part) for part in old], [_bigrams(part) for part in new]
    best = [[0.0] * (len(new) + 1) for _ in range(len(old) + 1)]
    like = [[0.0] * len(new) for _ in old]
    for i in range(len(old) - 1, -1, -1):
        for j in range(len(new) - 1, -1, -1):
            likeness = _likeness(left[i], right[j]) if old[i].kind == new[j].kind else 0.0
            like[i][j] = likeness if likeness >= LIKE else 0.0
            best[i][j] = max(best[i + 1][j], best[i][j + 1], best[i + 1][j + 1] + like[i][j])
    pairs, i, j = [], 0, 0
    while i < len(old) and j < len(new):
        if like[i][j] and best[i][j] == best[i + 1][j + 1] + like[i][j]:
            pairs.append((i, j))
            i, j = i + 1, j + 1
        elif best[i][j] == best[i + 1][j]:
            i += 1
        else:
            j += 1
    return pairs


def _bigrams(part):
    text = part.text[:2000]
    return {text[at : at + 2] for at in range(len(text) - 1)} or {text}


def _likeness(one, two):
    return 2 * len(one & two) / (len(one) + len(two))


def _changed(old, new, budget):
    a, b = _TOKENS.findall(old.text), _TOKENS.findall(new.text)
    head = 0
    while head < min(len(a), len(b)) and a[head] == b[head]:
        head += 1
    tail = 0
    while tail < min(len(a), len(b)) - head and a[-1 - tail] == b[-1 - tail]:
        tail += 1
    inner_a, inner_b = a[head : len(a) - tail], b[head : len(b) - tail]
    if not budget.take(len(inner_a) * len(inner_b)):
        return Row(CHANGED, _whole(old, True), _whole(new, True), (("removed", old.text), ("added", new.text)))
    runs = [(True, a[:head], b[:head])] if head else []
    for kind, a1, a2, b1, b2 in SequenceMatcher(None, inner_a, inner_b, autojunk=False).get_opcodes():
        runs.append((kind == "equal", inner_a[a1:a2], inner_b[b1:b2]))
    if tail:
        runs.append((True, a[len(a) - tail :], b[len(b) - tail :]))
    return _row_of_runs(old, new, _calm(runs))


def _calm(runs):
    """Join changes that only a character or two keep apart: whole words are read, not flicker."""
    calm = []
    for at, (is_same, before, after) in enumerate(runs):
        is_between = 0 < at < len(runs) - 1
        if is_same and is_between and len(before) <= 2:
            is_same = False
        if calm and calm[-1][0] == is_same:
            calm[-1] = (is_same, calm[-1][1] + before, calm[-1][2] + after)
        else:
            calm.append((is_same, list(before), list(after)))
    return calm


def _row_of_runs(old, new, runs):
    before, after, joined = [], [], []
    for is_same, one, two in runs:
        if one:
            before.append((not is_same, "".join(one)))
        if two:
            after.append((not is_same, "".join(two)))
        if is_same:
            joined.append(("same", "".join(two)))
        else:
            joined.extend((kind, "".join(tokens)) for kind, tokens in (("removed", one), ("added", two)) if tokens)
    return Row(CHANGED, Side(old, tuple(before)), Side(new, tuple(after)), tuple(joined))
