"""
Statements that PostgreSQL plans once for each connection instead of at every question.

To plan a statement of many joins takes PostgreSQL longer than to run it. Whoever puts a pooler in between
(docs/operations.md) may meet a connection that does not know what was prepared, or one where somebody
else has prepared the same: such a question is asked plainly, and after a few of them nothing is prepared any more.
"""

import hashlib

from django.conf import settings
from django.db import DatabaseError, connection

# What a server says that has not prepared a statement, has already, or whose tables have changed under it.
UNKNOWN, KNOWN, CHANGED, UNTYPED = "26000", "42P05", "0A000", "42P18"
MOST_SURPRISES = 3
MOST_TEXTS = 4  # of one statement, by its constants: around midnight two days are asked for
MOST_KNOWN = 300  # on one connection; each holds some tens of KiB of the server's memory

_surprises = {"seen": 0}


class Planned:
    """
    A statement whose ``params`` are constants and, where ``type_of`` gives a type, places for values.

    A constant may be another at another time, such as the day: the server then plans anew, and for what it is.
    Places for which ``name_of`` gives the same name take the same value, which is sent once.
    """

    def __init__(self, sql, params, type_of, name_of=None):
        self._sql = sql
        self._types = [type_of(one) for one in params]
        numbers, self._numbers = {}, {}
        for at, (one, kind) in enumerate(zip(params, self._types, strict=True)):
            if kind:
                same = (name_of(one), kind) if name_of else at
                self._numbers[at] = numbers.setdefault(same, len(numbers) + 1)
        # Of each number the first place at which its value stands.
        first = {number: at for at, number in reversed(self._numbers.items())}
        self._firsts = [first[number] for number in sorted(first)]
        self._places = f"({', '.join(['%s'] * len(self._firsts))})" if self._firsts else ""
        self._texts = {}
        self._can = True

    def ask(self, filled):
        """Return the rows for the parameters, constants and all; one statement, and once a connection another."""
        if self._can and _may_prepare() and (rows := self._ask_prepared(filled)) is not None:
            return rows
        with connection.cursor() as cursor:
            cursor.execute(self._sql, filled)
            return cursor.fetchall()

    def _ask_prepared(self, filled):
        values = [filled[at] for at in self._firsts]
        known = _known_to_server()
        try:
            with connection.cursor() as cursor:
                name, text = self._prepare_as(cursor, filled)
                if name not in known:
                    if len(known) >= MOST_KNOWN:
                        # Yesterday's among them; what is still asked is prepared again.
                        cursor.execute("DEALLOCATE ALL")
                        known.clear()
                    known.add(name)
                    try:
                        cursor.execute(text)
                    except DatabaseError as error:
                        # The name says what the statement is, so that another's is as good.
                        if _code(error) != KNOWN:
                            raise
                cursor.execute(f"EXECUTE {name} {self._places}", values)
                return cursor.fetchall()
        except DatabaseError as error:
            if _code(error) not in (UNKNOWN, CHANGED, UNTYPED):
                raise
            known.discard(name)
            if _code(error) == UNTYPED:  # what its values are can only be said with them
                self._can = False
            else:
                _surprises["seen"] += 1
            return None

    def _prepare_as(self, cursor, filled):
        """Return name and text by which the statement is prepared."""
        constants = repr([one for one, kind in zip(filled, self._types, strict=True) if not kind])
        if constants not in self._texts:
            kinds = [self._types[at] for at in self._firsts]
            marks = [_Mark(self._numbers[at]) if at in self._numbers else one for at, one in enumerate(filled)]
            text = cursor.mogrify(self._sql, marks).decode()
            types = f" ({', '.join(kinds)})" if kinds else ""
            name = "portal_" + hashlib.sha256(f"{types} {text}".encode()).hexdigest()[:40]
            if len(self._texts) >= MOST_TEXTS:
                self._texts.clear()
            self._texts[constants] = name, f"PREPARE {name}{types} AS {text}"
        return self._texts[constants]


class _Mark:
    """The place of a value in the text of a prepared statement, as psycopg2 writes it down."""

    def __init__(self, number):
        self._number = number

    def __conform__(self, protocol):
        return self

    def getquoted(self):
        return b"$%d" % self._number


def _may_prepare():
    # Within a transaction a surprise would cost all that was done in it.
    return (
        connection.vendor == "postgresql"
        and settings.PREPARES_STATEMENTS
        and _surprises["seen"] < MOST_SURPRISES
        and not connection.in_atomic_block
        # Whoever listens wants to hear the statement itself.
        and not connection.execute_wrappers
    )


def _known_to_server():
    """Return the names that were prepared on the connection to the server that is open now."""
    connection.ensure_connection()
    held = getattr(connection, "_portal_planned", None)
    if held is None or held[0] is not connection.connection:
        held = connection._portal_planned = (connection.connection, set())
    return held[1]


def _code(error):
    return getattr(error.__cause__, "pgcode", None)
