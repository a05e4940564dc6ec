"""
Publications in any state, brought there by the real operations.

    offices = make_offices()                      # who prepares, signs and supervises; the same ones each time
    text = make_publication(offices, state="published", item="C07")

Each step is a function of its own for tests that walk: submit, sign_all, publish.
"""

import datetime as dt
import uuid
from types import SimpleNamespace

from disclosures import operations as does
from disclosures.enums import PublicationState
from disclosures.models import Assignment, CatalogueItem
from disclosures.rules import next_steps
from portal.accounts.enums import Role
from portal.deadlines.operations import seed_editions
from tests.factories.people import make_unit, same_person, same_unit

# A Monday morning at the plant.
AT = dt.datetime(2026, 3, 9, 1, 30, tzinfo=dt.UTC)
S = PublicationState
BODY = "本车间当月奖金按班组考核得分核定,各班组总额、考核扣分项目和理由均已列明。"


def make_offices():
    """Make, or find again, the units and people that a publication meets; everybody signs in with people.SECRET."""
    does.seed_catalogue(at=AT)
    seed_editions(at=AT)
    company = make_unit()
    works = same_unit("YX", "乙烯厂", company)
    shop = same_unit("YX-LJ", "裂解车间", works)
    other = same_unit("HF", "化肥厂", company)
    personnel = same_unit("RS", "人事处", company)
    return SimpleNamespace(
        company=company,
        works=works,
        shop=shop,
        other=other,
        personnel=personnel,
        worker=same_person("710001", "王海燕", shop),
        stranger=same_person("710002", "赵春梅", other),
        handler=same_person("710011", "陈晓", works, (Role.HANDLER, works)),
        head=same_person("710012", "郑明", works, (Role.DEPARTMENT_HEAD, works)),
        secrecy=same_person("710013", "何平", company, (Role.SECRECY_REVIEWER, company)),
        union_chair=same_person("710014", "周建国", company, (Role.UNION_CHAIR, company)),
        inspector=same_person("710015", "钱守正", company, (Role.DISCIPLINE_INSPECTOR, company)),
        leader=same_person("710016", "吴志远", works, (Role.LEADER_IN_CHARGE, works)),
        leader2=same_person("710017", "沈立新", company, (Role.LEADER_IN_CHARGE, company)),
        officer=same_person("710018", "李国强", company, (Role.UNION_OFFICER, company)),
        other_handler=same_person("710019", "冯涛", other, (Role.HANDLER, other)),
        other_head=same_person("710020", "曹阳", other, (Role.DEPARTMENT_HEAD, other)),
        auditor=same_person("710021", "田文永", company, (Role.AUDITOR, company)),
    )


def item_of(code):
    """Return an item of the seed catalogue."""
    return CatalogueItem.objects.get(code=code)


def make_assignment(offices, code="C01", unit=None, **over):
    """Let a unit owe an item since the beginning of the year before."""
    plain = {"item": item_of(code), "unit": unit or offices.works, "since": dt.date(2025, 1, 1)}
    return Assignment.objects.create(**{**plain, **over})


def make_draft(offices, item="C01", **over):
    """Return what a form has cleaned of a text."""
    item = item_of(item) if isinstance(item, str) else item
    plain = {
        "item": item,
        "unit": offices.works,
        "title": "裂解车间二月份奖金分配结果",
        "body": BODY,
        "display_days": 15,
        "idempotency_key": uuid.uuid4(),
        "basis": "《月份经营业绩考核办法》第三章",
        "method": "班组核分,车间会议评议,工会小组复核",
        "objections_heard": "收到意见两条,均已在班前会答复",
    }
    if item.is_notice and "notice" not in over:
        plain["notice"] = does.NoticeTerms(
            about="中级专业技术职务评审通过人员",
            basis="《专业技术职务评聘办法》",
            workdays=item.notice_workdays,
            accepted_by=offices.personnel,
            contact="人事处 302 室,电话 6512",
        )
    return does.PublicationDraft(**{**plain, **over})


def sign_all(offices, publication, *, at=AT, until=None):
    """Let the right people sign until nothing is wanted, or a state is reached; return the publication anew."""
    signers = {
        "head": offices.head,
        "secrecy": offices.secrecy,
        "union": offices.union_chair,
        "discipline": offices.inspector,
        "group": offices.leader,
    }
    publication = fresh(publication)
    while publication.state != until and next_steps(publication):
        step = next_steps(publication)[0]
        does.sign_publication(publication_id=publication.pk, step=step, note_text="同意", actor=signers[step], at=at)
        publication = fresh(publication)
    return publication


def make_publication(offices, state=S.PUBLISHED, *, at=AT, until=None, **over):
    """
    Make a publication in a state by the real operations.

    ``until`` is the moment at which it is then looked at by the clock's jobs (for "expired").
    """
    actor = over.pop("actor", offices.handler)
    publication = does.draft_publication(draft=make_draft(offices, **over), actor=actor, at=at)
    if state == S.DISCARDED:
        does.discard_draft(publication_id=publication.pk, actor=actor, at=at)
        return fresh(publication)
    if state == S.DRAFT:
        return fresh(publication)
    does.submit_publication(publication_id=publication.pk, actor=actor, at=at)
    if state in (S.HEAD, S.SECRECY, S.OPINION, S.GROUP):
        return sign_all(offices, publication, at=at, until=state)
    sign_all(offices, publication, at=at)
    publication = fresh(publication)
    if state in (S.EXPIRED, S.ARCHIVED):
        later = until or at + dt.timedelta(days=40)
        does.close_notices(at=later)
        does.expire_due(at=later)
    if state == S.WITHDRAWN:
        does.ask_withdrawal(publication_id=publication.pk, reason_code="wrong", reason="金额有误", actor=actor, at=at)
        does.decide_withdrawal(
            publication_id=publication.pk, is_granted=True, answer="同意", actor=offices.leader2, at=at
        )
    return fresh(publication)


def fresh(publication):
    """Return the publication as it is now, with what its rules read."""
    from disclosures.queries import working_publication

    return working_publication(publication.pk)
