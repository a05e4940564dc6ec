"""
The bad input of an appraisal, one by one: words beside the field, what was typed is kept, and nothing is written.

Weights that do not sum, somebody who rates himself, a round that closes in the past, a group without anybody,
decimals in full-width digits.
"""

import datetime as dt
from decimal import Decimal

import pytest
import time_machine
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from evaluations.enums import ScaleKind, Source
from evaluations.models import Edition, Questionnaire, Round, VoterGroup
from evaluations.operations import rounds
from portal.ballots.models import Ballot, Participation
from tests.evaluations.test_pages import plan
from tests.factories import appraisals as made
from tests.factories.appraisals import DAY, answers_of, make_round, make_sheet
from tests.factories.people import make_unit
from tests.signing import signed_in

pytestmark = pytest.mark.django_db


def desk(name, *args):
    return reverse(f"evaluations:{name}", args=args)


def said(client, path, data, *words, expect=422):
    """Post a form with a fault; assert that it is refused in words, beside its field, and keeps what was typed."""
    answer = client.post(path, data)
    page = answer.content.decode()
    assert answer.status_code == expect, page[:1500]
    for word in words:
        assert word in page, word
    if expect == 422:
        assert 'id="error-summary"' in page and page.count("has-fault") >= 1
    return page


def test_weights_that_do_not_sum(client):
    rated = make_round(made.DRAFT, at=timezone.now())
    signed_in(client, rated.officer)
    sheet = {"unit": rated.unit.code, "name": "试用表", "scale": "grade", "step": "5", "source": "公司办法"}
    before = Questionnaire.objects.count(), Edition.objects.count()
    for lines, total in (("工作业绩 0.5\n勤政廉洁 0.4", "0.9"), ("工作业绩 ６０％\n勤政廉洁 ５０％", "1.1")):
        said(client, desk("sheet_new"), {**sheet, "dimensions": lines}, f"权重之和为 {total}", lines.split("\n")[1])
    assert (Questionnaire.objects.count(), Edition.objects.count()) == before
    # Groups are added one by one: their sum is asked for before the announcement, on the page and by the act.
    act = {"round_id": rated.round.pk, "actor": rated.officer, "at": timezone.now()}
    rounds.add_group(
        name="家属", weight=Decimal("0.3"), sources=[Source.STAFF], unit=rated.unit, with_units_below=True, **act
    )
    words = "各组权重之和为 1.3，应为 1。"
    assert words in client.get(desk("round_desk", rated.round.pk)).content.decode()
    said(client, desk("announce", rated.round.pk), {}, words, expect=403)
    assert Round.objects.get().state == "draft"


def test_somebody_who_rates_himself(client):
    rated = make_round(at=timezone.now())
    signed_in(client, rated.subjects[0])
    path = reverse("ballots:ballot", args=[rated.poll.pk])
    form = client.get(path).content.decode()
    assert 'name="s02i01"' in form and 'name="s01i01"' not in form
    own = {f"s01i0{n}": "excellent" for n in range(1, 6)} | {"s01w": "我做得很好"}
    # Sent along all the same it is not read: the form goes in, and of himself it says nothing.
    filled = answers_of(rated, rated.subjects[0], "competent")
    check = client.post(path, {**filled, **own, "step": "check"}).content.decode()
    assert "我做得很好" not in check and rated.subjects[0].name not in check.partition("<main")[2]
    # Only about himself: nothing goes in, and the form says what is missing.
    said(client, path, {**own, "step": "cast"}, "请")
    assert not Participation.objects.exists() and not Ballot.objects.exists()
    # Who is rated opens no box either.
    draft = make_round(made.DRAFT, at=timezone.now())
    signed_in(client, draft.officer)
    named = [draft.subjects[0].job_no, *(one.job_no for one in draft.scrutineers[:2])]
    three = dict(zip(("scrutineer_one", "scrutineer_two", "scrutineer_three"), named, strict=True))
    page = said(client, desk("announce", draft.round.pk), three, "不能担任监票人", named[0], expect=403)
    assert draft.subjects[0].name in page and Round.objects.get(pk=draft.round.pk).state == "draft"


