"""Who may do what with an inquiry, and the reason when not."""

from .author import is_author, may_add_message, may_open_card, may_rate, may_submit
from .care import may_ask_hiding, may_decide_hiding, may_redact, may_reveal
from .handling import (
    may_ask_author,
    may_ask_extension,
    may_ask_return,
    may_assign,
    may_contribute,
    may_decide_extension,
    may_decide_return,
    may_merge,
    may_plan,
    may_register,
    may_resume,
    may_transfer,
    may_unmerge,
)
from .reply import may_approve, may_deliver, may_draft, may_send_back, may_submit_reply
from .sight import is_about, keeps, may_read, may_read_original, may_see_page, may_see_promise, works_on

__all__ = [
    "is_about",
    "is_author",
    "keeps",
    "may_add_message",
    "may_approve",
    "may_ask_author",
    "may_ask_extension",
    "may_ask_hiding",
    "may_ask_return",
    "may_assign",
    "may_contribute",
    "may_decide_extension",
    "may_decide_hiding",
    "may_decide_return",
    "may_deliver",
    "may_draft",
    "may_merge",
    "may_open_card",
    "may_plan",
    "may_rate",
    "may_read",
    "may_read_original",
    "may_redact",
    "may_register",
    "may_resume",
    "may_reveal",
    "may_see_page",
    "may_see_promise",
    "may_send_back",
    "may_submit",
    "may_submit_reply",
    "may_transfer",
    "may_unmerge",
    "works_on",
]
