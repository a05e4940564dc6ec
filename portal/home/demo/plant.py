"""The demo enterprise: its units, its people, and who holds which office."""

import datetime as dt
import random
import uuid
from dataclasses import dataclass, field

from django.contrib.auth.hashers import make_password

from portal.accounts.enums import Category, Gender, Role, UnitKind
from portal.accounts.models import Appointment, Person, Unit
from portal.accounts.names import name_key

SECRET = "Qiming-2026"  # noqa: S105 -- of the demo's own people only; the demo listens on this machine
LONG_AGO = dt.datetime(2020, 1, 1, tzinfo=dt.UTC)

COMPANY = ("QM", "启明石化公司", "启明石化")
WORKS = (
    ("YX", "乙烯厂", ("裂解车间", "聚合车间")),
    ("HF", "化肥厂", ("合成氨车间", "尿素车间")),
    ("YJ", "有机合成厂", ("丙烯腈车间", "丁辛醇车间")),
    ("WS", "污水处理厂", ("生化车间",)),
    ("DL", "动力厂", ("锅炉车间", "电气车间")),
    ("YY", "研究院", ("分析测试中心",)),
    ("JX", "检维修中心", ("仪表车间", "机修车间")),
)
OFFICES = (
    ("GH", "工会办公室"),
    ("RS", "人事处"),
    ("AH", "安全环保处"),
    ("SC", "生产运行处"),
    ("SB", "机动设备处"),
    ("CW", "财务处"),
    ("WZ", "物资采购处"),
    ("HQ", "后勤服务部"),
    ("PX", "培训中心"),
    ("JW", "纪委办公室"),
    ("XX", "信息管理部"),
)
SURNAMES = (
    "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧程曹袁"
    "邓许傅沈曾彭吕苏卢蒋蔡贾丁魏薛叶阎余潘杜戴夏钟汪田任姜范方石姚谭廖"
    "邹熊金陆郝孔白崔康毛邱秦江史顾侯邵孟龙万段雷钱汤尹黎易常武乔贺赖龚文"
)
MALE = "伟强磊军勇杰涛明超刚平辉鹏华飞鑫波斌宇浩凯健俊帆帅旭宁龙林建国海山志文东立新永成春峰"
FEMALE = "芳娜敏静丽艳娟霞秀英慧巧美玲红梅琴兰洁云莲真环雪荣爱妹香月莺媛瑞凡佳嘉琼勤珍贞莉桂"
POSTS = ("外操", "内操", "班长", "仪表工", "电工", "钳工", "化验员", "技术员", "工程师", "调度员", "库管员", "安全员")


@dataclass
class Plant:
    """Units by code, people by office, and the workers of each unit."""

    units: dict = field(default_factory=dict)
    workers: list = field(default_factory=list)
    officers: dict = field(default_factory=dict)  # unit code -> union officers covering it
    heads: dict = field(default_factory=dict)
    handlers: dict = field(default_factory=dict)
    leaders: dict = field(default_factory=dict)
    chair: object = None
    inspectors: list = field(default_factory=list)
    shown: list = field(default_factory=list)  # the workers whose sign-in the demo prints
    signins: list = field(default_factory=list)

    @property
    def company(self):
        """The enterprise itself."""
        return self.units["QM"]


def build_plant(*, seed, headcount):
    """Write units, people and appointments in bulk and return them; ``headcount`` counts workers."""
    rng = random.Random(f"{seed}:plant")  # noqa: S311 -- made-up people, alike at every run
    plant = Plant()
    _units(plant)
    staff = _Staff(rng, plant)
    _offices(staff, plant)
    named = len(staff.people)
    places = [
        u
        for code, u in plant.units.items()
        if u.kind in (UnitKind.WORKSHOP, UnitKind.TEAM) or (u.kind == UnitKind.OFFICE)
    ]
    for n in range(max(headcount - named, 0)):
        unit = (
            places[n % len(places)]
            if n < len(places) * 3
            else rng.choices(places, [1 if u.kind == UnitKind.OFFICE else 8 for u in places])[0]
        )
        plant.workers.append(staff.hire(unit))
    _show(staff, plant)
    Person.objects.bulk_create(staff.people, batch_size=2000)
    Appointment.objects.bulk_create(staff.appointments, batch_size=2000)
    return plant


