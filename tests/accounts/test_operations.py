"""Units, people, appointments, slips and rule numbers: what each act does, refuses and records."""

import datetime as dt
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.urls import reverse

from portal.accounts.authority import authority_of
from portal.accounts.enums import Role, UnitKind
from portal.accounts.models import Appointment, AppointmentRequest, Device, Person, RuleValue, Unit
from portal.accounts.names import name_key
from portal.accounts.operations import appointments, founding, numbers, people, slips, units
from portal.accounts.queries import people_found, rule_value, rule_values
from portal.kernel.rulebook import RULES, Rule
from portal.kernel.transitions import IllegalTransition
from portal.kernel.verdicts import OperationRefused
from portal.ledger.models import Entry
from tests.factories.people import make_appointment, make_officer, make_person, make_unit

pytestmark = pytest.mark.django_db
NOW = dt.datetime(2026, 11, 23, 4, 0, tzinfo=dt.UTC)
LATER = NOW + dt.timedelta(days=10)


def fresh(person):
    return Person.objects.select_related("unit").get(pk=person.pk)


def verbs():
    return list(Entry.objects.order_by("at", "verb").values_list("verb", flat=True))


# Units ------------------------------------------------------------------------------------------------------


def test_unit_gets_the_next_place_and_a_subtree_is_one_range(company, system_admin):
    made = [
        units.create_unit(
            parent_id=company.pk, code=f"A{n}", name=f"厂{n}", kind=UnitKind.SECONDARY, actor=system_admin, at=NOW
        )
        for n in range(3)
    ]
    below = units.create_unit(
        parent_id=made[1].pk, code="B", name="车间", kind=UnitKind.WORKSHOP, actor=system_admin, at=NOW
    )
    assert [unit.path for unit in made] == ["00010001", "00010002", "00010003"]
    assert below.path == "000100020001"
    assert list(Unit.objects.under(made[1])) == [made[1], below]
    assert list(Unit.objects.above(below)) == [company, made[1], below]
    assert verbs() == ["unit.created"] * 4


def test_moving_a_unit_takes_its_subtree_along_by_one_update(company, system_admin, django_assert_num_queries):
    a, b = make_unit(company), make_unit(company)
    inner = make_unit(a)
    deep = make_unit(inner)
    make_unit(b)
    head = make_officer(Role.DEPARTMENT_HEAD, b)
    units.move_unit(unit_id=inner.pk, parent_id=b.pk, actor=system_admin, at=NOW)
    deep.refresh_from_db()
    assert deep.path == f"{b.path}00020001"
    assert authority_of(fresh(head)).holds(Role.DEPARTMENT_HEAD, unit=deep)
    assert Entry.objects.get(verb="unit.moved").facts == {"from_unit": a.code, "to_unit": b.code}


@pytest.mark.parametrize("where", ["itself", "below itself", "the same place"])
def test_moving_a_unit_nowhere_is_refused(where, company, system_admin):
    a = make_unit(company)
    inner = make_unit(a)
    target = {"itself": a, "below itself": inner, "the same place": company}[where]
    with pytest.raises(OperationRefused):
        units.move_unit(unit_id=a.pk, parent_id=target.pk, actor=system_admin, at=NOW)
    assert (list(Unit.objects.values_list("path", flat=True)), verbs()) == (["0001", a.path, inner.path], [])


def test_unit_with_people_or_units_cannot_be_closed(company, system_admin):
    a = make_unit(company)
    inner = make_unit(a)
    worker = make_person(unit=inner)
    for unit in (company, a, inner):
        with pytest.raises(OperationRefused):
            units.close_unit(unit_id=unit.pk, actor=system_admin, at=NOW)
    people.end_employment(person_id=worker.pk, actor=system_admin, at=NOW)
    units.close_unit(unit_id=inner.pk, actor=system_admin, at=NOW)
    units.close_unit(unit_id=a.pk, actor=system_admin, at=NOW)
    with pytest.raises(OperationRefused):
        people.return_person(person_id=worker.pk, unit_id=inner.pk, actor=system_admin, at=NOW)


