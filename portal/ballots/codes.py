"""
Codes that people type from paper: letters and digits that cannot be taken for one another, and a check character.

The check character tells a slip of the finger from a code that is simply not
the right one; it protects nothing. Every single wrong character and every two
neighbours changed about is found, because the sum runs over GF(2^5) with a
different factor at each place.
"""

import secrets

from portal.kernel.texts import clean_code

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"  # base 32 without I, L, O and U
SHARE_LENGTH = 32  # 160 bits: a scrutineer's share
VOTE_LENGTH = 15  # 75 bits: a code drawn from the box
_MEANT = str.maketrans({"O": "0", "I": "1", "L": "1"})


class Mistyped(ValueError):
    """What was typed can be no code: its length or its check character is wrong."""


def new_code(length):
    """Return a random code of so many characters and its check character."""
    body = "".join(secrets.choice(ALPHABET) for _place in range(length))
    return body + _check(body)


def read_code(text, length):
    """
    Return a typed code as it was made: spaces, dashes, small letters, O for 0 and I or L for 1 do not matter.

    :raises Mistyped: when it can be no code of this length.
    """
    code = clean_code(text).translate(_MEANT)
    if len(code) != length + 1 or not set(code) <= set(ALPHABET) or _check(code[:-1]) != code[-1]:
        raise Mistyped
    return code


def in_groups(code):
    """Return the code in groups of four, as it is printed."""
    return "-".join(code[start : start + 4] for start in range(0, len(code), 4))


def _check(body):
    total = 0
    for character in body:
        total ^= ALPHABET.index(character)
        total <<= 1  # times x in GF(2^5) with x^5 = x^2 + 1
        if total & 32:
            total ^= 37
    return ALPHABET[total]
