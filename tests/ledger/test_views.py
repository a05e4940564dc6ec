"""The pages on which anybody checks the ledger, and the auditor's list."""

import datetime as dt

import pytest
from django.urls import reverse

from portal.accounts.enums import Role
from portal.kernel.days import local_day
from portal.ledger.models import Head, Seal
from portal.ledger.operations import publish_head, seal_pending
from portal.ledger.verifying import digest_of, read_lines, verify_rows
from tests.factories.people import make_officer, make_person, make_unit
from tests.ledger.acts import FINGERPRINT, NOON, make_entries, make_entry
from tests.signing import signed_in

pytestmark = pytest.mark.django_db
DAY = dt.timedelta(days=1)
VERIFY = "ledger:verify"


@pytest.fixture(autouse=True)
def company():
    return make_unit()


def found(client, typed):
    response = client.get(reverse(VERIFY), {"q": typed})
    assert response.status_code == 200
    return response.context["places"]


def test_everybody_sees_the_end_and_the_heads(client):
    make_entries(3)
    publish_head(at=NOON + DAY)
    make_entry(at=NOON + DAY)
    seal_pending(at=NOON + DAY)
    response = client.get(reverse(VERIFY))
    head, end = Head.objects.get(), Seal.objects.get(seq=4)
    assert (response.context["seq"], response.context["hash"]) == (4, end.hash)
    assert list(response.context["heads"]) == [head]
    assert head.hash[:8] in response.content.decode()


def test_an_empty_ledger_explains_itself(client):
    assert "链上还没有记录" in client.get(reverse(VERIFY)).content.decode()


@pytest.mark.parametrize(
    "typed", ["{hash}", "{hash:.8}", "#2", "{id}", "{fingerprint}", "{fingerprint:.8}", " {fingerprint:.8} "]
)
def test_an_entry_is_found_with_its_place(client, typed):
    make_entry(at=NOON - DAY)
    entry = make_entry(verb="test.hidden", sha256=FINGERPRINT, thing="secret-1")
    make_entry(at=NOON + DAY / 4)
    seal_pending(at=NOON + DAY)
    hashes = list(Seal.objects.order_by("seq").values_list("hash", flat=True))
    places = found(client, typed.format(hash=hashes[1], id=entry.pk, fingerprint=FINGERPRINT))
    assert [
        (place.seq, place.previous, place.hash, place.following, place.sentence, place.text) for place in places
    ] == [(2, *hashes, "", "")]


def test_the_first_entry_follows_zeros_and_the_last_has_none_after(client):
    make_entry()
    seal_pending(at=NOON)
    (place,) = found(client, "#1")
    assert (place.previous, place.following, place.sentence) == ("0" * 64, "", "done with –")
    assert digest_of(place.text) == place.digest


def test_only_the_holder_of_the_whole_fingerprint_reads_an_unnamed_entry(client):
    make_entry(actor=None, day_only=True, sha256=FINGERPRINT)
    seal_pending(at=NOON + DAY)
    assert found(client, FINGERPRINT[:63])[0].text == ""
    assert FINGERPRINT in found(client, FINGERPRINT)[0].text


def test_a_persons_entry_is_not_shown_even_to_the_holder(client):
    person = make_person()
    make_entry(actor=person, sha256=FINGERPRINT)
    seal_pending(at=NOON + DAY)
    response = client.get(reverse(VERIFY), {"q": FINGERPRINT})
    assert response.context["places"][0].text == ""
    assert str(person.pk) not in response.content.decode()


def test_an_entry_not_yet_sealed_says_so(client):
    make_entry(actor=None, day_only=True, sha256=FINGERPRINT)
    response = client.get(reverse(VERIFY), {"q": FINGERPRINT[:8]})
    assert [place.seq for place in response.context["places"]] == [None]
    assert "尚未入链" in response.content.decode()


@pytest.mark.parametrize("typed", ["zz", "1234567", "#", "#x", "#" + "9" * 30, "食堂", "g" * 64, "a" * 65, "#²"])
def test_what_is_no_fingerprint_is_said(client, typed):
    response = client.get(reverse(VERIFY), {"q": typed})
    assert (response.context["places"], response.context["is_unreadable"]) == (None, True)


