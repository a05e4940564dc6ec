"""The verbs of disclosure; the only place that writes."""

from .asking import ask_disclosure, can_object, give_opinion
from .catalogue import add_item, assign_item, assign_many, edit_item, end_assignment, seed_catalogue
from .changing import (
    ask_correction,
    ask_withdrawal,
    decide_correction,
    decide_withdrawal,
    enter_outcome,
    mask_publication,
    record_gap,
    record_outage,
)
from .daily import run_daily, run_minute
from .drafting import (
    NoticeTerms,
    PublicationDraft,
    discard_draft,
    draft_publication,
    edit_draft,
    least_display_days,
)
from .duties import open_duties, open_period, report_event, waive_duty
from .publishing import (
    force_publication,
    ratify_publication,
    send_back,
    sign_publication,
    submit_publication,
)
from .showing import close_notices, expire_due, period_of_notice, publish_due
from .supervising import (
    acknowledge,
    check_rectification,
    count_read,
    flag_publication,
    report_rectified,
    set_subscriptions,
)
from .watching import watch_display

__all__ = [
    "NoticeTerms",
    "PublicationDraft",
    "acknowledge",
    "add_item",
    "ask_correction",
    "ask_disclosure",
    "ask_withdrawal",
    "assign_item",
    "assign_many",
    "can_object",
    "check_rectification",
    "close_notices",
    "count_read",
    "decide_correction",
    "decide_withdrawal",
    "discard_draft",
    "draft_publication",
    "edit_draft",
    "edit_item",
    "end_assignment",
    "enter_outcome",
    "expire_due",
    "flag_publication",
    "force_publication",
    "give_opinion",
    "least_display_days",
    "mask_publication",
    "open_duties",
    "open_period",
    "period_of_notice",
    "publish_due",
    "ratify_publication",
    "record_gap",
    "record_outage",
    "report_event",
    "report_rectified",
    "run_daily",
    "run_minute",
    "seed_catalogue",
    "send_back",
    "set_subscriptions",
    "sign_publication",
    "submit_publication",
    "waive_duty",
    "watch_display",
]
