"""R12: PostgreSQL is restarted and killed while cards come in: what was acknowledged is stored, once and whole."""

import contextlib
import os
import signal
import threading
import time
from http.client import HTTPException

import psycopg2
import pytest

from tests.faults.people import BODY, card_form
from tests.faults.stage import Visitor, in_parallel, wait_until

pytestmark = pytest.mark.services
SUBMITS, THREADS = 400, 8


def ask(postgres, statement, *values):
    line = psycopg2.connect(postgres.url)
    with contextlib.closing(line), line.cursor() as cursor:
        cursor.execute(statement, values)
        return cursor.fetchall()


def started(postgres):
    """Return how often the server has said that it is ready: at each start, and after each child that was killed."""
    log = (postgres.folder / "server.log").read_text(errors="replace")
    return log.count("ready to accept connections")


def test_r12_fast_restart_and_a_killed_backend(stage_with_own_postgres, record_property):
    stage = stage_with_own_postgres
    postgres, seed = stage.postgres, stage.seed
    address = stage.web()
    before = ask(postgres, "SELECT count(*) FROM feedback_inquiry")[0][0]
    failures, done, lock = [], [0], threading.Lock()
    forms = [card_form(seed["unit"], subject=f"第{n}张") for n in range(SUBMITS)]

    def submit(form):
        """Send the form until it is acknowledged, as a person who presses "send again" does."""
        visitor = Visitor(address, seed["session"])
        until = time.monotonic() + 300
        while time.monotonic() < until:
            sent = time.monotonic()
            try:
                answer = visitor.post("/cards/new/", form)
            except (OSError, HTTPException) as error:
                answer = error
            if getattr(answer, "status", 0) == 302:
                with lock:
                    done[0] += 1
                return answer
            with lock:
                failures.append((sent, time.monotonic(), answer))
            time.sleep(0.1)
        raise AssertionError(f"never acknowledged: {answer}")

    answers = []
    crowd = threading.Thread(target=lambda: answers.extend(in_parallel(THREADS, forms, submit)))
    crowd.start()
    windows = []
    wait_until(lambda: done[0] > SUBMITS // 5, 300)
    began = time.monotonic()
    postgres.stop()
    postgres.start()
    windows.append((began, time.monotonic()))
    wait_until(lambda: done[0] > SUBMITS // 2, 300)
    [(victim,)] = ask(
        postgres,
        "SELECT pid FROM pg_stat_activity WHERE datname = 'portal' AND pid <> pg_backend_pid()"
        " AND backend_type = 'client backend' LIMIT 1",
    )
    starts = started(postgres)
    began = time.monotonic()
    os.kill(victim, signal.SIGKILL)
    wait_until(lambda: started(postgres) > starts, 120)  # until the postmaster has noticed it answers as before
    wait_until(postgres.answers, 120)
    windows.append((began, time.monotonic()))
    crowd.join()  # nobody in it waits for ever

    # Acknowledged is stored, each once; what was not acknowledged was pressed again and is there once too.
    assert len({getattr(answer, "place", answer).partition("?")[0] for answer in answers}) == SUBMITS
    [(cards, numbers)] = ask(postgres, "SELECT count(*), count(DISTINCT (year, serial)) FROM feedback_inquiry")
    assert cards == numbers == before + SUBMITS
    [(promises,)] = ask(
        postgres,
        "SELECT count(*) FROM deadlines_promise WHERE kind LIKE 'inquiry.re%%'",
    )
    assert promises == 2 * cards
    [(entries, subjects)] = ask(
        postgres,
        "SELECT count(*), count(DISTINCT subject) FROM ledger_entry WHERE verb = 'inquiry.submitted'",
    )
    assert entries == subjects == cards
    assert ask(postgres, "SELECT sum(last) FROM feedback_series")[0][0] == cards
    [(received,)] = ask(postgres, "SELECT sum(n) FROM feedback_tally WHERE measure = 'received'")
    assert received == cards

    # Whoever met the outage was told so, with what they had written.
    record_property("not acknowledged at first", len(failures))
    assert failures, "the restart was not felt; nothing was tried"
    told = [answer for _sent, _at, answer in failures if not isinstance(answer, Exception)]
    assert {answer.status for answer in told} == {503}
    for answer in told:
        assert BODY in answer.text
        assert answer.headers["retry-after"]
        assert answer.headers["cache-control"] == "private, no-store"
    # Asked before the server answered again, or two seconds after; how long the answer took is the machine's affair.
    late = [
        sent for sent, at, _answer in failures if not any(begin <= at and sent <= end + 2 for begin, end in windows)
    ]
    record_property("downtimes", [round(end - begin, 2) for begin, end in windows])
    record_property("told 503", len(told))
    assert late == []
