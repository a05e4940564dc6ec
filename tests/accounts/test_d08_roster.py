"""D8: 3,000 rows with 40 planted faults; all are named by cell, nothing is written, and twice changes nothing."""

import datetime as dt
import io
import zipfile

import openpyxl
import pytest
import xlsxwriter
from django.core.files.uploadedfile import SimpleUploadedFile

from portal.accounts.enums import ImportState, Role
from portal.accounts.models import Appointment, Device, Person, RosterImport, RuleValue, Unit
from portal.accounts.operations.roster import ask_to_write, read_roster, receive_roster, write_roster
from portal.accounts.roster.guards import roster_guards
from portal.accounts.roster.layout import COLUMNS, SHEET_NAME
from portal.accounts.roster.sheets import roster_of, template
from portal.kernel.verdicts import OperationRefused, denied
from portal.ledger.models import Entry
from tests.factories.people import make_officer, make_person, make_unit

pytestmark = pytest.mark.django_db
NOW = dt.datetime(2026, 11, 23, 4, 0, tzinfo=dt.UTC)
HEADINGS = [column.heading for column in COLUMNS]
SURNAMES, GIVEN = "王李张刘陈杨赵黄周吴", "建国卫东志强秀英海燕晓明"


def plain_row(number):
    name = SURNAMES[number % 10] + GIVEN[number % 6 * 2 : number % 6 * 2 + 2]
    return [
        f"{number:06d}",
        name,
        f"W{number % 5:02d}",
        "外操",
        "一线职工",
        "男",
        f"138{number:08d}",
        "",
        dt.date(2010, 3, 1),
    ]


def workbook(rows, *, change=lambda book, sheet: None):
    """Return the bytes of a workbook: headings, rows of Python values, and whatever ``change`` does to it."""
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"in_memory": True})
    sheet = book.add_worksheet(SHEET_NAME)
    day = book.add_format({"num_format": "yyyy-mm-dd"})
    for at, row in enumerate([HEADINGS, *rows]):
        for column, value in enumerate(row):
            if isinstance(value, dt.date):
                sheet.write_datetime(at, column, dt.datetime.combine(value, dt.time()), day)
            elif isinstance(value, str) and value.startswith("="):
                sheet.write_formula(at, column, value)
            elif isinstance(value, int | float):
                sheet.write_number(at, column, value)
            elif value:
                sheet.write_string(at, column, value)
    change(book, sheet)
    book.close()
    return out.getvalue()


def imported(data, *, actor="system", scope=None, name="名册.xlsx", at=NOW):
    file = SimpleUploadedFile(name, data)
    row = receive_roster(file=file, file_name=name, scope_id=scope and scope.pk, actor=actor, at=at, ring=False)
    return read_roster(import_id=row.pk, at=at)


def written(data, **over):
    row = imported(data, **over)
    assert row.state == ImportState.READY, row.faults[:5]
    ask_to_write(import_id=row.pk, actor=over.get("actor", "system"), at=NOW, ring=False)
    return write_roster(import_id=row.pk, at=NOW)


@pytest.fixture
def plant(company):
    for number in range(5):
        make_unit(company, code=f"W{number:02d}", name=f"车间{number}")
    make_unit(company, code="W90", name="老车间", is_active=False)
    make_unit(company, code="T1", name="一班")
    make_unit(company, code="T2", name="一班")
    return company


def fault_cells(row):
    return {(fault["cell"], fault["code"]) for fault in row.faults}