@pytest.mark.parametrize("role", [role for role in Role if role != Role.SYSTEM_ADMIN])
def test_only_the_system_administrator_changes_units_and_people(role, company):
    officer, worker = make_officer(role), make_person()
    for act in (
        lambda: units.create_unit(parent_id=company.pk, code="X", name="x", kind="team", actor=officer, at=NOW),
        lambda: units.rename_unit(unit_id=company.pk, name="x", short_name="", kind="company", actor=officer, at=NOW),
        lambda: people.add_person(unit_id=company.pk, job_no="X1", name="x", actor=officer, at=NOW),
        lambda: people.correct_person(person_id=worker.pk, name="x", actor=officer, at=NOW),
        lambda: people.end_employment(person_id=worker.pk, actor=officer, at=NOW),
        lambda: numbers.set_rule_value(key="card.reply_days", value=20, reason="because", actor=officer, at=NOW),
    ):
        with pytest.raises((OperationRefused, KeyError)):
            act()
    assert (verbs(), Unit.objects.count(), Person.objects.filter(is_active=True).count()) == ([], 1, 2)


# People -----------------------------------------------------------------------------------------------------


def test_leaving_ends_roles_and_secret_and_keeps_the_entry(company, system_admin):
    person = make_officer(Role.HANDLER, secret=True)
    row = person.appointments.get()
    deputy = make_appointment(make_person(), Role.HANDLER, company, until=LATER, deputy_for=row)
    people.end_employment(person_id=person.pk, actor=system_admin, at=NOW)
    person, row = fresh(person), Appointment.objects.get(pk=row.pk)
    assert (person.is_active, person.left_on, person.has_usable_password(), row.until) == (
        False,
        dt.date(2026, 11, 23),
        False,
        NOW,
    )
    assert Appointment.objects.get(pk=deputy.pk).until == LATER
    assert verbs() == ["appointment.ended", "person.left"]
    people.return_person(person_id=person.pk, unit_id=company.pk, actor=system_admin, at=LATER)
    assert authority_of(fresh(person)).roles == set()


def test_moving_ends_only_roles_for_the_place_one_leaves(company, system_admin):
    a, b, c = make_unit(company), make_unit(company), make_unit(company)
    person = make_person(unit=a)
    lost = make_appointment(person, Role.DEPARTMENT_HEAD, a)
    wide = make_appointment(person, Role.UNION_OFFICER, company)
    other = make_appointment(person, Role.LEADER_IN_CHARGE, c)
    people.move_person(person_id=person.pk, unit_id=b.pk, actor=system_admin, at=NOW)
    assert [Appointment.objects.get(pk=row.pk).until for row in (lost, wide, other)] == [NOW, None, None]


def test_nobody_takes_themselves_off_the_roster(system_admin):
    with pytest.raises(OperationRefused):
        people.end_employment(person_id=system_admin.pk, actor=system_admin, at=NOW)
    assert fresh(system_admin).is_active


@pytest.mark.parametrize(
    ("name", "key"),
    [
        ("曾国强", "zengguoqiang zgq"),
        ("单志远", "shanzhiyuan szy"),
        ("欧阳锋", "ouyangfeng oyf"),
        ("仇小红", "qiuxiaohong qxh"),
        ("Anna", "anna a"),
    ],
)
def test_names_are_found_by_pinyin_with_surnames_read_right(name, key):
    assert name_key(name) == key


@pytest.mark.parametrize("text", ["国强", "zgq", "ZengGuo", "zeng guo", "0077", "００７７", "曾"])
def test_people_are_found_however_one_looks(text, company):
    person = make_person(job_no="007788", name="曾国强", name_key=name_key("曾国强"))
    make_person(job_no="990000", name="李卫东", name_key=name_key("李卫东"))
    assert list(people_found(Person.objects.all(), text)) == [person]


# Appointments -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("role", [role for role in Role if role != Role.SECURITY_ADMIN])
def test_only_the_security_administrator_appoints(role, company):
    officer, worker = make_officer(role), make_person()
    with pytest.raises(OperationRefused):
        appointments.grant_role(person_id=worker.pk, role=Role.HANDLER, unit_id=company.pk, actor=officer, at=NOW)
    assert (worker.appointments.count(), verbs()) == (0, [])


