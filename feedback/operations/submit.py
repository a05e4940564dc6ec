"""A card comes in, from its author's phone or typed from paper: the first of the channels."""

import datetime as dt
from dataclasses import dataclass, field

from ..channels import CARD
from ..enums import IdentityMode
from .opening import InquiryDraft, open_inquiry


@dataclass(frozen=True, kw_only=True)
class CardDraft(InquiryDraft):
    """A card; ``paper_on``, ``author`` and ``scans`` are set when it is typed in from paper on behalf of somebody."""

    scans: tuple = field(default=())
    paper_on: dt.date | None = None
    author: object = None


def submit_card(*, draft, actor, at):
    """
    Take in a card once, start its clock, and return the receipt.

    Pressing the button twice, in two tabs or after going back, returns the same
    receipt: the form's key is unique. For an anonymous card ``actor`` is None
    and nothing that could lead to a person or a minute is written.

    :raises OperationRefused: with the reason a person may read.
    """
    is_anonymous = draft.identity_mode == IdentityMode.ANONYMOUS
    writer = draft.author if draft.paper_on is not None else actor
    return open_inquiry(
        channel=CARD,
        draft=draft,
        author=None if is_anonymous else writer,
        actor=actor,
        at=at,
        received_on=draft.paper_on,
        scans=draft.scans,
    )
