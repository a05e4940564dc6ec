"""The watch over the display: dark days are recorded by themselves and move the end of a public notice."""

import datetime as dt
import http.server
import threading

import pytest

from disclosures import operations as does
from disclosures.models import Gap
from disclosures.operations import period_of_notice, watch_display
from portal.deadlines.models import Heartbeat
from portal.kernel.days import LOCAL
from portal.kernel.probing import answers
from portal.ledger.models import Entry
from portal.ledger.recording import record
from tests.factories.disclosures import AT, fresh, make_publication

pytestmark = pytest.mark.django_db
D = dt.date
MON = D(2026, 3, 9)


def local(day, hour, minute=0):
    return dt.datetime.combine(day, dt.time(hour, minute), tzinfo=LOCAL).astimezone(dt.UTC)


def gaps():
    return list(Gap.objects.order_by("since").values_list("since", "until", "code"))


def look(*moments):
    return [gap for moment in moments for gap in watch_display(at=moment)]


def look_on(since, until):
    """Look every nine minutes."""
    while since < until:
        look(since)
        since += dt.timedelta(minutes=9)


@pytest.mark.parametrize(
    ("dark_from", "dark_to", "is_gap"),
    [
        # Four hours of the day's display, to the minute.
        (local(MON, 12), local(MON, 15, 59), False),
        (local(MON, 12), local(MON, 16), True),
        # The night is nobody's display.
        (local(MON, 18), local(MON + dt.timedelta(days=1), 8), False),
        (local(MON, 5), local(MON, 11, 59), False),
        (local(MON, 5), local(MON, 12), True),
    ],
)
def test_a_day_is_lost_from_four_dark_hours_on(dark_from, dark_to, is_gap):
    look(dark_from, dark_to)
    assert gaps() == []  # the day is not over yet
    look_on(dark_to, local(MON + dt.timedelta(days=2), 0, 30))
    assert gaps() == ([(MON, MON, "outage")] if is_gap else [])


@pytest.mark.parametrize(("minute", "is_gap"), [(4, False), (5, True)])
def test_silences_of_a_day_add_up(minute, is_gap):
    look(local(MON, 8), local(MON, 10), local(MON, 10, 5))
    look_on(local(MON, 12, minute), local(MON + dt.timedelta(days=1), 0, 30))
    assert gaps() == ([(MON, MON, "outage")] if is_gap else [])


def test_days_of_downtime_become_one_gap_and_are_recorded_once():
    look(local(MON, 17), local(D(2026, 3, 13), 9))
    assert gaps() == [(D(2026, 3, 10), D(2026, 3, 12), "outage")]
    look(local(D(2026, 3, 13), 9), local(D(2026, 3, 13), 9, 1))
    assert (len(gaps()), Entry.objects.filter(verb="portal.gap").count()) == (1, 1)


def test_pages_that_do_not_answer_are_dark_though_the_watch_runs():
    look(local(MON, 8))
    for minute in range(0, 600, 5):
        watch_display(at=local(MON, 8) + dt.timedelta(minutes=minute), answers=False)
    look(local(MON + dt.timedelta(days=1), 0, 5))
    assert gaps() == [(MON, MON, "outage")]


@pytest.mark.parametrize(("actor", "is_gap"), [("person", False), ("system", True)])
def test_acts_of_people_prove_that_only_the_watch_was_down(actor, is_gap, offices):
    look(local(MON, 8))
    who = offices.officer if actor == "person" else actor
    record(verb="catalogue.added", subject="disclosures.item:A01", actor=who, at=local(MON, 11), code="A01")
    look(local(MON, 17, 55), local(MON + dt.timedelta(days=1), 0, 1))
    assert (gaps() != []) is is_gap


def test_an_earlier_moment_changes_nothing():
    look(local(MON, 12), local(MON, 9))
    assert Heartbeat.objects.get(name="disclosures.display").beat_at == local(MON, 12)


def test_the_daily_job_counts_the_dark_day_before_it_closes_a_notice(offices):
    text = make_publication(offices, item="C07", at=AT)
    last = period_of_notice(text, AT).ends_on
    watch_display(at=local(last, 8))
    does.run_daily(at=local(last + dt.timedelta(days=1), 8, 30))
    text = fresh(text)
    assert text.notice.closed_on is None
    assert period_of_notice(text, local(last + dt.timedelta(days=1), 8, 30)).ends_on > last


class _Answer(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(200 if self.path == "/livez" else 503)
        self.end_headers()

    def log_message(self, *args):
        pass


def test_the_probe_takes_only_a_plain_yes():
    server = http.server.HTTPServer(("127.0.0.1", 0), _Answer)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    base = f"http://127.0.0.1:{server.server_port}"
    try:
        assert (answers(f"{base}/livez"), answers(f"{base}/other")) == (True, False)
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
    assert answers(f"{base}/livez") is False
