"""Covering words of a remark: the only thing that moderation may do to them."""

COVER = "□"


def is_covered(original, text):
    """Whether a text is the original with some signs covered, and nothing else changed."""
    original, text = _plain(original), _plain(text)
    return len(original) == len(text) and all(new in (old, COVER) for old, new in zip(original, text, strict=True))


def _plain(text):
    return text.replace("\r\n", "\n").strip()
