"""What keeps text in a table text, whatever program opens it."""

from portal.kernel.texts import clean_text

# Excel and WPS take the full-width signs for the ASCII ones.
FORMULA_STARTS = tuple("=+-@\t\r\uff1d\uff0b\uff0d\uff20")
_SKIPPED = " \n\u00a0\u3000"


def is_formula_like(text):
    """Whether a spreadsheet might run this text instead of showing it."""
    return text.startswith(("\t", "\r")) or text.lstrip(_SKIPPED).startswith(FORMULA_STARTS)


def shown(value):
    """Return a cell's text without characters that no spreadsheet can hold; nothing for None."""
    return "" if value is None else clean_text(str(value))


def guarded(value):
    """Return a cell's text, with a leading apostrophe where a spreadsheet might run it."""
    raw = "" if value is None else str(value)
    text = clean_text(raw)
    return f"'{text}" if is_formula_like(raw) or is_formula_like(text) else text
