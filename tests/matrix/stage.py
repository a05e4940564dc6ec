"""
The stage of the matrix: two works, everybody's role in the first, and one of each thing in both.

``build()`` is called once per module inside a transaction that is rolled back;
each request runs in a savepoint of its own (tests.matrix.conftest).
"""

import datetime as dt
import uuid
from types import SimpleNamespace

from django.core.files.base import ContentFile
from django.test import Client
from django.urls import URLPattern, get_resolver, reverse

from feedback import operations as does
from feedback.enums import HidingReason, IdentityMode, InquiryKind, InquiryState
from feedback.models import IdentityKey, InquiryFile, ReplyTemplate
from feedback.operations.calendars import token_hash
from portal.accounts import guard
from portal.accounts.enums import DeviceKind, ImportState, Role, UnitKind
from portal.accounts.models import AppointmentRequest, Device, RosterImport
from portal.deadlines.operations import ask_extension
from portal.files.models import StoredFile
from portal.kernel.days import local_day
from portal.ledger.models import Head
from portal.ledger.operations import publish_head
from portal.notices.models import Bot, Channel, Dispatch, DispatchState, Notice
from tests.factories import cards
from tests.factories.people import SECRET, make_appointment, make_person, make_unit
from tests.matrix import appraisal_results, appraising, assessing, congressing
from tests.matrix.balloting import POLLS, polls_of
from tests.matrix.disclosing import ALONE, texts_of
from tests.matrix.scoring import SCORED_ALONE, sheets_of
from tests.matrix.table import DISCIPLINE, NONE, OTHER, OWN

S = InquiryState
AT = cards.AT
NOW = AT + dt.timedelta(days=2, hours=1, minutes=7)
TOKEN = "matrix-calendar-token-0123456789abcdef"


def routes(patterns=None, namespace=""):
    """Yield (name, pattern) of every address of the portal."""
    for item in get_resolver().url_patterns if patterns is None else patterns:
        if isinstance(item, URLPattern):
            name = item.name or f"{item.callback.__module__}.{item.callback.__name__}"
            yield f"{namespace}{name}", item
        else:
            yield from routes(item.url_patterns, f"{namespace}{item.namespace}:" if item.namespace else namespace)


def _side(company, code, name):
    """Make a works with a shop, two departments and its inspection, and people who do what tests need done."""
    works = make_unit(company, code=code, name=name, kind=UnitKind.SECONDARY)
    shop = make_unit(works, code=f"{code}-CJ", name=f"{name}一车间", kind=UnitKind.WORKSHOP)
    dept = make_unit(works, code=f"{code}-HQ", name=f"{name}后勤科", kind=UnitKind.OFFICE)
    dept2 = make_unit(works, code=f"{code}-AQ", name=f"{name}安全科", kind=UnitKind.OFFICE)
    inspection = make_unit(works, code=f"{code}-JW", name=f"{name}纪检组", kind=UnitKind.OFFICE)
    empty = make_unit(works, code=f"{code}-KB", name=f"{name}空班组", kind=UnitKind.TEAM)

    def doer(name, unit, *roles):
        person = make_person(unit=unit, name=name)
        for role in roles:
            make_appointment(person, role, works)
        return person

    return SimpleNamespace(
        company=company,
        works=works,
        shop=shop,
        dept=dept,
        dept2=dept2,
        logistics=dept,
        safety=dept2,
        inspection=inspection,
        empty=empty,
        worker=make_person(unit=shop, name="作者甲", phone="13800001111"),
        worker2=make_person(unit=shop, name="作者乙"),
        colleague=make_person(unit=shop, name="同事丙"),
        left=make_person(unit=shop, name="离职丁", is_active=False, left_on=dt.date(2026, 1, 5)),
        officer=doer("经办工会", works, Role.UNION_OFFICER),
        officer2=doer("经办工会二", works, Role.UNION_OFFICER),
        chair=doer("经办主席", works, Role.UNION_CHAIR),
        leader=doer("经办领导", works, Role.LEADER_IN_CHARGE),
        head=doer("经办科长", dept2, Role.DEPARTMENT_HEAD),
        handler=doer("经办人员", dept2, Role.HANDLER),
        inspector=doer("经办纪检", inspection, Role.DISCIPLINE_INSPECTOR),
        secrecy=doer("经办保密", dept2, Role.SECRECY_REVIEWER),
        leader2=doer("经办领导二", works, Role.LEADER_IN_CHARGE),
        inspector2=doer("经办纪检二", inspection, Role.DISCIPLINE_INSPECTOR),
    )