def read_plant():
    """Return the plant that is in the database already, as far as the cards need it."""
    plant = Plant(units={unit.code: unit for unit in Unit.objects.all()})
    rows = Appointment.objects.select_related("person", "unit").order_by("person__job_no")
    for row in rows:
        _place(plant, row)
    plant.workers = list(
        Person.objects.filter(appointments__isnull=True, is_active=True).select_related("unit").order_by("job_no")
    )
    return plant


def _place(plant, row):
    code = row.unit.code
    if row.role == Role.UNION_OFFICER:
        plant.officers.setdefault(code, []).append(row.person)
    elif row.role == Role.DEPARTMENT_HEAD:
        plant.heads[code] = row.person
    elif row.role == Role.HANDLER:
        plant.handlers[code] = row.person
    elif row.role == Role.LEADER_IN_CHARGE:
        plant.leaders[code] = row.person
    elif row.role == Role.UNION_CHAIR and row.unit.parent_id is None:
        plant.chair = row.person
    elif row.role == Role.DISCIPLINE_INSPECTOR and row.unit.parent_id is None:
        plant.inspectors.append(row.person)


def _units(plant):
    rows = []

    def add(code, name, kind, parent, short=""):
        place = sum(1 for row in rows if row.parent is parent) + 1
        unit = Unit(
            code=code,
            name=name,
            short_name=short,
            kind=kind,
            parent=parent,
            path=(parent.path if parent else "") + f"{place:04d}",
        )
        # One by one: a child needs its parent's key, and there are some thirty of them.
        unit.save()
        rows.append(unit)
        plant.units[code] = unit
        return unit

    company = add(*COMPANY[:2], UnitKind.COMPANY, None, COMPANY[2])
    for code, name, shops in WORKS:
        works = add(code, name, UnitKind.SECONDARY, company)
        for number, shop in enumerate(shops, start=1):
            workshop = add(f"{code}-{number}", shop, UnitKind.WORKSHOP, works)
            if number == 1 and code in ("YX", "DL"):
                for team, label in enumerate(("甲班", "乙班"), start=1):
                    add(f"{code}-{number}-{team}", shop.removesuffix("车间") + label, UnitKind.TEAM, workshop)
    for code, name in OFFICES:
        add(code, name, UnitKind.OFFICE, company)


class _Staff:
    """Hires people with names and job numbers that follow from the seed."""

    def __init__(self, rng, plant):
        self.rng, self.plant = rng, plant
        self.people, self.appointments = [], []
        self.secret = make_password(SECRET)

    def hire(self, unit, *, post="", category=None, can_sign_in=False, name=None):
        rng = self.rng
        female = rng.random() < 0.36
        if name is None:
            given = rng.choices(FEMALE if female else MALE, k=rng.choice((1, 2, 2, 2)))
            name = rng.choice(SURNAMES) + "".join(given)
        number = len(self.people) + 1
        post = post or rng.choice(POSTS)
        person = Person(
            id=uuid.UUID(int=rng.getrandbits(128), version=4),
            job_no=f"{100000 + number}",
            name=name,
            name_key=name_key(name),
            unit=unit,
            post=post,
            category=category or (Category.TECHNICIAN if post in ("技术员", "工程师") else Category.FRONTLINE),
            gender=Gender.FEMALE if female else Gender.MALE,
            joined_on=dt.date(rng.randint(1986, 2024), rng.randint(1, 12), rng.randint(1, 28)),
            has_to_change_secret=not can_sign_in,
            has_seen_welcome=can_sign_in,
            password=self.secret
            if can_sign_in
            else "!" + "".join(rng.choices("abcdefghijkmnpqrstuvwxyz23456789", k=40)),
        )
        self.people.append(person)
        return person

    def appoint(self, role, unit, *, post, home=None, can_sign_in=False):
        person = self.hire(home or unit, post=post, category=Category.MANAGER, can_sign_in=can_sign_in)
        self.add_role(person, role, unit)
        return person

    def add_role(self, person, role, unit):
        row = Appointment(
            id=uuid.UUID(int=self.rng.getrandbits(128), version=4),
            person=person,
            role=role,
            unit=unit,
            since=LONG_AGO,
            granted_by=None,
        )
        self.appointments.append(row)
        _place(self.plant, row)


