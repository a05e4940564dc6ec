"""A draft cut into the clauses that opinions are about: pure functions over rich text."""

import re
from dataclasses import dataclass, field

from portal.kernel.richtext import blocks_of, text_of

_ARTICLE = re.compile(r"第[^条章节\s]{1,9}条")
_DIVISION = re.compile(r"第[^条章节\s]{1,9}[章节]")
# Items of one list come as lists of one item each; what belongs together is joined again.
_SEAM = re.compile(r'</(ul|ol)><\1(?: start="\d+")?>')
LABEL_MAX, SECTION_MAX = 60, 200


@dataclass
class DraftClause:
    """One clause: its anchor and label (empty for what stands before the first), its heading, its markup."""

    anchor: str
    label: str
    section: str
    parts: list = field(default_factory=list)

    @property
    def body(self):
        """Return the markup of the whole clause."""
        return _SEAM.sub("", "".join(self.parts))


def clauses_of(markup):
    """
    Return the clauses of a draft.

    A clause begins with its article (第三条); in a text without articles, with
    its number (一、 or 1.); in a text without either, each paragraph is one.
    Headings, chapters and sections are no clauses, they stand above them.
    """
    blocks = [block for block in blocks_of(markup) if block.text.strip()]
    texts = [block for block in blocks if not _is_heading(block)]
    if any(_ARTICLE.match(block.text) for block in texts):
        begins = _is_article
    elif any(block.label for block in texts):
        begins = _is_numbered
    else:
        begins = _is_block
    clauses, section, is_below_heading = [], "", False
    for block in blocks:
        if _is_heading(block):
            section, is_below_heading = block.text.strip()[:SECTION_MAX], True
            continue
        if not clauses or is_below_heading or begins(block):
            label = block.label[:LABEL_MAX] if begins(block) else ""
            clauses.append(DraftClause(block.anchor, label, section))
        clauses[-1].parts.append(block.html)
        is_below_heading = False
    return clauses


def words_of(markup):
    """Return the words of a text without blanks, to be looked through for its clauses (:func:`is_kept`)."""
    return "".join(text_of(markup).split())


def is_kept(clause_markup, final_words):
    """Whether the words of a final text hold a clause word for word, under whatever number."""
    return _squeezed(clause_markup) in final_words


def _squeezed(markup):
    # An article that moved up because another was struck out says what it said.
    return "".join(_ARTICLE.sub("", text_of(markup), count=1).split())


def _is_heading(block):
    return block.tag in ("h2", "h3", "h4") or (_DIVISION.match(block.text) is not None and len(block.text) <= 40)


def _is_article(block):
    return _ARTICLE.match(block.text) is not None


def _is_numbered(block):
    return bool(block.label) and block.tag == "p"


def _is_block(block):
    return True