def _cast(plant, company):
    """Return the people of the columns."""

    def one(job_no, name, unit, *grants):
        person = make_person(unit=unit, job_no=job_no, name=name, secret=SECRET)
        for role, place in grants:
            make_appointment(person, role, place)
        return person

    return {
        "worker": one("810001", "万工", plant.shop),
        "author": plant.worker,
        "handler": one("810002", "韩办", plant.dept, (Role.HANDLER, plant.dept)),
        "dept_head": one("810003", "戴长", plant.dept, (Role.DEPARTMENT_HEAD, plant.dept)),
        "leader": one("810004", "凌导", plant.works, (Role.LEADER_IN_CHARGE, plant.works)),
        "union_officer": one("810005", "尤干", plant.works, (Role.UNION_OFFICER, plant.works)),
        "union_chair": one("810006", "于席", plant.works, (Role.UNION_CHAIR, plant.works)),
        "company_chair": one("810007", "龚席", company, (Role.UNION_CHAIR, company)),
        "discipline": one("810008", "季检", plant.inspection, (Role.DISCIPLINE_INSPECTOR, plant.works)),
        "secrecy": one("810012", "米审", plant.dept2, (Role.SECRECY_REVIEWER, plant.works)),
        "system_admin": one("810009", "席统", company, (Role.SYSTEM_ADMIN, company)),
        "security_admin": one("810010", "安权", company, (Role.SECURITY_ADMIN, company)),
        "auditor": one("810011", "沈计", company, (Role.AUDITOR, company)),
    }


def session_of(person, *, kind=DeviceKind.DESKTOP, at=NOW):
    """Return the key of a new session of a person whose secret was typed a moment ago."""
    client = Client()
    client.force_login(person)
    session = client.session
    guard.begin(session, kind=kind, at=at)
    session.save()
    return session.session_key


def _put_file(inquiry, *, is_published, is_scan=False):
    stored = StoredFile.objects.create(
        file=ContentFile(b"\xff\xd8\xff\xe0matrix", name=f"{uuid.uuid4().hex}.jpg"),
        name="附件1.jpg",
        media_type="image/jpeg",
        size=10,
        sha256="0" * 64,
        stored_on=local_day(AT),
    )
    InquiryFile.objects.create(inquiry=inquiry, file=stored, is_published=is_published, is_scan=is_scan)
    return stored


def _cards(plant, kind):
    """Return a matter for each act, by the act's name: in the state in which the act is done."""

    def card(state, **over):
        return cards.make_inquiry(plant, state=state, kind=kind, **over)

    is_discipline = kind == InquiryKind.RETALIATION
    assigned = card(S.ASSIGNED)
    found = dict.fromkeys(ASSIGNED_ACTS, assigned)
    found["register"] = card(S.SUBMITTED)
    found["assign"] = found["merge"] = card(S.REGISTERED)
    found["transfer"] = card(S.REGISTERED)
    found["approve"] = found["send_back"] = card(S.DRAFTED)
    found["deliver"] = card(S.APPROVED)
    found["receipt"] = found["own"] = card(S.ANSWERED)
    found["reveal"] = card(S.ASSIGNED, identity_mode=IdentityMode.CONFIDENTIAL)
    found["resume"] = card(S.ASSIGNED)
    keeper = plant.inspector if is_discipline else plant.officer
    does.ask_author(inquiry_id=found["resume"].pk, text="请补充是哪几个班次。", actor=keeper, at=AT)
    found["decide_hiding"] = card(S.ASSIGNED)
    does.ask_hiding(
        inquiry_id=found["decide_hiding"].pk,
        reason_class=HidingReason.PRIVACY,
        reason="涉及他人病情",
        actor=keeper,
        at=AT,
    )
    found["decide_extension"] = card(S.ASSIGNED)
    found["extension"] = ask_extension(
        promise=found["decide_extension"].promise,
        days=10,
        reason="需要与供应商再议一次工期",
        actor=plant.inspector if is_discipline else plant.handler,
        at=AT,
    )
    if is_discipline:  # neither returned nor shared nor merged: the acts find a matter in hand
        found["decide_return"] = found["contribute"] = found["unmerge"] = assigned
    else:
        found["decide_return"] = card(S.ASSIGNED)
        does.ask_return(
            inquiry_id=found["decide_return"].pk,
            reason="不属于本科职责范围,应由安全科办理",
            proposed_unit=plant.dept2,
            actor=plant.handler,
            at=AT,
        )
        found["contribute"] = cards.register(card(S.SUBMITTED), plant=plant)
        cards.assign(found["contribute"], plant=plant, lead_unit=plant.dept2, assist_units=[plant.dept])
        found["unmerge"] = card(S.REGISTERED)
        cards.merge(found["unmerge"], plant=plant, target=card(S.ASSIGNED))
    found["file"] = _put_file(assigned, is_published=not is_discipline)
    found["assigned"] = assigned
    return found


