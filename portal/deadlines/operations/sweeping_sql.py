"""
The statements of the sweep, made from the ladders, in two dialects.

Both do the same: take up to a batch of promises whose next step has come,
find for each the step it is at (not those it has passed), and write in one
transaction the promise's next step, the step taken, the miss if it is one, and
the notice. Names of tables of other floors are theirs: the ledger tells sweeps
to insert by SQL (portal.ledger.recording), the notices do too (portal.notices.outbox).
"""

from ..ladders import WEEK

# Nothing here comes from a reader: kinds, codes and roles are constants of the code, and are checked to be plain.
_PLAIN = frozenset("abcdefghijklmnopqrstuvwxyz0123456789_.:")


def _text(value):
    value = str(value)
    if not set(value) <= _PLAIN:
        raise ValueError(f"not a plain code: {value!r}")
    return f"'{value}'"


def _by_ladder(ladders, expression):
    """CASE over the kinds, with an expression for the ladder of each; kinds nobody declared have none."""
    cases = " ".join(
        f"WHEN kind IN ({', '.join(map(_text, kinds))}) THEN {expression(ladder)}" for ladder, kinds in ladders.items()
    )
    return f"CASE {cases} END"


def _known(ladders):
    """A condition that leaves alone the kinds nobody declares: an app switched off must not lose its steps."""
    return f"kind IN ({', '.join(_text(kind) for kinds in ladders.values() for kind in kinds)})"


def _is_reached(rung):
    if rung.offset is None:
        return "over + span >= 1"
    return f"over >= {rung.offset}" + (f" AND span > {-rung.offset}" if rung.offset < 0 else "")


def _is_ahead(rung):
    if rung.offset is None:
        return "over + span < 1"
    return f"over < {rung.offset}" + (f" AND span > {-rung.offset}" if rung.offset < 0 else "")


def _stage(ladder):
    """The index of the rung a promise is at, as Ladder.place."""
    last = len(ladder.rungs) - 1
    cases = (
        [f"WHEN over >= {ladder.last + WEEK} THEN {last} + (over - {ladder.last}) / {WEEK}"] if ladder.weekly else []
    )
    cases += [f"WHEN {_is_reached(ladder.rungs[index])} THEN {index}" for index in range(last, -1, -1)]
    return f"CASE {' '.join(cases)} ELSE -1 END"


def _next_step(ladder):
    """The index of the rung that follows, as Ladder.next_after."""
    count = len(ladder.rungs)
    cases = [f"WHEN {_is_ahead(rung)} THEN {index}" for index, rung in enumerate(ladder.rungs)]
    tail = f"{count} + (over - {ladder.last}) / {WEEK}" if ladder.weekly else str(count)
    return f"CASE {' '.join(cases)} ELSE {tail} END"


def _next_offset(ladder):
    """Days from the due day to the rung that follows, or NULL when there is none."""
    cases = [
        f"WHEN {_is_ahead(rung)} THEN {'1 - span' if rung.offset is None else rung.offset}" for rung in ladder.rungs
    ]
    tail = f"{ladder.last} + {WEEK} * ((over - {ladder.last}) / {WEEK} + 1)" if ladder.weekly else "NULL"
    return f"CASE {' '.join(cases)} ELSE {tail} END"


def _of_stage(ladder, value, weekly):
    cases = " ".join(f"WHEN {index} THEN {value(rung)}" for index, rung in enumerate(ladder.rungs))
    return f"CASE stage {cases} ELSE {weekly} END"


def _code(ladder):
    return _of_stage(
        ladder, lambda rung: _text(rung.code), f"'weekly:' || CAST(stage - {len(ladder.rungs) - 1} AS varchar(6))"
    )


def _role(ladder):
    return _of_stage(ladder, lambda rung: _text(rung.role), _text(ladder.weekly) if ladder.weekly else "NULL")


def _urgent(ladder):
    return _of_stage(ladder, lambda rung: str(rung.is_urgent).upper(), "TRUE")


def postgresql_waiting(ladders):
    """
    Return the statement that lists where the promises to take lie.

    Listed first, many batches at a time: a batch that looked for its own rows would step over the dead
    index entries of all batches before it, which in a mass sweep costs a third of everything.
    """
    return f"""
    SELECT ctid::text FROM deadlines_promise
    WHERE next_at <= %(at)s AND met_at IS NULL AND ended_at IS NULL AND paused_on IS NULL AND {_known(ladders)}
    ORDER BY next_at LIMIT %(size)s
    """  # noqa: S608 -- made of constants that _text has checked


