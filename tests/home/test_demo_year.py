"""A year of the made-up enterprise, seeded once: in every state, and no different from what the operations write."""

import datetime as dt
import io
import json

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.db.models import F
from django.test import override_settings
from django.urls import reverse
from openpyxl import load_workbook

from disclosures.enums import VersionKind
from disclosures.models import (
    AttachedFile,
    ConsultationOpinion,
    MajorVersion,
    Notice,
    Opinion,
    PublicationFile,
    Rectification,
    Version,
)
from disclosures.rules.consultations import may_read_consultation
from feedback.enums import InquiryState
from feedback.models import Inquiry, Tally
from feedback.operations.daily import recount
from portal.accounts.models import Appointment, Person, Unit
from portal.deadlines.clock import clock_of
from portal.deadlines.models import Promise
from portal.files.intake import clean_upload
from portal.home.demo import seeding
from portal.home.demo.announcements import STAFF
from portal.home.demo.attachments import attach_tables
from portal.home.demo.committing import add_commitments
from portal.home.demo.consulting import add_consultations
from portal.home.demo.majors import DECISIONS
from portal.home.demo.opinions import add_demands, add_opinions
from portal.home.demo.plant import build_plant
from portal.kernel.enums import Lamp
from portal.kernel.indicators import indicator_of
from portal.ledger.models import Entry, Pending, Seal
from portal.ledger.registry import known_verbs
from portal.search.models import SearchEntry
from tests.signing import signed_in

AT = dt.datetime(2026, 11, 20, 2, 0, tzinfo=dt.UTC)


@pytest.fixture(scope="module")
def enterprise(django_db_setup, django_db_blocker, tmp_path_factory):
    """Seed once for the tests that look at it; what they write is taken back, and in the end everything."""
    place, plants = tmp_path_factory.mktemp("demo"), []

    def build(**wanted):
        plants.append(build_plant(**wanted))
        return plants[0]

    with django_db_blocker.unblock(), override_settings(DEMO=True, VAR=place), pytest.MonkeyPatch.context() as patch:
        patch.setattr(seeding, "build_plant", build)
        around = transaction.atomic()
        around.__enter__()
        assert seeding.seed(at=AT, cards=600)
        yield place, plants[0]
        transaction.set_rollback(True)
        around.__exit__(None, None, None)


@pytest.fixture
def seeded(enterprise, db, settings):
    settings.DEMO, settings.VAR = True, enterprise[0]
    return enterprise[0]


def test_a_year_of_use_shows_every_state_and_every_lamp(seeded):
    assert (Unit.objects.count(), Person.objects.count()) == (35, 3000)
    assert set(Inquiry.objects.values_list("state", flat=True)) >= set(InquiryState.values) - {
        "registered",
        "submitted",
        "approved",
    }
    lamps = {clock_of(promise, AT).lamp for promise in Promise.objects.all()}
    assert lamps >= {Lamp.BLUE, Lamp.YELLOW, Lamp.RED, Lamp.GREEN, Lamp.ORANGE}
    signins = json.loads((seeded / "demo-signins.json").read_text(encoding="utf-8"))
    assert {row["role"] for row in signins} == {
        *Appointment.objects.values_list("role", flat=True).distinct(),
        "worker",
    }
    for row in signins:
        assert Person.objects.get(job_no=row["job_no"]).check_password(row["secret"])


def test_numbers_counters_and_seals_are_as_the_operations_would_leave_them(seeded):
    for year in Inquiry.objects.values_list("year", flat=True).distinct():
        serials = list(Inquiry.objects.filter(year=year).order_by("serial").values_list("serial", flat=True))
        assert serials == list(range(1, len(serials) + 1))
    assert {(t.unit_id, t.month, t.measure): t.n for t in Tally.objects.exclude(n=0)} == recount()
    assert set(Entry.objects.values_list("verb", flat=True)) <= set(known_verbs())
    today = dt.date(2026, 11, 20)
    held = Entry.objects.filter(is_day_only=True, at__gte=dt.datetime(2026, 11, 19, 16, tzinfo=dt.UTC)).count()
    assert (Pending.objects.count(), Seal.objects.count()) == (held, Entry.objects.count() - held)
    assert Inquiry.objects.filter(received_on__gt=today).count() == 0


def test_the_latest_text_of_some_items_has_a_workbook_with_the_figures_of_its_page(enterprise, db, client):
    rows = PublicationFile.objects.select_related("file", "publication")
    assert {(row.publication.item.code, row.file.name) for row in rows} == {
        ("B05", "经济责任制考核得分表.xlsx"),
        ("C01", "奖金分配明细表.xlsx"),
    }
    for text in {row.publication for row in rows}:
        # Once more, where this test keeps its uploads.
        text.files.all().delete()
        AttachedFile.objects.all().delete()
    for text in attach_tables():
        row = text.files.get()
        page = client.get(reverse("disclosures:public", args=[text.number])).text
        address = reverse("disclosures:file", args=[text.number, row.file.pk])
        assert address in page
        content = client.get(address).getvalue()
        assert clean_upload(SimpleUploadedFile(row.file.name, content)).media_type == row.file.media_type
        sheet = load_workbook(io.BytesIO(content)).worksheets[0]
        cells = [str(cell.value or "") for line in sheet.iter_rows() for cell in line]
        assert len(cells) > 8 and [cell for cell in cells if cell not in page] == []


