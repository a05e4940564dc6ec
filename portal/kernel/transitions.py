"""State machines as tables: a dict from each state to the set of states that may follow."""


class IllegalTransition(Exception):
    """The thing has moved on meanwhile, or may never make this move."""

    def __init__(self, source, target):
        super().__init__(f"{source} -> {target}")
        self.source, self.target = source, target


def check_transition(table, *, source, target):
    """
    Allow the move only when the table lists it; a state without a row has no way out.

    :raises IllegalTransition: otherwise.
    """
    if target not in table.get(source, ()):
        raise IllegalTransition(source, target)