ASSIGNED_ACTS = (
    "work",
    "work_file",
    "own_file",
    "public",
    "public_file",
    "go",
    "ask_return",
    "plan",
    "ask_author",
    "ask_extension",
    "reply",
    "reply_draft",
    "redact",
    "ask_hiding",
)


class Stage:
    """Who and what the matrix is played with."""

    def __init__(self, *, is_bare=False):
        """``is_bare`` leaves out the matters, for tests that bring their own."""
        company = make_unit()
        self.plant, self.far = _side(company, "MY", "明阳厂"), _side(company, "YH", "银河厂")
        self.company = company
        self.cast = _cast(self.plant, company)
        chair = self.cast["company_chair"]
        if not IdentityKey.objects.filter(retired_at__isnull=True).exists():
            does.make_identity_key(passphrase=cards.PASSPHRASE, actor=chair, at=AT)
        self.key = IdentityKey.objects.get(retired_at__isnull=True)
        self.cards = (
            {}
            if is_bare
            else {
                OWN: _cards(self.plant, InquiryKind.SUGGESTION),
                OTHER: _cards(self.far, InquiryKind.SUGGESTION),
                DISCIPLINE: _cards(self.plant, InquiryKind.RETALIATION),
            }
        )
        self.sides = {OWN: self.plant, OTHER: self.far}
        self.templates = {
            whose: ReplyTemplate.objects.create(title=f"样板{side.works.code}", text="已办:【内容】", unit=side.dept)
            for whose, side in self.sides.items()
        }
        self._accounts()
        self._floors()
        self.texts = {} if is_bare else {whose: texts_of(side) for whose, side in self.sides.items()}
        self.halls = {} if is_bare else {whose: congressing.rows_of(side) for whose, side in self.sides.items()}
        self.sheets = {} if is_bare else sheets_of(self.sides)
        self.rated = {} if is_bare else {whose: assessing.rows_of(one, self.cast) for whose, one in self.sides.items()}
        leaders = {OWN: self.cast["leader"], OTHER: self.far.leader}
        pleaders = {OTHER: self.cast["company_chair"]}
        self.rounds = {
            whose: appraising.rows_of(side) | appraisal_results.rows_of(side, leaders[whose], pleaders.get(whose))
            for whose, side in self.sides.items()
            if not is_bare
        }
        self.polls = {} if is_bare else {whose: polls_of(side, self.cast, whose) for whose, side in self.sides.items()}
        self.sessions = {role: session_of(person) for role, person in self.cast.items()}

    def _accounts(self):
        security2 = make_person(unit=self.company, name="安权二")
        make_appointment(security2, Role.SECURITY_ADMIN, self.company)
        make_appointment(make_person(unit=self.company, name="席统二"), Role.SYSTEM_ADMIN, self.company)
        self.appointments = {
            whose: make_appointment(make_person(unit=side.dept, name="受任者"), Role.HANDLER, side.dept)
            for whose, side in self.sides.items()
        }
        asked = {"role": Role.AUDITOR, "unit": self.company, "asked_at": AT}
        self.requests = {
            # One asked for by the column itself, one by a colleague.
            OWN: AppointmentRequest.objects.create(
                person=self.plant.colleague, asked_by=self.cast["security_admin"], **asked
            ),
            OTHER: AppointmentRequest.objects.create(person=self.far.colleague, asked_by=security2, **asked),
        }
        self.roster = RosterImport.objects.create(
            file_name="roster.xlsx",
            file_sha256="0" * 64,
            file="rosters/none.xlsx",
            state=ImportState.READY,
            summary={"new": 1},
            uploaded_by=self.cast["system_admin"],
            uploaded_at=AT,
        )
        self.devices = {}
        for role, person in [*self.cast.items(), ("stranger", self.far.colleague)]:
            self.devices[role] = Device.objects.create(
                person=person,
                session_key=f"matrix-{role}",
                kind=DeviceKind.PHONE,
                signed_in_on=local_day(AT),
                expires_on=local_day(AT) + dt.timedelta(days=14),
            )
        self.cast["handler"].ics_token = token_hash(TOKEN)
        self.cast["handler"].save(update_fields=["ics_token"])

    def _floors(self):
        self.notices = {
            role: Notice.objects.create(
                key=f"matrix:{role}",
                desk=f"person:{person.pk}",
                kind="accounts.role_granted",
                subject=f"accounts.person:{person.pk}",
                at=AT,
            )
            for role, person in [*self.cast.items(), ("stranger", self.far.colleague)]
        }
        self.bot = Bot.objects.create(
            unit=self.company,
            channel=Channel.WECOM,
            name="工会群",
            address="https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=x",
        )
        self.dispatch = Dispatch.objects.create(
            key="matrix", channel=Channel.WECOM, bot=self.bot, state=DispatchState.FAILED, next_at=AT, created_at=AT
        )
        publish_head(at=AT + dt.timedelta(days=1))
        self.day = Head.objects.get().day

    # Addresses ---------------------------------------------------------------------------------------------

    def address(self, name, whose, role):
        """Return the path of a route for a column, or None when the route has no such side."""
        arguments = self._arguments(name, whose, role)
        return None if arguments is None else reverse(name, args=arguments) if ":" in name else BARE[name]

    def _arguments(self, name, whose, role):
        floor, _colon, short = name.rpartition(":")
        if floor == "feedback":
            return self._feedback(short, whose)
        if floor == "disclosures":
            return self._disclosures(short, whose)
        if floor == "congress":
            return self._of(self.halls, short, whose)
        if floor == "evaluations":
            return self._evaluations(short, whose)
        if floor == "ballots":
            if short not in POLLS:
                return () if whose == NONE else None
            return (self.polls[whose][POLLS[short]].poll.pk,) if whose in self.polls else None
        side = self.sides.get(whose)
        if name in ("notices:open", "accounts:end_device"):
            rows = self.notices if name == "notices:open" else self.devices
            return (
                None
                if side is None
                else (rows.get(role, rows["worker"]).pk,)
                if whose == OWN
                else (rows["stranger"].pk,)
            )
        if floor == "accounts" and short in ("unit_rename", "unit_move", "slips"):
            return None if side is None else (side.shop.code,)
        if name == "accounts:unit_close":
            return None if side is None else (side.empty.code,)
        if name == "accounts:person_return":
            return None if side is None else (side.left.pk,)
        if floor == "accounts" and short.startswith("person") and short != "person_add":
            return None if side is None else (side.colleague.pk,)
        if name in ("accounts:appointment_end", "accounts:deputy"):
            return None if side is None else (self.appointments[whose].pk,)
        if floor == "accounts" and short.startswith("request_"):
            return None if side is None else (self.requests[whose].pk,)
        if name in ("deadlines:explain", "deadlines:ask_extension", "deadlines:decide_extension"):
            if whose == NONE:
                return None
            mine = self.cards[whose]
            return (mine["extension"].pk,) if short == "decide_extension" else (mine["assigned"].promise.pk,)
        if whose != NONE:
            return None
        return {
            "accounts:roster": (self.roster.pk,),
            "accounts:roster_write": (self.roster.pk,),
            "accounts:roster_discard": (self.roster.pk,),
            "accounts:roster_nudge": (self.roster.pk,),
            "accounts:rule_set": ("card.reply_days",),
            "deadlines:year": (2026,),
            "ledger:slip": (self.day,),
            "ledger:export": (self.day,),
            "notices:retry": (self.dispatch.pk,),
            "notices:drop": (self.dispatch.pk,),
            **{f"notices:{act}_bot": (self.bot.pk,) for act in ("change", "switch", "try")},
        }.get(name, ())

    def _disclosures(self, short, whose):
        if short in ALONE:
            return ALONE[short] if whose == NONE else None
        about_one = short in self.texts[OWN]
        if not about_one or whose not in self.texts:
            return () if whose == NONE and not about_one else None
        found = self.texts[whose][short]
        return found if isinstance(found, tuple) else (found,)

    def _of(self, rows, short, whose):
        if short not in rows[OWN]:
            return () if whose == NONE else None
        if whose not in rows:
            return None
        found = rows[whose][short]
        return found if isinstance(found, tuple) else (found,)

    def _evaluations(self, short, whose):
        if short in self.rounds[OWN]:
            return self._of(self.rounds, short, whose)
        if short in self.rated[OWN]:
            found = self.rated[whose][short] if whose in self.rated else None
            return found if found is None or isinstance(found, tuple) else (found,)
        if short not in self.sheets[OWN]:
            return SCORED_ALONE.get(short, ()) if whose == NONE else None
        return self.sheets[whose][short] if whose in self.sheets else None

    def _feedback(self, short, whose):
        if short.startswith("template_") and short != "template_add":
            return (self.templates[whose].pk,) if whose in self.sides else None
        if short in ("identity_key_passphrase", "identity_key_sheet"):
            return (self.key.pk,) if whose == NONE else None
        if short == "ics":
            return (TOKEN,) if whose == OWN else ("0" * 40,) if whose == OTHER else None
        if short == "statistics_file":
            return ("xlsx",) if whose == NONE else None
        if not self._is_about_one(short):
            return () if whose == NONE else None
        if whose == NONE:
            return None
        card = self.cards[whose][short]
        if short == "go":
            return (card.pk,)
        if short in ("work_file", "own_file", "public_file"):
            return (card.number, self.cards[whose]["file"].pk)
        return (card.number,)

    def _is_about_one(self, short):
        return short in self.cards[OWN]


# Addresses without a name.
BARE = {"portal.home.health.livez": "/livez", "portal.home.health.readyz": "/readyz"}
