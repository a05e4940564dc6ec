"""The list of speakers as a delegate has it: the item under discussion, the own place in the queue, who speaks."""

from dataclasses import dataclass

from ..enums import ItemState, SessionState
from ..models import AgendaItem, Speech


@dataclass(frozen=True)
class Turn:
    """Where a delegate stands; ``own`` is None for who has not asked, ``ahead`` how many are called before."""

    item: object = None
    own: object = None
    ahead: int = 0
    waiting: int = 0
    speaker: object = None  # whoever has the word

    @property
    def has_word(self):
        """Whether the delegate speaks now."""
        return self.own is not None and self.own.called_at is not None


def turn_of(session, mandate):
    """Return the turn of a delegate on the item under discussion, by two queries; one while there is none."""
    if session.state != SessionState.OPEN:
        return Turn()
    item = AgendaItem.objects.filter(session=session, state=ItemState.RUNNING).first()
    if item is None:
        return Turn()
    rows = Speech.objects.filter(item=item, ended_at__isnull=True).select_related("mandate__electing_unit__unit")
    listed = list(rows.order_by("asked_at", "pk"))
    waiting = [one for one in listed if one.called_at is None]
    own = next((one for one in listed if one.mandate_id == mandate.pk), None)
    return Turn(
        item=item,
        own=own,
        ahead=waiting.index(own) if own in waiting else 0,
        waiting=len(waiting),
        speaker=next((one for one in listed if one.called_at is not None), None),
    )