def test_opinions_on_texts_and_demands_have_lifelike_figures(seeded, enterprise):
    before = Inquiry.objects.count()
    said = add_opinions(enterprise[1], at=AT, seed=seeding.SEED)
    demanded = add_demands(enterprise[1], at=AT, seed=seeding.SEED)
    assert (Inquiry.objects.count() - before, Opinion.objects.count()) == (said, said) and said > 10
    for code in ("opinion.on_time", "rectification.closed"):
        rows = list(indicator_of(code).figures(dt.date(2026, 9, 1), dt.date(2026, 12, 1)))
        kept, due = (sum(row[place] for row in rows) for place in (1, 2))
        # Several units, most in time, and not all.
        assert len(rows) > 2 and due < 2 * kept and kept < due, (code, rows)
    assert demanded > 5
    assert {(t.unit_id, t.month, t.measure): t.n for t in Tally.objects.exclude(n=0)} == recount()
    assert set(Entry.objects.values_list("verb", flat=True)) <= set(known_verbs())
    # What the operations refuse to leave behind is not there either.
    assert not Rectification.objects.filter(checked_by=F("done_by")).exists()
    assert not Opinion.objects.filter(publication__publish_at__gt=AT).exists()
    shown = Opinion.objects.filter(inquiry__is_published=True).select_related("inquiry")
    numbers = {one.inquiry.number for one in shown}
    found = SearchEntry.objects.filter(kind="feedback.inquiry", object_key__in=numbers)
    assert numbers and {one.object_key for one in found} == numbers


def test_a_major_decision_lies_with_the_department_that_owns_such_matters(seeded, enterprise):
    add_commitments(enterprise[1], at=AT, seed=seeding.SEED, months=12)
    found = {
        (version.subject.removeprefix("公司"), version.decision.department.code)
        for version in MajorVersion.objects.filter(decision__unit__code="QM").select_related("decision__department")
    }
    owners = {subject.removeprefix("{unit}"): owner for _kind, _meeting, owner, subject, _content in DECISIONS}
    assert len(found) > 5 and found <= set(owners.items())
    assert (owners["职工食堂和浴室改造"], owners["科级干部竞争上岗"], owners["催化剂采购"]) == ("HQ", "RS", "WZ")


def test_a_second_run_changes_nothing(seeded):
    before = (Person.objects.count(), Inquiry.objects.count(), Entry.objects.count())
    assert seeding.seed(at=AT, cards=50) is False
    assert (Person.objects.count(), Inquiry.objects.count(), Entry.objects.count()) == before


def named_in(words):
    return {name for name in STAFF if name in words}


def test_masked_notices_hide_their_names_wherever_they_are_read(seeded, client):
    rows = Version.objects.select_related("publication").order_by("publication", "number")
    versions = {}
    for row in rows.filter(publication__versions__kind=VersionKind.MASKED).distinct():
        versions.setdefault(row.publication, []).append(row)
    assert len(versions) > 20 and max(map(len, versions.values())) == 3
    hidden = {text.number: named_in(first.title + first.body) for text, (first, *_others) in versions.items()}
    assert all(hidden.values())
    for text, (*_before, last) in versions.items():
        assert last.kind == VersionKind.MASKED and not named_in(text.title + last.title + last.body), text.number
    about = Notice.objects.filter(masked_at__isnull=False).values_list("about", "basis", "outcome_note")
    assert not named_in(repr(list(about)))
    found = SearchEntry.objects.filter(kind="disclosures.publication", object_key__in=list(hidden))
    assert found.count() > 20 and not named_in(repr(list(found.values())))
    with time_machine.travel(AT, tick=False):
        # The one that was masked twice, and those whose time on show is not over or just was.
        for text in sorted(versions, key=lambda text: (-len(versions[text]), -text.publish_at.timestamp()))[:5]:
            page = client.get(reverse("disclosures:public", args=[text.number])).content.decode()
            assert "某某" in page and not [name for name in hidden[text.number] if name in page], text.number
            assert client.get(reverse("disclosures:version", args=[text.number, 1])).status_code == 404


def test_an_opinion_that_was_signed_openly_shows_its_name_and_no_other_does(seeded, enterprise, client):
    add_consultations(enterprise[1], at=AT, seed=seeding.SEED)
    given = ConsultationOpinion.objects.select_related("person", "consultation", "clause").order_by("pk")
    signed = [row for row in given.filter(shows_name=True) if row.consultation.state != "abandoned"]
    assert len(signed) > 3 and given.filter(mode="named", shows_name=False).exists()
    Person.objects.filter(pk__in=[row.person_id for row in signed]).update(has_to_change_secret=False)
    with time_machine.travel(AT, tick=False):
        for row in signed[:3]:
            signed_in(client, row.person)
            assert may_read_consultation(row.person, row.consultation)
            anchor = row.clause.anchor if row.clause else "whole"
            url = reverse("disclosures:consultation_clause", args=[row.consultation_id, anchor])
            page = client.get(url).content.decode()
            around = page[page.index('class="consult-who"') :]
            assert row.person.name in around, url
            others = given.filter(consultation=row.consultation, clause=row.clause, mode="named", shows_name=False)
            names = {one.person.name for one in others} - {one.person.name for one in signed}
            assert not [name for name in names if name in around], url
