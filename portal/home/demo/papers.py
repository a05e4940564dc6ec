"""Scans of signed papers for the demo, drawn: lines that look like writing, and signatures that are nobody's."""

import hashlib
import io
import random

from PIL import Image, ImageDraw

from portal.files.intake import CleanFile

SIZE, MARGIN, LINE = (620, 877), 70, 26  # A4 at 75 dots an inch
INK, GREY = 40, 120


def signed_paper(name):
    """Return the picture of a page with a heading, lines of writing and two signatures, as an upload made harmless."""
    rng = random.Random(name)  # noqa: S311 -- a picture, alike at every run
    page = Image.new("L", SIZE, 255)
    pen = ImageDraw.Draw(page)
    middle = SIZE[0] // 2
    pen.rectangle((middle - 130, 60, middle + 130, 74), fill=INK)
    for place in range(20):
        end = SIZE[0] - MARGIN - (rng.randint(0, 260) if place % 5 == 4 else 0)
        for start in range(MARGIN, end - 14, 18):
            top = 120 + place * LINE
            pen.rectangle((start, top, start + 12, top + rng.randint(8, 12)), outline=GREY)
    for left in (MARGIN, middle):
        points = [(left + 40 + step * 9, 740 + rng.randint(-16, 16)) for step in range(16)]
        pen.line(points, fill=INK, width=2, joint="curve")
        pen.line((left, 770, left + 200, 770), fill=GREY)
    out = io.BytesIO()
    page.save(out, "PNG", optimize=True)
    content = out.getvalue()
    return CleanFile(
        content=content,
        name=name,
        media_type="image/png",
        size=len(content),
        sha256=hashlib.sha256(content).hexdigest(),
    )
