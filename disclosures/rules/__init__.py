"""Who may do what with catalogue, duties and publications."""

from .asking import may_ask_disclosure, may_give_opinion
from .catalogue import may_assign_item, may_edit_catalogue, may_report_event, may_waive_duty
from .publishing import (
    may_correct,
    may_decide_correction,
    may_decide_withdrawal,
    may_discard,
    may_draft,
    may_edit_draft,
    may_force,
    may_ratify,
    may_sign,
    may_submit,
    may_withdraw,
    next_steps,
    steps_for,
)
from .sight import drafts_for, may_prepare, may_read_public, may_see_desk_page, may_use_desk, oversees, works_on
from .supervising import may_check_rectification, may_decide_outcome, may_flag, may_mask, may_rectify, may_report_gap

__all__ = [
    "drafts_for",
    "may_ask_disclosure",
    "may_assign_item",
    "may_check_rectification",
    "may_correct",
    "may_decide_correction",
    "may_decide_outcome",
    "may_decide_withdrawal",
    "may_discard",
    "may_draft",
    "may_edit_catalogue",
    "may_edit_draft",
    "may_flag",
    "may_force",
    "may_give_opinion",
    "may_mask",
    "may_prepare",
    "may_ratify",
    "may_read_public",
    "may_rectify",
    "may_report_event",
    "may_report_gap",
    "may_see_desk_page",
    "may_sign",
    "may_submit",
    "may_use_desk",
    "may_waive_duty",
    "may_withdraw",
    "next_steps",
    "oversees",
    "steps_for",
    "works_on",
]
