"""What a first secret looks like, for those who make it and those who read it back."""

import re

from portal.kernel.texts import to_halfwidth

# Without 0/o, 1/l/i: read from paper, typed on a phone. 31^10 is 49 bits, behind a back-off and a slow hash.
ALPHABET = "23456789abcdefghjkmnpqrstuvwxyz"
FIRST_SECRET_LENGTH = 10


def read_first_secret(typed):
    """
    Return a printed secret however it was typed: with a space or dash between its halves, in capitals, full width.

    What does not look like a printed secret is returned as it is.
    """
    plain = re.sub(r"[\s\-–—]", "", to_halfwidth(typed)).lower()
    return plain if re.fullmatch(f"[{ALPHABET}]{{{FIRST_SECRET_LENGTH}}}", plain) else typed
