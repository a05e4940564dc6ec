"""A round soon after one that nearly the same people rated: the difference is about a few; it waits, or two answer."""

import datetime as dt

import pytest
from django.test import Client
from django.urls import reverse

from evaluations import result_numbers
from evaluations.models import Count, Round
from evaluations.operations import announcing
from evaluations.queries.rounds import facts_of
from evaluations.rules import rounds as rules
from portal.accounts.enums import Category, Role
from portal.accounts.queries import rule_value
from portal.kernel.days import local_day
from portal.kernel.verdicts import OperationRefused
from portal.ledger.models import Entry
from tests.factories.appraisals import ANNOUNCED, AT, DAY, DRAFT, OPEN, STEPS, count_now, make_round, rate, refreshed
from tests.factories.people import make_officer, make_person
from tests.factories.results import again
from tests.signing import signed_in

pytestmark = pytest.mark.django_db
SOON, REASON = AT + 30 * DAY, "年中调整分工，须在本月内完成任期考核。"


def held(**over):
    """A round that was held and counted, ready for another one like it."""
    first = make_round(OPEN, workers=8, **over)
    first.edition = first.round.edition
    for person in (*first.heads, *first.workers):
        rate(first, person, "competent", s02="basic")
    count_now(first)
    return first


def joined(first, count=1):
    """Let so many people join the works' front line."""
    return [make_person(unit=first.unit, category=Category.FRONTLINE) for _n in range(count)]


def facts(rated, at=SOON):
    return facts_of(rated.round, at)


def test_the_attack_works_on_two_such_rounds_and_the_second_is_refused(settings):
    settings.LANGUAGE_CODE = "en"
    first = held()
    newcomer = joined(first)[0]
    second = again(first, at=SOON, state=DRAFT)
    reason = rules.may_announce(first.officer, second.round, facts(second), SOON).reason
    # The number is the rule book's, and the page says from which day on it is far enough.
    days = rule_value(result_numbers.APART_DAYS, unit=first.unit, at=SOON)
    assert "Nearly the same people rated in" in reason
    assert local_day(first.round.closes_at + dt.timedelta(days=days)).isoformat() in reason
    with pytest.raises(OperationRefused, match="Nearly the same people"):
        STEPS[ANNOUNCED](second, SOON)
    assert refreshed(second).round.state == DRAFT

    # What it is good for: held all the same, the difference of both counts is the newcomer's own form.
    second_officer = make_officer(Role.UNION_OFFICER, first.officer.unit)
    announcing.plead_near(round_id=second.round.pk, reason=REASON, actor=first.officer, at=SOON)
    announcing.plead_near(round_id=second.round.pk, actor=second_officer, at=SOON)
    for step in (ANNOUNCED, "reported", OPEN):
        STEPS[step](refreshed(second), SOON)
    refreshed(second)
    for person in (*first.heads, *first.workers):
        rate(second, person, "competent", s02="basic", at=SOON)
    rate(second, newcomer, "incompetent", s02="excellent", at=SOON)
    count_now(second)

    def times(rated, place):
        rows = Count.objects.filter(subject__round=rated.round, subject__order=place, group__code="B")
        return {(item, option): n for item, option, n in rows.values_list("item", "option", "times")}

    for place, own in ((1, "incompetent"), (2, "excellent")):
        before, after = times(first, place), times(second, place)
        told = {option for (item, option), n in after.items() if n != before.get((item, option), 0)}
        assert told == {own}


@pytest.mark.parametrize(
    ("joining", "after", "is_near"),
    [
        (0, SOON, False),  # the very same people: nobody is told apart
        (1, SOON, True),
        (4, SOON, True),
        (5, SOON, False),
        (1, AT + 177 * DAY + dt.timedelta(hours=1), True),  # closes three days later: 180 days but for the hours
        (1, AT + 180 * DAY, False),
    ],
)
def test_how_many_have_to_differ_and_how_long_it_lasts(joining, after, is_near):
    first = held()
    joined(first, joining)
    second = again(first, at=after, state=DRAFT)
    found = [earlier.pk for earlier, _day in facts(second, after).near]
    assert found == ([first.round.pk] if is_near and after < AT + 180 * DAY else [])
    assert bool(rules.may_announce(first.officer, second.round, facts(second, after), after)) == (not found)


def test_other_people_rated_or_a_round_never_opened_are_nothing_to_subtract_from():
    first = held()
    joined(first)
    other = make_round(DRAFT, works=first.unit, officer=first.officer, sheet=first.edition, at=SOON, heads=0, workers=0)
    assert facts(other).near == ()
    cancelled = again(first, at=SOON, state=DRAFT)
    Round.objects.filter(pk=cancelled.round.pk).update(state="cancelled", cancelled_at=SOON, reason="x")
    third = again(first, at=SOON, state=DRAFT)
    assert [earlier.pk for earlier, _day in facts(third).near] == [first.round.pk]


def test_two_people_answer_for_it_by_the_page_and_raters_read_why():
    first = held()
    joined(first)
    second = again(first, at=SOON, state=DRAFT)
    path = reverse("evaluations:near", args=[second.round.pk])
    home = reverse("evaluations:round_desk", args=[second.round.pk])
    one = signed_in(Client(), first.officer)
    two = signed_in(Client(), make_officer(Role.UNION_OFFICER, first.officer.unit))
    assert path in one.get(home).content.decode()
    answer = one.post(path, {"reason": " "})
    assert answer.status_code == 422 and 'id="error-summary"' in answer.content.decode()
    assert one.post(path, {"reason": REASON}).url == home
    page = one.post(path, {})
    assert page.status_code == 403 and "另一人" in page.content.decode()
    assert not rules.may_announce(first.officer, refreshed(second).round, facts(second), SOON)
    assert REASON in two.get(path).content.decode()
    assert two.post(path, {}).url == home
    assert two.get(path).status_code == 403
    refreshed(second)
    assert rules.may_announce(first.officer, second.round, facts(second), SOON)
    verbs = Entry.objects.filter(subject=f"evaluations.round:{second.round.pk}").values_list("verb", flat=True)
    assert sorted(verb for verb in verbs if "near" in verb) == ["appraisal.near_granted", "appraisal.near_pleaded"]
    for step in (ANNOUNCED, "reported", OPEN):
        STEPS[step](refreshed(second), SOON)
    assert (
        REASON
        in signed_in(Client(), first.workers[0])
        .get(reverse("evaluations:round", args=[second.round.pk]))
        .content.decode()
    )