def _offices(staff, plant):
    u, company = plant.units, plant.company
    staff.appoint(Role.UNION_CHAIR, company, post="工会主席", home=u["GH"], can_sign_in=True)
    for _n in range(2):
        staff.appoint(Role.UNION_OFFICER, company, post="工会干事", home=u["GH"], can_sign_in=True)
    for _n in range(2):
        staff.appoint(Role.DISCIPLINE_INSPECTOR, company, post="纪检监察员", home=u["JW"], can_sign_in=True)
    # A general manager has no superior in the house: the vice-managers are the leaders in charge.
    for codes, post in (
        (("AH", "SC", "SB", "JX", "DL"), "副总经理(生产)"),
        (("RS", "CW", "HQ", "PX", "XX"), "副总经理(经营)"),
        (("WZ", "GH", "JW"), "副总经理(综合)"),
    ):
        person = staff.hire(company, post=post, category=Category.MANAGER, can_sign_in=True)
        for code in codes:
            staff.add_role(person, Role.LEADER_IN_CHARGE, u[code])
    for code, _name in OFFICES:
        if code not in ("GH", "JW"):
            staff.appoint(Role.DEPARTMENT_HEAD, u[code], post="处长", can_sign_in=code in ("HQ", "AH"))
            staff.appoint(Role.HANDLER, u[code], post="主管", can_sign_in=code in ("HQ", "AH"))
    for code, _name, _shops in WORKS:
        if code not in ("JX", "DL"):
            staff.appoint(Role.LEADER_IN_CHARGE, u[code], post="厂长", can_sign_in=code == "YX")
        staff.appoint(Role.DEPARTMENT_HEAD, u[code], post="综合办公室主任", can_sign_in=code == "YX")
        staff.appoint(Role.HANDLER, u[code], post="综合办公室主管", can_sign_in=code == "YX")
        staff.appoint(Role.UNION_OFFICER, u[code], post="分工会干事", can_sign_in=code == "YX")
        staff.appoint(Role.UNION_CHAIR, u[code], post="分工会主席")
        staff.appoint(Role.DISCIPLINE_INSPECTOR, u[code], post="纪检员")
    staff.appoint(Role.SYSTEM_ADMIN, company, post="系统管理员", home=u["XX"], can_sign_in=True)
    for _n in range(2):
        staff.appoint(Role.SECURITY_ADMIN, company, post="安全管理员", home=u["XX"], can_sign_in=True)
    staff.appoint(Role.AUDITOR, company, post="审计员", home=u["CW"], can_sign_in=True)
    staff.appoint(Role.SECRECY_REVIEWER, company, post="保密审查员", home=u["XX"], can_sign_in=True)


def _show(staff, plant):
    """Give two workers a sign-in, and list everybody who has one, a line for each role."""
    for code in ("YX-1", "HF-2"):
        worker = next((worker for worker in plant.workers if worker.unit.code == code), None)
        if worker is not None:
            worker.password, worker.has_to_change_secret, worker.has_seen_welcome = staff.secret, False, True
            plant.shown.append(worker)
    labels = {}
    for row in staff.appointments:
        if row.person.has_seen_welcome:
            labels.setdefault(row.person.pk, []).append(row)
    for person in staff.people:
        if not person.has_seen_welcome:
            continue
        rows = labels.get(person.pk, [])
        plant.signins.append(
            {
                "role": str(Role(rows[0].role).value) if rows else "worker",
                "post": person.post,
                "unit": "、".join(dict.fromkeys(row.unit.name for row in rows)) if rows else person.unit.name,
                "name": person.name,
                "job_no": person.job_no,
                "secret": SECRET,
            }
        )
