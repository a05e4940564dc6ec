"""The verbs of feedback: the only place that writes."""

from .author import add_author_message, rate_inquiry
from .calendars import end_calendar_address, make_calendar_address
from .care import (
    ask_hiding,
    change_passphrase,
    decide_hiding,
    make_identity_key,
    redact_inquiry,
    reveal_identity,
)
from .daily import run_daily
from .dialogue import ask_author, resume_inquiry
from .handling import (
    ask_return,
    assign_inquiry,
    contribute,
    decide_return,
    record_plan,
    register_inquiry,
    transfer_inquiry,
)
from .merging import merge_inquiry, unmerge_inquiry
from .opening import InquiryDraft, Receipt, open_inquiry
from .reply import approve_reply, deliver_reply, save_reply_draft, send_back_reply, submit_reply
from .submit import CardDraft, submit_card
from .templates import add_template, edit_template, set_template_use

__all__ = [
    "CardDraft",
    "InquiryDraft",
    "Receipt",
    "add_author_message",
    "add_template",
    "approve_reply",
    "ask_author",
    "ask_hiding",
    "ask_return",
    "assign_inquiry",
    "change_passphrase",
    "contribute",
    "decide_hiding",
    "decide_return",
    "deliver_reply",
    "edit_template",
    "end_calendar_address",
    "make_calendar_address",
    "make_identity_key",
    "merge_inquiry",
    "open_inquiry",
    "rate_inquiry",
    "record_plan",
    "redact_inquiry",
    "register_inquiry",
    "resume_inquiry",
    "reveal_identity",
    "run_daily",
    "save_reply_draft",
    "send_back_reply",
    "set_template_use",
    "submit_card",
    "submit_reply",
    "transfer_inquiry",
    "unmerge_inquiry",
]
