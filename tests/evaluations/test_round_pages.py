"""A round as those who fill in a form and those who are rated read it: the box speaks of forms, not of votes."""

import pytest
import time_machine
from django.test import Client
from django.utils import timezone

from portal.deadlines.operations import seed_editions
from tests.factories.appraisals import DAY, answers_of, count_now, make_round, rate
from tests.factories.people import make_person, make_unit
from tests.factories.results import made_public
from tests.signing import signed_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def now(db):
    seed_editions(at=timezone.now())
    return timezone.now()


def browser(person):
    return signed_in(Client(), person)


def test_whoever_is_rated_finds_the_own_rating_and_the_own_result_on_the_page(now):
    rated = make_round(at=now, teams=())
    page, subject = f"/appraisals/{rated.round.pk}/", rated.round.subjects.first()
    own, result = f"/evaluations/results/{subject.pk}/self/", f"/evaluations/results/{subject.pk}/"
    reader, rater = browser(rated.subjects[0]), browser(rated.workers[0])
    said = reader.get(page).content.decode()
    assert "您是本次测评的对象" in said and f'href="{own}"' in said
    said = rater.get(page).content.decode()
    assert "您是本次测评的对象" not in said and own not in said
    for person in (*rated.heads, *rated.workers):
        rate(rated, person, "competent", s02="basic", at=now)
    count_now(rated)
    said = reader.get(page).content.decode()
    assert "您是本次测评的对象" in said and own not in said and result not in said
    made_public(rated)
    assert f'href="{result}"' in reader.get(page).content.decode()
    assert result not in rater.get(page).content.decode()


def test_the_box_speaks_of_forms_where_an_appraisal_asks_for_them(now):
    rated = make_round(at=now, opens_at=now, closes_at=now + DAY)
    one, two = browser(rated.workers[0]), browser(rated.workers[1])
    path, page = f"/vote/{rated.poll.pk}/", f"/appraisals/{rated.round.pk}/"
    given = answers_of(rated, rated.workers[0], "competent", s02="basic")
    done = one.post(path, {**given, "step": "cast"}).content.decode()
    assert "测评表已入箱" in done and f'href="{page}"' in done
    again = one.get(path).content.decode()
    assert "您已提交" in again and f'href="{page}"' in again
    # Nobody closes it before its hour, whoever signs.
    desk = f"/votes/{rated.poll.pk}/"
    for person in (rated.officer, rated.scrutineers[0]):
        assert f"{desk}close/" not in browser(person).get(f"{desk}desk/").content.decode()
        refusal = browser(person).post(f"{desk}close/", {"seen": "open"})
        assert refusal.status_code == 403 and "自动截止" in refusal.content.decode()
    with time_machine.travel(now + DAY, tick=False):
        signed_in(two, rated.workers[1])
        over = two.get(path).content.decode()
        assert "测评已截止" in over and f'href="{page}"' in over
        refusal = two.post(path, {**given, "step": "cast"})
        assert refusal.status_code == 403 and "不再接收测评表" in refusal.content.decode()
    for words in (done, again, over, refusal.content.decode()):
        main = words.partition("<main")[2].partition("</main")[0]
        assert "选票" not in main and "投票" not in main.replace("待我投票、填写的事项", "")
    count_now(rated)
    signed_in(two, rated.workers[1])
    made_public(rated)
    results = f"/evaluations/{rated.round.pk}/results/"
    assert f'href="{results}"' in two.get(path).content.decode()
    # The box's own page of the result leads each reader to a page that is there, and has no answers to count again.
    for reader, way in ((two, results), (browser(make_person(unit=make_unit())), None), (Client(), None)):
        shown = reader.get(desk).content.decode()
        assert (f'href="{results}"' in shown) == (way is not None)
        assert f"/desk/appraisals/{rated.round.pk}/" not in shown and "供复核" not in shown