def test_nobody_appoints_themselves(security_admin, company):
    with pytest.raises(OperationRefused):
        appointments.grant_role(
            person_id=security_admin.pk, role=Role.HANDLER, unit_id=company.pk, actor=security_admin, at=NOW
        )
    assert security_admin.appointments.count() == 1


@pytest.mark.parametrize("held", [Role.SYSTEM_ADMIN, Role.AUDITOR])
@pytest.mark.parametrize("wanted", [Role.SYSTEM_ADMIN, Role.SECURITY_ADMIN])
def test_three_administrators_stay_three_people(held, wanted, security_admin, company):
    person = make_officer(held)
    with pytest.raises(OperationRefused):
        appointments.grant_role(person_id=person.pk, role=wanted, unit_id=company.pk, actor=security_admin, at=NOW)
    assert person.appointments.count() == 1


def test_role_is_held_once_and_ends_at_its_day(security_admin, company):
    worker = make_person()
    appointments.grant_role(
        person_id=worker.pk, role=Role.HANDLER, unit_id=company.pk, actor=security_admin, at=NOW, until=LATER
    )
    with pytest.raises(OperationRefused):
        appointments.grant_role(
            person_id=worker.pk, role=Role.HANDLER, unit_id=company.pk, actor=security_admin, at=NOW
        )
    held = [Role.HANDLER in authority_of(fresh(worker), at).roles for at in (NOW - dt.timedelta(microseconds=1), NOW)]
    held += [
        Role.HANDLER in authority_of(fresh(worker), LATER + step).roles
        for step in (-dt.timedelta(microseconds=1), dt.timedelta(0), dt.timedelta(days=3))
    ]
    assert held == [False, True, True, False, False]


def test_auditor_needs_a_second_person(security_admin, company):
    worker, chair = make_person(), make_officer(Role.UNION_CHAIR)
    other = make_officer(Role.SYSTEM_ADMIN)
    with pytest.raises(OperationRefused):
        appointments.grant_role(
            person_id=worker.pk, role=Role.AUDITOR, unit_id=company.pk, actor=security_admin, at=NOW
        )
    request = appointments.ask_role(
        person_id=worker.pk, role=Role.AUDITOR, unit_id=company.pk, actor=security_admin, at=NOW
    )
    for nobody in (security_admin, worker, other):
        with pytest.raises(OperationRefused):
            appointments.decide_request(request_id=request.pk, is_confirmed=True, actor=nobody, at=NOW)
    assert not worker.appointments.exists()
    appointments.decide_request(request_id=request.pk, is_confirmed=True, actor=chair, at=NOW)
    assert authority_of(fresh(worker), NOW).roles == {Role.AUDITOR}
    with pytest.raises((OperationRefused, IllegalTransition)):
        appointments.decide_request(request_id=request.pk, is_confirmed=True, actor=chair, at=NOW)
    assert worker.appointments.count() == 1


def test_confirmed_too_late_the_three_still_stay_apart(security_admin, company):
    worker, chair = make_person(), make_officer(Role.UNION_CHAIR)
    request = appointments.ask_role(
        person_id=worker.pk, role=Role.AUDITOR, unit_id=company.pk, actor=security_admin, at=NOW
    )
    appointments.grant_role(
        person_id=worker.pk, role=Role.SYSTEM_ADMIN, unit_id=company.pk, actor=security_admin, at=NOW
    )
    with pytest.raises(OperationRefused):
        appointments.decide_request(request_id=request.pk, is_confirmed=True, actor=chair, at=dt.datetime.now(dt.UTC))
    assert AppointmentRequest.objects.get().state == "waiting"
    appointments.withdraw_request(request_id=request.pk, actor=security_admin, at=NOW)
    assert AppointmentRequest.objects.get().state == "withdrawn"


def test_last_administrator_cannot_be_ended(security_admin, company):
    row = security_admin.appointments.get()
    with pytest.raises(OperationRefused):
        appointments.end_appointment(appointment_id=row.pk, actor=security_admin, at=NOW)
    second = make_officer(Role.SECURITY_ADMIN)
    appointments.end_appointment(appointment_id=row.pk, actor=second, at=NOW)
    assert Appointment.objects.get(pk=row.pk).until == NOW


