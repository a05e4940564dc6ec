"""Which answers may stand in the union's bulletin; the same answer as rules.may_print."""

from django.db.models import Exists, F, OuterRef

from ..enums import IdentityMode, InquiryKind, InquiryState, ReplyState, Route
from ..models import Reply
from .sight import under


def _printable(units):
    return (
        Reply.objects.filter(
            under(units, "inquiry__unit"),
            inquiry__is_published=True,
            inquiry__may_publish=True,
            inquiry__route=Route.ORDINARY,
            inquiry__hidden_class="",
        )
        .exclude(inquiry__identity_mode=IdentityMode.ANONYMOUS)
        .exclude(inquiry__kind=InquiryKind.RETALIATION)
        .select_related("inquiry__unit", "inquiry__lead_unit", "inquiry__promise")
    )


def replies_to_print(units):
    """Return approved answers that still have to reach the workers, the soonest due first."""
    return (
        _printable(units)
        .filter(state=ReplyState.APPROVED, inquiry__state=InquiryState.APPROVED, round=F("inquiry__round"))
        .order_by("inquiry__promise__due_at", "pk")
    )


def replies_printed_again(units, since, until):
    """Return answers that reached the workers between two days by another way, newest first; of a card the last one."""
    later = Reply.objects.filter(
        inquiry=OuterRef("inquiry"),
        round__gt=OuterRef("round"),
        state=ReplyState.DELIVERED,
        delivery__delivered_on__lte=until,
    )
    return (
        _printable(units)
        .filter(
            ~Exists(later),
            state=ReplyState.DELIVERED,
            delivery__delivered_on__gte=since,
            delivery__delivered_on__lte=until,
        )
        .order_by("-delivery__delivered_on", "pk")
    )