def test_d08_forty_planted_faults_are_all_named_by_cell_and_nothing_is_written(plant):
    rows = [plain_row(number) for number in range(1, 3001)]
    planted, fixed = set(), set()

    def plant_fault(row, column, value, code, cell=None):
        rows[row - 2]["ABCDEFGHI".index(column)] = value
        planted.add((cell or f"{column}{row}", code))

    plant_fault(10, "A", "000001", "job_no_twice")
    plant_fault(11, "A", "000002", "job_no_twice")
    plant_fault(12, "A", 3, "job_no_twice")  # the cell's own number is 11; 3 lost its zeros and is nobody else's
    planted.discard(("A12", "job_no_twice"))
    planted.add(("A12", "zeros_lost"))
    for row, number in ((20, 19), (21, 20), (22, 21)):
        plant_fault(row, "A", number, "zeros_lost")
    plant_fault(23, "A", "22", "zeros_lost")
    plant_fault(30, "B", "=A30", "formula")
    plant_fault(31, "C", '="W"&"01"', "formula")
    plant_fault(32, "I", "=TODAY()", "formula")
    plant_fault(40, "I", 43647, "date_number")
    plant_fault(41, "I", 40000.5, "date_number")
    plant_fault(42, "I", "43647", "date_number")
    plant_fault(43, "I", "2026-02-30", "date_bad")
    plant_fault(44, "I", "去年", "date_bad")
    plant_fault(45, "I", dt.date(2099, 1, 1), "date_future")
    plant_fault(50, "B", "", "empty")
    plant_fault(51, "A", "", "empty")
    plant_fault(52, "C", "", "empty")
    plant_fault(53, "C", "W77", "unit_unknown")
    plant_fault(54, "C", "W90", "unit_closed")
    plant_fault(55, "C", "一班", "unit_ambiguous")
    plant_fault(60, "B", "王" * 41, "too_long")
    plant_fault(61, "A", "1" * 21, "too_long")
    plant_fault(62, "A", "工-1", "job_no_bad")
    plant_fault(63, "A", "1.2E+05", "scientific")
    plant_fault(70, "E", "劳务工", "category_unknown")
    plant_fault(71, "F", "不详", "gender_unknown")
    plant_fault(72, "G", "转 8012", "phone_bad")
    plant_fault(73, "H", "nobody", "email_bad")
    plant_fault(74, "B", "#N/A", "error_value")
    plant_fault(75, "B", 12345, "not_text")
    rows[76 - 2] = list(HEADINGS)
    planted.add(("A76", "second_heading"))
    planted |= {("C80", "merged"), ("D90", "merged"), ("备用!A1", "wrong_sheet")}
    # Read as meant, and said so.
    for row, column, value, code in (
        (100, "A", "０００００９９"[1:], "full_width"),
        (101, "A", " 000100 ", "spaces"),
        (102, "B", "张　三", "spaces"),
        (103, "C", "ｗ０２", "full_width"),
    ):
        rows[row - 2]["ABCDEFGHI".index(column)] = value
        fixed.add((f"{column}{row}", code))

    def change(book, sheet):
        sheet.merge_range("C80:C81", "W01")
        sheet.merge_range("D90:E90", "外操")
        other = book.add_worksheet("备用")
        other.write_row(0, 0, HEADINGS)
        other.write_row(1, 0, ["999999", "漏网之人", "W01"])

    row = imported(workbook(rows, change=change), scope=plant)
    found = fault_cells(row)
    # The second cell of a merged range is empty, which is a consequence and not a fault of its own.
    assert found - {("C81", "empty")} == planted
    assert len(planted) + len(fixed) >= 40
    assert {(fix["cell"], fix["code"]) for fix in row.fixes} >= fixed
    assert row.state == ImportState.FAULTY
    assert Person.objects.count() == 0
    with pytest.raises(Exception, match="faulty"):
        ask_to_write(import_id=row.pk, actor="system", at=NOW, ring=False)
    assert Person.objects.count() == 0
    assert not Entry.objects.exists()


def test_d08_second_import_of_the_same_file_changes_nothing(plant, django_assert_max_num_queries):
    data = workbook([plain_row(number) for number in range(1, 3001)])
    with django_assert_max_num_queries(200):
        row = written(data, scope=plant)
    assert row.state == ImportState.COMMITTED
    assert row.summary == {"new": 3000, "changed": 0, "returned": 0, "left": 0, "same": 0, "fixed": 0}
    assert Person.objects.filter(is_active=True).count() == 3000
    assert Entry.objects.filter(verb="person.joined").count() == 3000
    before = list(Person.objects.order_by("job_no").values())
    entries = Entry.objects.count()
    again = written(data, scope=plant)
    assert again.summary == {"new": 0, "changed": 0, "returned": 0, "left": 0, "same": 3000, "fixed": 0}
    assert list(Person.objects.order_by("job_no").values()) == before
    assert Entry.objects.count() == entries


def test_roster_as_it_is_can_be_uploaded_again_and_changes_nothing(plant):
    written(workbook([plain_row(number) for number in range(1, 31)]))
    row = imported(roster_of(plant), scope=plant)
    assert (row.state, row.summary["same"], row.changes) == (ImportState.READY, 30, [])


def test_template_alone_says_that_nobody_is_in_it(plant):
    assert fault_cells(imported(template())) == {("A2", "empty_file")}
    book = openpyxl.load_workbook(io.BytesIO(template()))
    assert book.sheetnames == [SHEET_NAME, "填写说明", "单位编码"]


