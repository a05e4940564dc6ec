"""A plant with a union, a department, its leader and inspectors; every test ends with tallies that equal a recount."""

import datetime as dt
import uuid
from types import SimpleNamespace

import pytest

from feedback.enums import IdentityMode, InquiryKind, Topic
from feedback.models import Tally
from feedback.operations import CardDraft, make_identity_key, submit_card
from feedback.operations.daily import recount
from portal.accounts.enums import Role
from tests.factories.people import make_officer, make_person, make_unit

# A Monday morning at the plant; thirty days later is Wednesday, 8 April.
AT = dt.datetime(2026, 3, 9, 1, 30, tzinfo=dt.UTC)
PASSPHRASE = "启明石化工会 2026 灯塔"
REPLY_TEXT = "经现场核查,情况属实。后勤已在控制室旁增设加热柜两台,每周三由保洁清洁,班组可随时使用。"


@pytest.fixture
def plant(db):
    """The people and units that a card meets."""
    company = make_unit()
    works = make_unit(company, name="乙烯厂", code="YX")
    shop = make_unit(works, name="裂解车间", code="YX-LJ")
    logistics = make_unit(company, name="后勤服务部", code="HQ")
    safety = make_unit(company, name="安全环保处", code="AQ")
    inspection = make_unit(company, name="纪委办公室", code="JW")
    plant = SimpleNamespace(
        company=company,
        works=works,
        shop=shop,
        logistics=logistics,
        safety=safety,
        inspection=inspection,
        worker=make_person(unit=shop, name="王海燕"),
        officer=make_officer(Role.UNION_OFFICER, company),
        officer2=make_officer(Role.UNION_OFFICER, company),
        chair=make_officer(Role.UNION_CHAIR, company),
        leader=make_officer(Role.LEADER_IN_CHARGE, company),
        head=make_officer(Role.DEPARTMENT_HEAD, logistics),
        handler=make_officer(Role.HANDLER, logistics),
        safety_handler=make_officer(Role.HANDLER, safety),
        inspector=make_officer(Role.DISCIPLINE_INSPECTOR, inspection),
    )
    from tests.factories.people import make_appointment

    make_appointment(plant.inspector, Role.DISCIPLINE_INSPECTOR, company)
    return plant


@pytest.fixture
def identity_key(plant):
    """The union's key for confidential identities."""
    return make_identity_key(passphrase=PASSPHRASE, actor=plant.chair, at=AT)


@pytest.fixture
def send(plant):
    """Send a card: ``send(mode=…, author=…, at=…)`` returns the receipt."""

    def send(*, mode=IdentityMode.NAMED, author=None, typist=None, at=AT, **over):
        plain = {
            "kind": InquiryKind.SUGGESTION,
            "topic": Topic.LIVING,
            "unit": plant.shop,
            "subject": "夜班吃不上热饭",
            "body": "三班倒职工在夜班十一点后吃不上热饭。",
            "suggestion": "在控制室旁增设加热柜。",
            "identity_mode": mode,
            "idempotency_key": uuid.uuid4(),
        }
        actor = typist or (None if mode == IdentityMode.ANONYMOUS else author or plant.worker)
        return submit_card(draft=CardDraft(**{**plain, **over}), actor=actor, at=at)

    return send


@pytest.fixture(autouse=True)
def tallies_equal_a_recount(request):
    """Whatever a test did to inquiries, the counters must say what a recount says."""
    if "plant" not in request.fixturenames:
        yield
        return
    request.getfixturevalue("plant")
    yield
    stored = {(row.unit_id, row.month, row.measure): row.n for row in Tally.objects.exclude(n=0)}
    assert stored == recount()