def postgresql(ladders):
    """
    Return the one statement of a batch; it returns (taken, missed, told, is urgent).

    Everything is asked again under the lock, so that a row that lies elsewhere by now, or another one in its
    place, does no harm. With its other ways off the planner goes straight to the rows, whatever it believes of
    the table: left alone, it reads all of a middle-sized one for each batch.
    """
    return f"""
    SET LOCAL enable_seqscan = off; SET LOCAL enable_bitmapscan = off; SET LOCAL enable_indexscan = off;
    WITH due AS MATERIALIZED (
        SELECT ctid AS place, id, kind, subject, round, unit_id, due_on, due_at, missed_at,
               %(today)s::date - due_on AS over, due_on - started_on AS span
        FROM deadlines_promise
        WHERE ctid = ANY (%(places)s::tid[]) AND (next_at <= %(at)s) IS TRUE
          AND met_at IS NULL AND ended_at IS NULL AND paused_on IS NULL AND {_known(ladders)}
        FOR UPDATE SKIP LOCKED
    ), placed AS MATERIALIZED (
        SELECT *, {_by_ladder(ladders, _stage)} AS stage,
               {_by_ladder(ladders, _next_step)} AS next_step, {_by_ladder(ladders, _next_offset)} AS next_offset,
               due_at <= %(at)s AND missed_at IS NULL AS is_missed
        FROM due
    ), staged AS MATERIALIZED (
        SELECT *, {_by_ladder(ladders, _code)} AS code, {_by_ladder(ladders, _role)} AS role,
               {_by_ladder(ladders, _urgent)} AS is_urgent
        FROM placed WHERE stage >= 0
    ), moved AS (
        UPDATE deadlines_promise AS promise
        SET next_step = placed.next_step, next_at = placed.due_at + make_interval(days => placed.next_offset - 1),
            missed_at = CASE WHEN placed.is_missed THEN placed.due_at ELSE placed.missed_at END
        FROM placed WHERE promise.ctid = placed.place
    ), stepped AS (
        INSERT INTO deadlines_step (promise_id, code, due_on, "on")
        SELECT id, code, due_on, %(today)s::date FROM staged
        ON CONFLICT DO NOTHING
    ), missed AS (
        INSERT INTO ledger_entry (id, verb, subject, actor, at, is_day_only, facts)
        SELECT gen_random_uuid(), 'promise.missed', subject, 'system', due_at, FALSE,
               jsonb_build_object('promise', id, 'kind', kind, 'round', round, 'due_on', due_on)
        FROM placed WHERE is_missed
    ), told AS (
        INSERT INTO notices_notice (id, key, desk, kind, subject, facts, is_urgent, at)
        SELECT gen_random_uuid(),
               'promise:' || id || ':' || code || ':' || to_char(due_on, 'YYYY-MM-DD') || '|' || desk, desk,
               CASE WHEN over > 0 THEN 'promise.overdue' ELSE 'promise.reminder' END, subject,
               jsonb_build_object('promise', id, 'what', kind, 'code', code, 'due_on', due_on),
               is_urgent, %(at)s
        FROM (
            SELECT staged.*, COALESCE(known.desk, staged.role || ':' || staged.unit_id) AS desk
            FROM staged
            LEFT JOIN unnest(%(units)s::bigint[], %(roles)s::text[], %(desks)s::text[]) AS known (unit_id, role, desk)
            ON known.unit_id = staged.unit_id AND known.role = staged.role
        ) AS addressed
        ON CONFLICT (key) DO NOTHING
        RETURNING is_urgent
    )
    SELECT (SELECT count(*) FROM due), (SELECT count(*) FROM placed WHERE is_missed),
           (SELECT count(*) FROM told), (SELECT bool_or(is_urgent) FROM told)
    """  # noqa: S608 -- made of constants that _text has checked