def test_a_round_that_closes_in_the_past(client):
    now = timezone.now()
    rated = make_round(made.REPORTED, at=now, closes_at=now + DAY)
    signed_in(client, rated.officer)
    today = timezone.localdate()
    for over, words in (
        ({"opens_on": "2020-01-01", "closes_on": (today - dt.timedelta(days=1)).isoformat()}, "截止时间已过"),
        ({"closes_on": (today - dt.timedelta(days=1)).isoformat()}, "截止时间早于开始时间"),
        ({"closes_on": today.isoformat(), "closes_time": "00:00"}, "截止时间早于开始时间"),
        ({"closes_on": "２０２６年２月３０日"}, "２０２６年２月３０日"),
        ({"closes_time": "25:00"}, "25:00"),
    ):
        said(client, desk("round_new"), plan(rated.unit, rated.round.edition_id, **over), words, "年度中层")
    assert Round.objects.count() == 1
    # Announced in time and left lying: the list is not frozen any more.
    with time_machine.travel(now + 2 * DAY, tick=False):
        signed_in(client, rated.officer)
        answer = client.post(reverse("ballots:open", args=[rated.poll.pk]), {})
        assert answer.status_code == 403 and "截止时间已过" in answer.content.decode()
    rated.poll.refresh_from_db()
    assert rated.poll.state == "draft"


def test_a_group_without_anybody(client):
    rated = make_round(made.DRAFT, at=timezone.now(), has_groups=False)
    signed_in(client, rated.officer)
    empty = make_unit(rated.unit)
    group = {"name": "职工代表", "weight": "1", "unit": empty.code, "sources": ["delegates"]}
    said(client, desk("group_new", rated.round.pk), {**group, "sources": []}, "职工代表")
    said(client, desk("group_new", rated.round.pk), {**group, "unit": "没有"}, "有效")
    assert not VoterGroup.objects.exists()
    assert client.post(desk("group_new", rated.round.pk), group).status_code == 302
    words = "组没有人：没有符合条件的人员。"
    assert words in client.get(desk("round_desk", rated.round.pk)).content.decode()
    said(client, desk("announce", rated.round.pk), {}, words, expect=403)


def test_decimals_in_full_width_digits(client):
    rated = make_round(made.DRAFT, at=timezone.now())
    signed_in(client, rated.officer)
    VoterGroup.objects.filter(round=rated.round).update(weight=Decimal("0.25"))
    group = {"name": "第三组", "unit": rated.unit.code, "sources": ["staff"]}
    for text, weight in (("０．１２５", "0.1250"), ("１２。５％", "0.1250")):
        assert client.post(desk("group_new", rated.round.pk), {**group, "weight": text}).status_code == 302
        assert str(VoterGroup.objects.order_by("-order").first().weight) == weight
    for text in ("０．３３３３３", "１．０１", "零点二", "．"):
        said(client, desk("group_new", rated.round.pk), {**group, "weight": text}, text)
    sheet = make_sheet(rated.unit, rated.officer, scale=ScaleKind.SCORE, step=5, name="量化评分表", at=timezone.now())
    scored = make_round(at=timezone.now(), works=rated.unit, officer=rated.officer, sheet=sheet, has_remarks=False)
    rater, path = Client(), reverse("ballots:ballot", args=[scored.poll.pk])
    signed_in(rater, scored.workers[0])
    filled = dict.fromkeys(answers_of(scored, scored.workers[0]), "８５")
    assert ">85<" in rater.post(path, {**filled, "step": "check"}).content.decode()
    for text, words in (("８５．５", "８５．５"), ("８７", "5 分为一档"), ("１０５", "100"), ("八十", "八十")):
        said(rater, path, {**filled, "s01i02": text, "step": "check"}, words)
    assert not Ballot.objects.exists()
