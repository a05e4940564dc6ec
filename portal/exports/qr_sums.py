"""
QR codes of texts of one length, put together from ready pieces: what a receipt needs, dozens of times a second.

In a QR code of a fixed size whatever is not the same for all texts is a sum, bit by bit, of what each bit of the text
contributes: error correction and placing are linear over GF(2) (ISO/IEC 18004, 7.5 to 7.7), and a mask and the
format's bits are further terms. So a code is a few exclusive ors of pictures that were drawn once by segno. A picture
is one whole number, a bit for each module. Of the texts nothing is kept.
"""

from dataclasses import dataclass
from functools import lru_cache

import segno

MASKS = range(8)
# Between the end of a row and the next one stand four bits that are no modules: as many as a rule of 7.8.3 looks over.
GAP = 4


@dataclass(frozen=True)
class Pieces:
    """The pictures that codes of one length are made of."""

    side: int
    stride: int
    masked: tuple  # the code of a text of nothing but zero bits, under each mask
    chars: tuple  # for each place of the text what each character adds

    def code(self, text):
        """Return the picture of a text under the mask that the standard prefers."""
        added = 0
        for place, char in zip(self.chars, text, strict=True):
            added ^= place[char]
        return min((one ^ added for one in self.masked), key=self.penalty)

    def penalty(self, dark):
        """Return how badly a code reads by the four features of ISO/IEC 18004, 7.8.3.1, the format's bits included."""
        light, found = self._light_of(dark), 0
        for way in (1, self.stride):
            for shade in (dark, light):
                two = shade & shade >> way
                five = two & two >> 2 * way & shade >> 4 * way
                # A run of n modules of one shade, five at least, costs n - 2.
                found += five.bit_count() + 2 * (five & ~(five << way)).bit_count()
            found += 40 * self._like_finders(dark, light, way)
        for shade in (dark, light):
            two = shade & shade >> 1
            found += 3 * (two & two >> self.stride).bit_count()
        return found + 10 * (abs(dark.bit_count() * 20 - self.side**2 * 10) // self.side**2)

    def _light_of(self, dark):
        return dark ^ _ground(self.side, self.stride)

    def _like_finders(self, dark, light, way):
        """Return how often 1:1:3:1:1 stands one way with four light modules, or the edge, before or behind it."""
        like = dark & light >> way & dark >> 2 * way & dark >> 3 * way & dark >> 4 * way
        like &= light >> 5 * way & dark >> 6 * way
        if not like:
            return 0
        before = dark << way | dark << 2 * way | dark << 3 * way | dark << 4 * way
        behind = dark >> 7 * way | dark >> 8 * way | dark >> 9 * way | dark >> 10 * way
        return (like & ~(before & behind)).bit_count()

    def runs(self, code):
        """Return (column, row, length) of the dark runs of a code."""
        for y in range(self.side):
            row = code >> y * self.stride & (1 << self.side) - 1
            x = 0
            while row:
                free = (row & -row).bit_length() - 1
                row >>= free
                length = (~row & row + 1).bit_length() - 1
                yield x + free, y, length
                row >>= length
                x += free + length


@lru_cache(maxsize=4)
def _ground(side, stride):
    return sum(((1 << side) - 1) << y * stride for y in range(side))


@lru_cache(maxsize=4)
def pieces_for(length, alphabet, *, error="m"):
    """Return the pieces of codes of texts of so many characters out of an alphabet (ASCII); drawn the first time."""
    zero = "\0" * length
    masked = tuple(_drawn(zero, mask, error)[0] for mask in MASKS)
    chars = []
    for place in range(length):
        bits = [_drawn(zero[:place] + chr(1 << bit) + zero[place + 1 :], 0, error)[0] ^ masked[0] for bit in range(7)]
        chars.append({char: _sum(one for bit, one in enumerate(bits) if ord(char) >> bit & 1) for char in alphabet})
    side = _drawn(zero, 0, error)[1]
    return Pieces(side, side + GAP, masked, tuple(chars))


def _sum(pictures):
    whole = 0
    for one in pictures:
        whole ^= one
    return whole


def _drawn(text, mask, error):
    """Return (picture, modules a side) of a code as segno draws it, as bytes under this mask."""
    matrix = segno.make(text, error=error, mode="byte", mask=mask, micro=False).matrix
    side = len(matrix)
    return sum(1 << y * (side + GAP) + x for y, row in enumerate(matrix) for x, bit in enumerate(row) if bit), side