SQLITE_TABLES = (
    """
    CREATE TEMP TABLE IF NOT EXISTS sweep_desk
    (unit_id integer, role text, desk text, PRIMARY KEY (unit_id, role)) WITHOUT ROWID
    """,
    "DELETE FROM temp.sweep_desk",
    """
    CREATE TEMP TABLE IF NOT EXISTS sweep_row (
        id text PRIMARY KEY, dashed text, kind text, subject text, round integer, unit_id integer,
        due_on text, due_at text, missed_at text, over integer, span integer, is_missed integer,
        stage integer, next_step integer, next_offset integer, code text, role text, is_urgent integer, desk text
    ) WITHOUT ROWID
    """,
)
_DASHED = " || '-' || ".join(
    f"substr(id, {start}, {length})" for start, length in ((1, 8), (9, 4), (13, 4), (17, 4), (21, 12))
)


def sqlite(ladders):
    """Return the statements of a batch, inside one transaction; the last returns (taken, missed, told, is urgent)."""
    return (
        "DELETE FROM temp.sweep_row",
        f"""
        INSERT INTO temp.sweep_row
        (id, dashed, kind, subject, round, unit_id, due_on, due_at, missed_at, over, span,
         is_missed, stage, next_step, next_offset)
        SELECT id, {_DASHED}, kind, subject, round, unit_id, due_on, due_at, missed_at, over, span,
               due_at <= %(at)s AND missed_at IS NULL,
               {_by_ladder(ladders, _stage)}, {_by_ladder(ladders, _next_step)}, {_by_ladder(ladders, _next_offset)}
        FROM (
            SELECT *, CAST(julianday(%(today)s) - julianday(due_on) AS integer) AS over,
                   CAST(julianday(due_on) - julianday(started_on) AS integer) AS span
            FROM deadlines_promise
            WHERE next_at <= %(at)s AND met_at IS NULL AND ended_at IS NULL AND paused_on IS NULL
                  AND next_at IS NOT NULL
                  AND {_known(ladders)}
            ORDER BY next_at LIMIT %(size)s
        )
        """,  # noqa: S608 -- made of constants that _text has checked
        f"""
        UPDATE temp.sweep_row SET code = {_by_ladder(ladders, _code)}, role = {_by_ladder(ladders, _role)},
                                  is_urgent = {_by_ladder(ladders, _urgent)}
        WHERE stage >= 0
        """,  # noqa: S608 -- made of constants that _text has checked
        """
        UPDATE temp.sweep_row SET desk = COALESCE(
            (SELECT known.desk FROM temp.sweep_desk AS known
             WHERE known.unit_id = sweep_row.unit_id AND known.role = sweep_row.role),
            role || ':' || unit_id
        ) WHERE role IS NOT NULL
        """,
        """
        UPDATE deadlines_promise
        SET next_step = taken.next_step, next_at = datetime(taken.due_at, (taken.next_offset - 1) || ' days'),
            missed_at = CASE WHEN taken.is_missed THEN taken.due_at ELSE taken.missed_at END
        FROM temp.sweep_row AS taken WHERE deadlines_promise.id = taken.id
        """,
        """
        INSERT INTO deadlines_step (promise_id, code, due_on, "on")
        SELECT id, code, due_on, %(today)s FROM temp.sweep_row WHERE role IS NOT NULL
        ON CONFLICT DO NOTHING
        """,
        """
        INSERT INTO ledger_entry (id, verb, subject, actor, at, is_day_only, facts)
        SELECT lower(hex(randomblob(16))), 'promise.missed', subject, 'system', due_at, 0,
               json_object('promise', dashed, 'kind', kind, 'round', round, 'due_on', due_on)
        FROM temp.sweep_row WHERE is_missed
        """,
        """
        INSERT INTO notices_notice (id, key, desk, kind, subject, facts, is_urgent, at)
        SELECT lower(hex(randomblob(16))), 'promise:' || dashed || ':' || code || ':' || due_on || '|' || desk, desk,
               CASE WHEN over > 0 THEN 'promise.overdue' ELSE 'promise.reminder' END, subject,
               json_object('promise', dashed, 'what', kind, 'code', code, 'due_on', due_on), is_urgent, %(at)s
        FROM temp.sweep_row WHERE role IS NOT NULL
        ON CONFLICT (key) DO NOTHING
        """,
        """
        SELECT count(*), COALESCE(sum(is_missed), 0), COALESCE(sum(role IS NOT NULL), 0), COALESCE(max(is_urgent), 0)
        FROM temp.sweep_row
        """,
    )
