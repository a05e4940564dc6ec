"""Asking the author for more, which pauses the clock, and letting it run again."""

from django.db import transaction
from django.utils.translation import gettext as _

from portal.deadlines.operations import pause_promise, resume_promise
from portal.kernel.days import local_day
from portal.kernel.verdicts import require

from ..models import Message
from ..rules import may_ask_author, may_resume
from .core import locked, note, tell


@transaction.atomic
def ask_author(*, inquiry_id, text, actor, at):
    """
    Ask the author for what is missing; the clock stands still until the answer, ten days at the most.

    :raises OperationRefused: with the reason a person may read.
    """
    inquiry = locked(inquiry_id)
    require(may_ask_author(actor, inquiry))
    message = put_message(inquiry, text=text, is_from_author=False, sent_by=actor, on=local_day(at), asks_for_more=True)
    # The reason of a pause is public; the question is not, where the author did not want the text published.
    reason = text if inquiry.is_published else _("The author was asked for more.")
    pause_promise(promise=inquiry.promise, reason=reason, actor=actor, at=at)
    note("asked_author", inquiry, actor=actor, at=at)
    tell("asked_author", inquiry, author=True, at=at, step=str(message.place))
    return message


@transaction.atomic
def resume_inquiry(*, inquiry_id, actor, at):
    """
    Let the clock run on without the author's answer.

    :raises OperationRefused: with the reason a person may read.
    """
    inquiry = locked(inquiry_id)
    require(may_resume(actor, inquiry))
    resume_promise(promise=inquiry.promise, actor=actor, at=at)
    return inquiry


def put_message(inquiry, *, text, is_from_author, on, sent_by=None, asks_for_more=False, idempotency_key=None):
    last = Message.objects.filter(inquiry=inquiry).order_by("-place").values_list("place", flat=True).first() or 0
    message = Message.objects.create(
        inquiry=inquiry,
        text=text,
        is_from_author=is_from_author,
        sent_by=sent_by,
        on=on,
        place=last + 1,
        asks_for_more=asks_for_more,
        idempotency_key=idempotency_key,
    )
    inquiry._prefetched_objects_cache.pop("messages", None)
    return message
