"""Pages of the satisfaction poll: drawn up at the desk, filled in on one page, read by all; the home before it."""

import uuid

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from evaluations.front import waiting
from evaluations.models import SatisfactionPoll
from portal.ballots.models import Participation
from portal.notices.models import Notice
from tests.factories.assessments import make_assessment, make_house
from tests.factories.people import make_person
from tests.factories.satisfaction import CLOSED, DAY, DRAFT, OPEN, answer, finish, make_poll
from tests.signing import signed_in as sign_in

pytestmark = pytest.mark.django_db


def page_of(client, name, *args):
    return client.get(reverse(f"evaluations:{name}", args=args)).content.decode()


def test_a_worker_fills_in_one_page_with_one_press(client):
    made = make_poll(OPEN, shops=(6,), at=timezone.now())
    person = made.shops[0][0]
    sign_in(client, person)
    ballot = reverse("ballots:ballot", args=[made.poll.pk])
    home = client.get(reverse("home:home")).content.decode()
    assert reverse("evaluations:satisfaction", args=[made.row.pk]) in home
    assert ballot in page_of(client, "satisfactions") and ballot in page_of(client, "satisfaction", made.row.pk)
    page = client.get(ballot).content.decode()
    # The promises are made of the numbers that the count enforces.
    assert "满5人作答才保留结果" in page and "满10人作答才单独显示" in page and page.count('type="radio"') == 12
    response = client.post(ballot, {"disclosure": "4", "step": "cast"})
    assert response.status_code == 422 and 'value="4" checked' in " ".join(response.content.decode().split())
    assert not Participation.objects.exists()
    assert client.post(ballot, {"disclosure": "4", "congress": "dk", "step": "cast"}).status_code == 200
    assert Participation.objects.count() == 1
    assert waiting(person, timezone.now(), count=5) == []
    assert ballot not in page_of(client, "satisfactions")
    assert "您的测评表已投入票箱并封存" in page_of(client, "satisfaction", made.row.pk)


def test_the_union_draws_up_a_poll_and_is_told_what_is_wrong(client):
    made = make_poll(DRAFT, shops=(6,), at=timezone.now() - 400 * DAY)
    sign_in(client, made.officer)
    new = reverse("evaluations:satisfaction_new")
    three = [one.job_no for one in made.scrutineers]
    form = {
        "unit": made.unit.code,
        "closes_on": f"{timezone.localdate() + 5 * DAY:%Y-%m-%d}",
        "closes_time": "18:00",
        "scrutineer_one": three[0],
        "scrutineer_two": three[1],
        "scrutineer_three": three[1],
        "idempotency_key": str(uuid.uuid4()),
    }
    response = client.post(new, form)
    assert response.status_code == 422 and SatisfactionPoll.objects.count() == 1
    form["scrutineer_three"] = three[2]
    far = {**form, "closes_on": f"{timezone.localdate() + 90 * DAY:%Y-%m-%d}"}
    assert client.post(new, far).status_code == 422
    response = client.post(new, form)
    row = SatisfactionPoll.objects.exclude(pk=made.row.pk).get()
    assert response.url == reverse("ballots:work", args=[row.poll_id])
    assert reverse("evaluations:satisfaction", args=[row.pk]) in client.get(response.url).content.decode()
    response = client.post(new, {**form, "idempotency_key": str(uuid.uuid4())})
    assert response.status_code == 403 and form["closes_on"] in response.content.decode()


def test_the_union_reminds_everybody_from_the_poll_and_nobody_else_does(client):
    made = make_poll(OPEN, shops=(6,), at=timezone.now())
    remind = reverse("evaluations:satisfaction_remind", args=[made.row.pk])
    sign_in(client, made.shops[0][0])
    assert remind not in page_of(client, "satisfaction", made.row.pk)
    assert (client.get(remind).status_code, client.post(remind).status_code) == (403, 403)
    sign_in(client, made.officer)
    assert remind in page_of(client, "satisfaction", made.row.pk)
    assert "谁交了、谁没交" in client.get(remind).content.decode()
    assert client.post(remind).url == reverse("evaluations:satisfaction", args=[made.row.pk])
    assert Notice.objects.filter(kind="satisfaction.reminded").count() == 6
    assert "提醒名单上的所有人，不区分是否已交" in page_of(client, "satisfaction", made.row.pk)
    closed = make_poll(CLOSED, shops=(6,), officer=made.officer)
    assert client.get(reverse("evaluations:satisfaction_remind", args=[closed.row.pk])).status_code == 403


def test_the_result_is_everybodys_and_says_what_is_not_shown(client):
    made = make_poll(OPEN, shops=(12, 11, 2))
    one, two, _few = made.shops
    answer(made, one[:7], "5")
    answer(made, one[7:], "2")
    answer(made, two[:3], "1", "dk")
    finish(made)
    sign_in(client, make_person(unit=made.company))
    page = page_of(client, "satisfaction", made.row.pk)
    assert "47%" in page and "应参加25人，收回15份，有效15份" in page
    assert one[0].unit.name in page and "“不显示”" in page
    assert "47%" in page_of(client, "satisfactions")
    few = make_poll(OPEN, shops=(9,))
    answer(few, few.shops[0][:4], "5")
    finish(few)
    assert "作答的不足5人" in page_of(client, "satisfaction", few.row.pk)


def test_the_home_gathers_what_waits_by_one_statement():
    at = timezone.now()
    house = make_house()
    made = make_poll(CLOSED, shops=(6,), at=at - 4 * DAY, officer=house.keeper)
    make_assessment(house, "self", at=at)
    with CaptureQueriesContext(connection) as seen:
        found = waiting(house.keeper, at, count=5)
    assert [(card.url, card.has_time) for card in found] == [
        (reverse("evaluations:satisfaction", args=[made.row.pk]), True)
    ]
    assert len([one for one in seen if "UNION ALL" in one["sql"]]) == 1 and len(seen) <= 2
    [card] = waiting(house.leader, at, count=5)
    assert card.icon == "square-pen" and not card.has_time and "质量厂" in card.title
    assert waiting(house.worker, at, count=5) == []


def test_pages_ask_as_often_for_three_polls_as_for_one(client):
    reader, counts = make_person(), {}
    officer = make_poll(DRAFT, shops=(6,)).officer
    made = []
    for size in (1, 3):
        while len(made) < size:
            made.append(make_poll(OPEN, shops=(11, 10 + len(made)), officer=officer))
            answer(made[-1], made[-1].shops[0], "4", "3")
            finish(made[-1])
            make_poll(DRAFT, shops=(6,), officer=officer)
        for person in (reader, officer):
            sign_in(client, person)
            for name, args in (("satisfactions", ()), ("satisfaction", (made[0].row.pk,))):
                page_of(client, name, *args)
                with CaptureQueriesContext(connection) as seen:
                    page_of(client, name, *args)
                counts.setdefault((person.pk, name), []).append(len(seen))
    assert all(first == second for first, second in counts.values()), counts
