"""Taking one's own data away."""

from .. import acts
from ..own_data import own_data_of


def export_own_data(*, person, at):
    """Return what is stored about a person; that it was taken is noted by the day."""
    acts.record(verb="person.exported", subject=person, actor=None, at=at, day_only=True)
    return own_data_of(person)