def test_new_changed_returned_and_left_each_have_their_effect(plant):
    unit = Unit.objects.get(code="W00")
    kept = make_person(job_no="000001", name="王建国", unit=unit)
    moved = make_officer(Role.HANDLER, unit, job_no="000002")
    gone = make_officer(Role.HANDLER, unit, job_no="000003")
    back = make_person(job_no="000004", unit=unit, is_active=False, left_on=dt.date(2020, 1, 1))
    Device.objects.create(person=gone, session_key="x", kind="phone", signed_in_on=NOW.date(), expires_on=NOW.date())
    rows = [plain_row(1), plain_row(2), plain_row(4), plain_row(5)]
    row = written(workbook(rows), scope=plant)
    assert row.summary == {"new": 1, "changed": 2, "returned": 1, "left": 1, "same": 0, "fixed": 0}
    people = {person.job_no: person for person in Person.objects.all()}
    assert [people[n].is_active for n in ("000001", "000002", "000003", "000004", "000005")] == [
        True,
        True,
        False,
        True,
        True,
    ]
    assert (people["000002"].unit.code, people["000002"].session_epoch, people["000001"].session_epoch) == ("W02", 1, 1)
    assert people["000003"].left_on == dt.date(2026, 11, 23)
    assert not people["000005"].has_usable_password()
    assert people["000005"].name_key.split()[1] == people["000005"].name_key.split()[1].lower()
    assert list(Appointment.objects.filter(until__isnull=True)) == []
    assert not Device.objects.exists()
    assert (kept.pk, back.pk) == (people["000001"].pk, people["000004"].pk)
    assert moved.pk == people["000002"].pk


def test_part_of_a_roster_takes_nobody_off(plant):
    make_person(job_no="000009", unit=Unit.objects.get(code="W00"))
    assert written(workbook([plain_row(1)])).summary["left"] == 0


def test_empty_cells_change_nothing(plant):
    written(workbook([plain_row(1)]))
    row = imported(workbook([["000001", "李卫东", "W01"]]))
    assert row.summary["same"] == 1


def test_roster_that_changed_since_the_preview_is_refused(plant):
    row = imported(workbook([plain_row(1)]), scope=plant)
    make_person(job_no="777777", unit=plant)
    ask_to_write(import_id=row.pk, actor="system", at=NOW, ring=False)
    row = write_roster(import_id=row.pk, at=NOW)
    assert (row.state, [fault["code"] for fault in row.faults]) == (ImportState.FAILED, ["roster_changed"])
    assert list(Person.objects.values_list("job_no", "is_active")) == [("777777", True)]


def test_writing_that_breaks_off_writes_nothing(plant, monkeypatch):
    row = imported(workbook([plain_row(number) for number in range(1, 6)]))
    ask_to_write(import_id=row.pk, actor="system", at=NOW, ring=False)
    monkeypatch.setattr("portal.accounts.operations.roster.acts.record_many", lambda acts: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        write_roster(import_id=row.pk, at=NOW)
    row.refresh_from_db()
    assert (row.state, row.faults[0]["code"], Person.objects.count()) == (ImportState.FAILED, "broke_off", 0)


def test_writing_twice_writes_once(plant):
    row = imported(workbook([plain_row(1)]))
    ask_to_write(import_id=row.pk, actor="system", at=NOW, ring=False)
    write_roster(import_id=row.pk, at=NOW)
    assert write_roster(import_id=row.pk, at=NOW).state == ImportState.COMMITTED
    assert Entry.objects.filter(verb="roster.committed").count() == 1


def test_administrator_missing_from_a_full_roster_is_a_fault(plant, system_admin):
    row = imported(workbook([plain_row(1)]), scope=plant)
    assert [(fault["code"], fault["value"]) for fault in row.faults] == [("admin_missing", system_admin.job_no)]


def test_guard_of_an_electorate_can_refuse(plant, monkeypatch):
    row = imported(workbook([plain_row(1)]))
    guards = "portal.accounts.roster.guards.roster_guards"
    objects = [lambda *, plan, actor, at: denied("选民名册已公布")]
    with monkeypatch.context() as patch:
        # When the button is pressed: the file stays as it was read.
        patch.setattr(guards, objects)
        with pytest.raises(OperationRefused, match="选民名册已公布"):
            ask_to_write(import_id=row.pk, actor="system", at=NOW, ring=False)
        row.refresh_from_db()
        assert (row.state, Person.objects.count()) == (ImportState.READY, 0)
    ask_to_write(import_id=row.pk, actor="system", at=NOW, ring=False)
    with monkeypatch.context() as patch:
        # By the time the worker writes.
        patch.setattr(guards, objects)
        row = write_roster(import_id=row.pk, at=NOW)
    assert (row.state, row.faults[0]["value"], Person.objects.count()) == (ImportState.FAILED, "选民名册已公布", 0)
    assert [guard.__name__ for guard in roster_guards] == ["no_roster_while_voting"]


def test_only_a_system_administrator_may_import(plant, security_admin):
    with pytest.raises(OperationRefused):
        imported(workbook([plain_row(1)]), actor=security_admin)
    assert not RosterImport.objects.exists()


CSV = "工号,姓名,单位编码,入职日期\r\n000001,王建国,W01,2010/3/1\r\n000002,李卫东,W02,2011年4月2日\r\n"


@pytest.mark.parametrize(
    "data", [CSV.encode(), b"\xef\xbb\xbf" + CSV.encode(), CSV.encode("gb18030"), CSV.replace(",", "\t").encode()]
)
def test_csv_in_every_usual_encoding(plant, data):
    assert written(data, name="r.csv").summary["new"] == 2
    assert list(Person.objects.order_by("job_no").values_list("name", "joined_on")) == [
        ("王建国", dt.date(2010, 3, 1)),
        ("李卫东", dt.date(2011, 4, 2)),
    ]


def test_csv_that_lost_zeros_and_holds_formulas_is_named_by_cell(plant):
    make_person(job_no="000001", unit=plant)
    data = '工号,姓名,单位编码\n1,王,W01\n="000007",李,W01\n=1+1,张,W01\n'.encode()
    assert fault_cells(imported(data, name="r.csv")) == {("A2", "zeros_lost"), ("A4", "formula")}


def bomb(size=83, entries=1):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/workbook.xml", "<workbook/>")
        for number in range(entries):
            archive.writestr(f"xl/media/{number}.bin", b"0" * (size * 1024 * 1024 if not number else 1))
    return out.getvalue()


def laughs():
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(workbook([plain_row(1)]))) as source, zipfile.ZipFile(out, "w") as archive:
        for name in source.namelist():
            text = source.read(name)
            if name.endswith("sheet1.xml"):
                text = text.replace(b"?>", b'?><!DOCTYPE l [<!ENTITY a "ha"><!ENTITY b "&a;&a;">]>', 1)
            archive.writestr(name, text)
    return out.getvalue()