def test_deputy_stands_in_until_the_day_and_falls_with_the_holder(security_admin, company):
    holder, deputy = make_officer(Role.LEADER_IN_CHARGE), make_person()
    row = holder.appointments.get()
    stand_in = appointments.appoint_deputy(
        appointment_id=row.pk, deputy_id=deputy.pk, until=LATER, actor=security_admin, at=NOW
    )
    assert authority_of(fresh(deputy), LATER - dt.timedelta(microseconds=1)).roles == {Role.LEADER_IN_CHARGE}
    assert authority_of(fresh(deputy), LATER).roles == set()
    Device.objects.create(person=deputy, session_key="d", kind="phone", signed_in_on=NOW.date(), expires_on=NOW.date())
    appointments.end_appointment(appointment_id=row.pk, actor=security_admin, at=NOW + dt.timedelta(days=1))
    stand_in.refresh_from_db()
    assert (stand_in.until, fresh(deputy).session_epoch, Device.objects.exists()) == (
        NOW + dt.timedelta(days=1),
        1,
        False,
    )


def test_administrators_have_no_deputies(security_admin, system_admin):
    with pytest.raises(OperationRefused):
        appointments.appoint_deputy(
            appointment_id=system_admin.appointments.get().pk,
            deputy_id=make_person().pk,
            until=LATER,
            actor=security_admin,
            at=NOW,
        )
    assert Appointment.objects.count() == 2


# Slips ------------------------------------------------------------------------------------------------------


def test_slips_are_for_those_without_a_secret_and_nothing_is_stored_in_clear(company, system_admin):
    workshop = make_unit(company)
    waiting = [make_person(unit=workshop) for _one in range(3)]
    make_person(unit=workshop, secret=True)
    make_person(unit=workshop, is_active=False, left_on=NOW.date())
    made = slips.print_slips(unit_id=workshop.pk, actor=system_admin, at=NOW)
    assert [slip.person for slip in made] == waiting
    assert len({slip.secret for slip in made}) == 3
    for slip in made:
        person = fresh(slip.person)
        assert person.check_password(slip.secret) and person.has_to_change_secret
        assert slip.secret not in str(list(Person.objects.values())) + str(list(Entry.objects.values()))
    assert slips.print_slips(unit_id=workshop.pk, actor=system_admin, at=NOW) == []
    assert verbs() == ["person.secret_reset"] * 3


@pytest.mark.parametrize(
    ("actor_role", "target_role", "is_allowed"),
    [
        (Role.UNION_OFFICER, None, True),
        (Role.SYSTEM_ADMIN, None, True),
        (Role.SECURITY_ADMIN, None, True),
        (Role.AUDITOR, None, False),
        (Role.HANDLER, None, False),
        (Role.UNION_OFFICER, Role.HANDLER, False),
        (Role.SYSTEM_ADMIN, Role.SECURITY_ADMIN, False),
        (Role.SECURITY_ADMIN, Role.SYSTEM_ADMIN, True),
    ],
)
def test_who_may_reset_whose_secret(actor_role, target_role, is_allowed, company):
    actor, target = make_officer(actor_role), make_officer(target_role) if target_role else make_person()
    before = target.password
    if is_allowed:
        slip = slips.reset_secret(person_id=target.pk, actor=actor, at=NOW)
        assert fresh(target).check_password(slip.secret)
    else:
        with pytest.raises(OperationRefused):
            slips.reset_secret(person_id=target.pk, actor=actor, at=NOW)
        assert fresh(target).password == before


def test_slip_page_shows_the_secret_once(company, system_admin, signed_in):
    workshop = make_unit(company, code="W1")
    person = make_person(unit=workshop)
    client = signed_in(system_admin)
    page = client.post(reverse("accounts:slips", args=["W1"]))
    (slip,) = page.context["sheets"][0]
    assert slip.person == person
    assert "no-store" in page.headers["Cache-Control"]
    assert all(group in page.content.decode() for group in slip.groups)
    assert slip.groups[0] not in client.get(reverse("accounts:person", args=[person.pk])).content.decode()


