"""Tables of the matters that must be answered."""

from .care import Hiding, IdentityKey, Merge, Redaction, Reveal
from .handling import Assignment, Message, Plan, ReturnRequest
from .inquiry import Inquiry, InquiryFile, Series, Tally
from .reply import Delivery, Rating, Reply, ReplyTemplate

__all__ = [
    "Assignment",
    "Delivery",
    "Hiding",
    "IdentityKey",
    "Inquiry",
    "InquiryFile",
    "Merge",
    "Message",
    "Plan",
    "Rating",
    "Redaction",
    "Reply",
    "ReplyTemplate",
    "ReturnRequest",
    "Reveal",
    "Series",
    "Tally",
]
