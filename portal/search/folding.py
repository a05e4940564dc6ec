"""
What counts as the same character, and the pairs of characters by which texts are found.

Folding maps each character to one character, so that a place in the folded text
is the same place in the text as written.
"""

import re
import unicodedata
from itertools import pairwise

TERM_MOST = 10
_STORED_BELOW = 0x10000


def _folded(code):
    """Return the one character that stands for all its widths and cases; every space is the same space."""
    character = chr(code)
    if character.isspace():
        return " "
    composed = unicodedata.normalize("NFKC", character)
    for candidate in (composed.lower(), composed, character.lower()):
        if len(candidate) == 1 and not candidate.isspace():
            return candidate
    return character


class _Fold(dict):
    def __missing__(self, code):
        found = _folded(code)
        if code < _STORED_BELOW:  # what lies beyond is rare, and there is too much of it to remember
            self[code] = found
        return found


_FOLD = _Fold()
# Neither engine's parser may see a mark of its own in a gram, so ASCII marks stand there in their wide form.
_WIDE = {code: code + 0xFEE0 for code in range(0x21, 0x7F) if not chr(code).isalnum()}


# Ordinary Chinese characters are folded to themselves, and nothing else to them but what stands in these blocks: a text
# without those need not be folded to find ordinary Chinese words in it.
_HAN = re.compile("[\u4e00-\u9fff]+")
_FOLDED_TO_HAN = re.compile("[\u2e80-\u2fdf\u3021-\u33ff\uf900-\ufaff\U00010000-\U0010ffff]")


def fold(text):
    """Return text with widths, cases and spaces made alike (ＧＢ／Ｔ９７０４ is gb/t9704), character by character."""
    return text.translate(_FOLD)


def grams_of(folded):
    """
    Return the set of grams of a folded text: every pair of neighbours, and the last character of every run by itself.

    So each character begins a gram, and a search for one character is a search for a beginning.
    """
    found = set()
    for run in folded.translate(_WIDE).split(" "):
        if run:
            found.update(map("".join, pairwise(run)))
            found.add(run[-1])
    return found


def terms_of(words):
    """Return the words to look for: folded, each once, none that is part of another, at most TERM_MOST."""
    terms = list(dict.fromkeys(fold(words).split()))
    return [term for term in terms if not any(term != other and term in other for other in terms)][:TERM_MOST]


def grams_for(terms):
    """Return what a text that holds all the words must have: (gram, whether it is only the beginning of one)."""
    wanted = {}
    for term in terms:
        wide = term.translate(_WIDE)
        if len(wide) == 1:
            wanted[wide] = True
        for gram in map("".join, pairwise(wide)):
            wanted[gram] = False
    return list(wanted.items())


def spans_of(text, terms):
    """Return the places of the words in a text as (start, end), in order, those that touch made one."""
    folded = text if _are_plain(terms, text) else fold(text)
    spans = []
    for term in terms:
        start = folded.find(term)
        while start >= 0:
            spans.append((start, start + len(term)))
            start = folded.find(term, start + 1)
    merged = []
    for start, end in sorted(spans):
        if merged and start <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        else:
            merged.append((start, end))
    return merged


def are_apart(terms, text):
    """Return whether the words stand in the text just as they are looked for, and no two places overlap."""
    return _are_plain(terms, text) and not any(
        one[-length:] == other[:length]
        for one in terms
        for other in terms
        for length in range(1, min(len(one), len(other)))
    )


def _are_plain(terms, text):
    return all(map(_HAN.fullmatch, terms)) and not _FOLDED_TO_HAN.search(text)