def lying():
    """An archive whose directory says that an entry is small."""
    data = bytearray(bomb(60))
    big = (60 * 1024 * 1024).to_bytes(4, "little")
    assert data.count(big) == 2
    return bytes(data.replace(big, (10).to_bytes(4, "little")))


@pytest.mark.parametrize(
    ("data", "name", "code"),
    [
        (bomb(), "r.xlsx", "too_big"),
        (bomb(1, 2100), "r.xlsx", "too_big"),
        (lying(), "r.xlsx", "damaged"),
        (laughs(), "r.xlsx", "damaged"),
        (b"PK\x03\x04 cut off", "r.xlsx", "damaged"),
        (workbook([plain_row(1)])[:900], "r.xlsx", "damaged"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\x00" * 600, "r.xls", "old_excel"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "EncryptedPackage".encode("utf-16-le"), "r.xlsx", "encrypted"),
        (b"MZ\x90", "r.xlsx", "damaged"),
        (b"%PDF-1.4", "r.pdf", "not_a_roster"),
        (b"\xff\xfe\xff", "r.csv", "no_encoding"),
        ("名,册\n".encode() * 30, "r.csv", "no_headings"),
        ("工号,姓名\n1,王\n".encode(), "r.csv", "heading_missing"),
        ("工号,姓名,工号,单位编码\n1,王,2,W01\n".encode(), "r.csv", "heading_twice"),
    ],
)
def test_hostile_and_unusable_files_are_refused_with_one_sentence(plant, data, name, code):
    row = imported(data, name=name)
    assert (row.state, row.faults[0]["code"]) == (ImportState.FAULTY, code)
    assert not Person.objects.exists()


def test_file_name_is_no_path(plant):
    row = imported(workbook([plain_row(1)]), name="../../etc/名册\u202exslx.xlsx")
    assert row.file_name == "名册xslx.xlsx"
    assert row.file.name == f"rosters/{row.pk}.xlsx"
    assert not RuleValue.objects.exists()


def test_worker_tasks_read_and_write(plant, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        row = receive_roster(
            file=SimpleUploadedFile("r.csv", CSV.encode()), file_name="r.csv", scope_id=None, actor="system", at=NOW
        )
    row.refresh_from_db()
    assert row.state == ImportState.READY
    with django_capture_on_commit_callbacks(execute=True):
        ask_to_write(import_id=row.pk, actor="system", at=NOW)
    row.refresh_from_db()
    assert (row.state, Person.objects.count()) == (ImportState.COMMITTED, 2)