@pytest.mark.parametrize("typed", ["a" * 64, "#7", "00000000"])
def test_what_is_not_there_is_said(client, typed):
    assert found(client, typed) == []


@pytest.mark.parametrize("query", ["q=%00", "q=" + "a" * 3000, "after=xx", "after=WyIyMDI2Il0", "q[]=1", "q=%ed%a0%80"])
def test_hostile_query_strings_do_no_harm(client, query):
    assert client.get(f"{reverse(VERIFY)}?{query}").status_code == 200


def test_the_slip_and_the_file_of_a_day(client):
    make_entries(2)
    publish_head(at=NOON + DAY)
    make_entry(at=NOON + DAY, verb="test.hidden", thing="secret-1")
    make_entry(at=NOON + DAY, actor=make_person())
    shown = make_entry(at=NOON + DAY, thing="open-1")
    head = publish_head(at=NOON + 2 * DAY)
    day = local_day(NOON + DAY)
    slip = client.get(reverse("ledger:slip", args=[day]))
    assert (slip.context["head"], slip.context["count"]) == (head, 3)
    response = client.get(reverse("ledger:export", args=[day]))
    text = b"".join(response.streaming_content).decode()
    lines = text.splitlines()
    first = Seal.objects.get(seq=2)
    assert lines[0] == f"# start 2 {first.hash}"
    report = verify_rows(read_lines(lines), start=(2, first.hash))
    assert (report.count, report.hash, report.fault) == (3, head.hash, None)
    assert "secret-1" not in text and "person:" not in text
    assert "open-1" in text and str(shown.pk) in text


@pytest.mark.parametrize("day", ["2026-11-01", "2026-02-30", "2026-13-01", "1999-01-01", "x"])
@pytest.mark.parametrize("page", ["slip", "export"])
def test_a_day_without_a_head_is_not_found(client, day, page):
    assert client.get(f"/ledger/days/{day}/{page}/").status_code == 404


# The auditor's list -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("role", [role for role in Role if role != Role.AUDITOR])
def test_others_are_refused_the_list(client, role):
    signed_in(client, make_officer(role))
    assert client.get(reverse("ledger:audit")).status_code == 403


def test_visitors_are_sent_to_sign_in(client):
    assert client.get(reverse("ledger:audit")).status_code == 302


@pytest.fixture
def auditor(client):
    return signed_in(client, make_officer(Role.AUDITOR, job_no="900001"))


def listed(client, **query):
    response = client.get(reverse("ledger:audit"), query)
    assert response.status_code == 200
    return [entry.pk for entry, *_rest in response.context["rows"]]


def test_the_auditor_reads_everything_newest_first(auditor):
    person = make_person(job_no="700001")
    one = make_entry(at=NOON - DAY, verb="test.hidden", thing="secret-1")
    two = make_entry(actor=person, subject="test.thing:2")
    assert listed(auditor) == [two.pk, one.pk]
    assert listed(auditor, verb="test.hidden") == [one.pk]
    assert listed(auditor, subject="test.thing:2") == [two.pk]
    assert listed(auditor, actor="700001") == [two.pk]
    assert listed(auditor, actor="system") == [one.pk]
    assert listed(auditor, day="2026-11-19") == [one.pk]
    assert listed(auditor, day="2026-02-30", verb="nonsense", actor="nobody") == [two.pk, one.pk]


def test_the_list_goes_on_by_key(auditor):
    made = [entry.pk for entry in make_entries(51)][::-1]
    response = auditor.get(reverse("ledger:audit"))
    assert [entry.pk for entry, *_rest in response.context["rows"]] == made[:50]
    assert listed(auditor, after=response.context["page"].next_token) == made[50:]


def test_facts_are_shown_whatever_they_are_named(auditor):
    make_entry(items=3, keys="two")
    response = auditor.get(reverse("ledger:audit"))
    assert "items=3, keys=two" in response.text