# Rule numbers and commands ----------------------------------------------------------------------------------


@pytest.fixture
def rule(monkeypatch):
    rule = Rule("test.days", 30, 10, 60, "days", "days", "art. 11", "law")
    monkeypatch.setitem(RULES, rule.key, rule)
    return rule


def test_rule_value_counts_from_now_on_nearest_unit_first(rule, company, system_admin):
    plant = make_unit(company)
    workshop = make_unit(plant)
    numbers.set_rule_value(key=rule.key, value=25, reason="企业规定", actor=system_admin, at=NOW)
    numbers.set_rule_value(key=rule.key, value=20, unit_id=plant.pk, reason="厂规定", actor=system_admin, at=NOW)
    before = NOW - dt.timedelta(microseconds=1)
    assert [rule_value(rule.key, unit=unit, at=NOW) for unit in (None, company, plant, workshop)] == [25, 25, 20, 20]
    units = [company, plant, workshop, make_unit(company)]
    assert list(rule_values(rule.key, units=units, at=NOW).values()) == [25, 20, 20, 25]
    assert set(rule_values(rule.key, units=units, at=before).values()) == {30}
    assert rule_value(rule.key, unit=workshop, at=before) == 30
    assert Entry.objects.filter(verb="rule.set").count() == 2


@pytest.mark.parametrize("value", [9, 61])
def test_rule_value_out_of_bounds_is_refused(value, rule, company, system_admin):
    with pytest.raises(OperationRefused):
        numbers.set_rule_value(key=rule.key, value=value, reason="企业规定", actor=system_admin, at=NOW)
    assert not RuleValue.objects.exists()


def test_create_admin_begins_an_installation_once():
    out = StringIO()
    call_command("create_admin", company="启明石化公司", system="S0001:张伟", security="S0002:李娜", stdout=out)
    assert [(row.person.job_no, row.role) for row in Appointment.objects.order_by("person__job_no")] == [
        ("S0001", "system_admin"),
        ("S0002", "security_admin"),
    ]
    secret = out.getvalue().splitlines()[0].rpartition(": ")[2].replace(" ", "")
    assert Person.objects.get(job_no="S0001").check_password(secret)
    with pytest.raises(CommandError):
        call_command("create_admin", company="另一家", system="S0003:张伟", security="S0004:李娜")
    assert (Unit.objects.count(), Person.objects.count()) == (1, 2)


def test_one_person_cannot_begin_as_two_administrators():
    with pytest.raises(OperationRefused):
        founding.found_portal(
            company="启明", code="00", people={Role.SYSTEM_ADMIN: ("1", "张"), Role.SECURITY_ADMIN: ("1", "张")}, at=NOW
        )
    assert not Unit.objects.exists()


def test_import_roster_command_says_faults_and_writes_only_when_asked(company, tmp_path):
    make_unit(company, code="W01")
    file = tmp_path / "r.csv"
    file.write_text("工号,姓名,单位编码\n000001,王建国,W01\n", encoding="utf-8")
    call_command("import_roster", file, dry_run=True, stdout=StringIO())
    assert not Person.objects.exists()
    call_command("import_roster", file, stdout=StringIO())
    assert Person.objects.get().job_no == "000001"
    file.write_text("工号,姓名,单位编码\n000001,王建国,W99\n", encoding="utf-8")
    err = StringIO()
    with pytest.raises(CommandError, match="1 faults"):
        call_command("import_roster", file, stdout=StringIO(), stderr=err)
    assert err.getvalue().startswith("C2\tunit_unknown")


def test_end_sessions_command(company):
    one, two = make_person(), make_person()
    for person in (one, two):
        Device.objects.create(
            person=person, session_key=str(person.pk)[:30], kind="phone", signed_in_on=NOW.date(), expires_on=NOW.date()
        )
    call_command("end_sessions", user=one.job_no, stdout=StringIO())
    assert [fresh(person).session_epoch for person in (one, two)] == [1, 0]
    call_command("end_sessions", all=True, yes=True, stdout=StringIO())
    assert ([fresh(person).session_epoch for person in (one, two)], Device.objects.exists()) == ([2, 1], False)
