"""The blank form is drawn once for all; what somebody fills in is kept nowhere, and shared fields stay as made."""

import re

import pytest
from django.conf import settings
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from evaluations.enums import ScaleKind
from evaluations.forms.ballot import AppraisalForm
from evaluations.models import Subject
from evaluations.queries.rounds import blocks_of_round, marks_for, round_at_door
from portal.ballots import definition as definitions
from portal.ballots.models import Poll
from portal.deadlines.operations import seed_editions
from portal.kernel import keeping
from tests.factories.appraisals import answers_of, make_round, make_sheet
from tests.factories.ballots import make_definition, make_poll
from tests.signing import signed_in

pytestmark = pytest.mark.django_db
# Statements, whoever is rated; four and five of them are the frame's and remembered outside of tests.
GET, CAST = 8, 11


@pytest.fixture
def now(db):
    keeping._parts.clear()
    definitions._known.clear()
    seed_editions(at=timezone.now())
    return timezone.now()


def form_of(client, path, **more):
    page = client.get(path, **more).content.decode()
    # Without the token, and without the name under which a browser keeps what is filled in.
    return re.sub(
        r'value="[A-Za-z0-9]{64}"|appraisal-[0-9a-f-]{73}',
        "",
        page[page.index('class="ballot-form') : page.index("</main>")],
    )


def test_a_blank_form_is_drawn_once_and_is_the_same_to_the_letter_in_each_language(now):
    rated = make_round(at=now, subjects=3)
    path = f"/vote/{rated.poll.pk}/"
    first, second = (signed_in(Client(), one) for one in rated.workers[:2])
    own = signed_in(Client(), rated.subjects[1])
    for language in ("zh-hans", "en"):
        kept = []
        for client in (first, own, second):
            client.cookies[settings.LANGUAGE_COOKIE_NAME] = language
            kept.append(form_of(client, path))
        assert form_of(first, path) == kept[0]
        fresh = []
        for client in (first, own, second):
            keeping._parts.clear()
            fresh.append(form_of(client, path))
        assert kept == fresh and kept[0] == kept[2] != kept[1]
        assert rated.subjects[1].name in kept[0] and rated.subjects[1].name not in kept[1]
        assert ("(optional)" in kept[0]) == (language == "en")


def test_what_was_filled_in_is_kept_nowhere(now):
    sheet_of = make_round(at=now)
    sheet = make_sheet(sheet_of.unit, sheet_of.officer, scale=ScaleKind.SCORE, step=5, name="量化评分表", at=now)
    for rated, answer in ((sheet_of, "excellent"), (make_round(at=now, sheet=sheet), "95")):
        path = f"/vote/{rated.poll.pk}/"
        first, second = (signed_in(Client(), one) for one in rated.workers[:2])
        blank = form_of(second, path)
        held = dict(keeping._parts)
        filled = answers_of(rated, rated.workers[0], answer, remark="会后沟通可以多一些")
        page = first.post(path, {**filled, "step": "change"}).content.decode()
        assert "会后沟通可以多一些" in page and ("checked" in page or 'value="95"' in page)
        faulty = first.post(path, {**filled, "s01i01": "none of them", "step": "check"})
        assert faulty.status_code == 422 and "field-fault" in faulty.content.decode()
        first.post(path, {**filled, "step": "check"})
        words = "会后沟通可以多一些", "none of them", "field-fault"
        new = [str(value) for key, (value, _size) in keeping._parts.items() if key not in held]
        assert [word for word in words for value in new if word in value] == []
        again = form_of(second, path)
        assert again == blank and "checked" not in again and "field-fault" not in again


def test_forms_share_fields_but_no_answers(now):
    rated = make_round(at=now, subjects=2)
    polls = [Poll.objects.get(pk=rated.poll.pk) for _n in range(2)]
    filled = answers_of(rated, rated.workers[0])
    one = AppraisalForm.of(polls[0], rated.workers[0], {**filled, "s01i01": ""})
    two = AppraisalForm.of(polls[1], rated.workers[1], filled)
    own = AppraisalForm.of(polls[1], rated.subjects[0])
    assert polls[0].definition is polls[1].definition and one.fields["s01i01"] is two.fields["s01i01"]
    assert (set(one.errors), two.is_valid()) == ({"s01i01"}, True)
    assert [name for name in own.fields if name.startswith("s01")] == [] != list(own.fields)
    assert two.answers() == filled


def test_a_definition_is_taken_only_when_it_was_made_of_this_very_json(now):
    whole = make_definition(matters=["一", "二"])
    poll = make_poll("shared", definition=whole).poll
    assert poll.definition == whole and poll.definition is Poll.objects.get(pk=poll.pk).definition
    poll.definition_json["questions"][0]["text"] = "别的"
    assert [one.text for one in poll.definition.questions] == ["别的", "二"]
    assert [one.text for one in Poll.objects.get(pk=poll.pk).definition.questions] == ["一", "二"]
    for place in range(3 * definitions.MOST_KNOWN):
        definitions.known_definition(str(place), whole.as_json())
    assert len(definitions._known) == definitions.MOST_KNOWN


def test_statements_do_not_grow_with_those_who_are_rated(now):
    found = {"GET": set(), "CAST": set()}
    for count in (1, 3):
        rated = make_round(at=now, subjects=count)
        path, client = f"/vote/{rated.poll.pk}/", signed_in(Client(), rated.workers[0])
        client.get(path)
        filled = {**answers_of(rated, rated.workers[0]), "step": "cast"}
        for name, page in (("GET", lambda: client.get(path)), ("CAST", lambda: client.post(path, filled))):  # noqa: B023 -- called at once
            with CaptureQueriesContext(connection) as asked:
                assert page().status_code == 200
            found[name].add(len([one for one in asked if one["sql"].split()[0] in ("SELECT", "INSERT", "UPDATE")]))
    assert found == {"GET": {GET}, "CAST": {CAST}}


def test_blocks_are_made_once_and_anew_when_a_round_says_something_else(now):
    rated = make_round(at=now, subjects=2)

    def blocks():
        poll = Poll.objects.get(pk=rated.poll.pk)
        return AppraisalForm.of(poll, rated.workers[0]).all_blocks

    first = blocks()
    assert blocks() is first
    assert [one.subject.name for one in first] == [person.name for person in rated.subjects]
    plain = blocks_of_round(rated.round)
    assert [one.all_codes for one in first] == [one.all_codes for one in plain]
    weights = [[(item.weight, item.dimension.weight) for _code, item in one.codes] for one in (first[0], plain[0])]
    assert weights[0] == weights[1] != []
    Subject.objects.filter(round=rated.round, order=1).update(post="另一职务")
    assert [one.subject.post for one in blocks()] == ["另一职务", first[1].subject.post]


def test_whom_somebody_does_not_rate_is_asked_for_that_very_person(now):
    rated = make_round(at=now, subjects=2)
    poll = Poll.objects.get(pk=rated.poll.pk)
    for person, own in ((rated.workers[0], [False, False]), (rated.subjects[1], [False, True]), (None, [False] * 2)):
        assert round_at_door(poll, person).own_marks == own
    assert marks_for(poll, rated.subjects[0]) == [True, False]  # the poll was read for somebody else
