"""QR codes by addition: for every mask what segno draws, under the mask that reads best."""

import random
import re
from xml.etree import ElementTree

import segno

from portal.exports.qr import qr_svg_of_code
from portal.exports.qr_sums import MASKS, pieces_for

HEX = "0123456789abcdef"


def matrix_of(pieces, code):
    rows = [[0] * pieces.side for _row in range(pieces.side)]
    for x, y, length in pieces.runs(code):
        assert length > 0 and not any(rows[y][x : x + length]) and (x == 0 or not rows[y][x - 1])
        rows[y][x : x + length] = [1] * length
    return tuple(map(bytes, rows))


def penalty_of(rows):
    """ISO/IEC 18004, 7.8.3.1, module by module."""
    side, found = len(rows), 0
    lines = [list(row) for row in rows] + [list(column) for column in zip(*rows, strict=True)]
    for line in lines:
        text = "".join(map(str, line))
        found += sum(len(run) - 2 for run in re.findall("0{5,}|1{5,}", text))
        quiet = f"0000{text}0000"
        for at in range(side - 6):
            if text[at : at + 7] == "1011101":
                found += 40 * ("0000" in (quiet[at : at + 4], quiet[at + 11 : at + 15]))
    squares = [(rows[y][x : x + 2], rows[y + 1][x : x + 2]) for y in range(side - 1) for x in range(side - 1)]
    found += 3 * sum(set(one + two) in ({0}, {1}) for one, two in squares)
    return found + 10 * int(abs(sum(map(sum, rows)) * 100 / side**2 - 50) // 5)


def test_a_code_is_segnos_under_the_best_mask():
    draw = random.Random(7)
    for length, alphabet in ((10, HEX), (16, "ABCDEFGHJKMN0123456789")):
        pieces = pieces_for(length, alphabet)
        for _text in range(12):
            text = "".join(draw.choices(alphabet, k=length))
            masked = [segno.make(text, error="m", mode="byte", mask=mask, micro=False) for mask in MASKS]
            drawn = [tuple(map(bytes, code.matrix)) for code in masked]
            code = pieces.code(text)
            found = matrix_of(pieces, code)
            assert found in drawn
            assert pieces.penalty(code) == penalty_of(found) == min(map(penalty_of, drawn))


def test_it_is_drawn_as_others_are_and_remembers_no_text():
    root = ElementTree.fromstring(qr_svg_of_code("0f1e2d3c4b", label="回执", alphabet=HEX))
    assert (root.get("viewBox"), root.get("aria-label"), root.get("class")) == ("0 0 29 29", "回执", "qr")
    assert [child.tag.split("}")[1] for child in root] == ["title", "rect", "path"]
    assert root[2].get("d").startswith("M4 4h7v1h-7z")
    held = pieces_for(10, HEX)
    assert pieces_for.cache_info().currsize <= 4 and len(held.masked) == 8
    assert [len(place) for place in held.chars] == [len(HEX)] * 10
