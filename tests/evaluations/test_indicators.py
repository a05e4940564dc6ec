"""Indicators: by the moment at which something happened, each to the unit that owed it, rows as readers may know."""

import datetime as dt

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import translation

from disclosures.enums import PublicationState
from disclosures.models import Publication, Withdrawal
from evaluations.months import end_of
from evaluations.queries.figures import figures_of_month
from feedback.enums import IdentityMode, InquiryKind, InquiryState, RatingLevel, Route
from feedback.models import Inquiry, Rating
from portal.deadlines.operations import move_promise
from portal.kernel.days import local_day
from portal.kernel.indicators import Indicator, UnknownIndicator, indicator_of, known_indicators, register_indicator
from portal.ledger.recording import SYSTEM, record
from tests.factories import cards
from tests.factories.disclosures import make_offices, make_publication
from tests.factories.scorecards import DUE, FIRST, LATER, MONTH, make_scene, owe, promise

D = dt.date
UNTIL = end_of(MONTH)
S = InquiryState
SECOND = dt.timedelta(seconds=1)


def one_day_before(promise):
    return promise.due_at - dt.timedelta(days=1)


def figures(code, since=MONTH, within=None):
    return sorted(map(tuple, indicator_of(code).figures(since, end_of(since), within)))


def behind(code, unit, reader, since=MONTH):
    return indicator_of(code).behind(unit, since, end_of(since), reader)


def test_a_code_is_registered_once_and_the_unknown_one_is_named():
    one = indicator_of("duty.on_time")
    assert register_indicator(one) is one
    other = Indicator(**{**vars(one), "order": 1})
    with pytest.raises(ValueError, match="two indicators"):
        register_indicator(other)
    with pytest.raises(ValueError, match="1 to 40"):
        register_indicator(Indicator(**{**vars(one), "code": "x" * 41}))
    with pytest.raises(UnknownIndicator):
        indicator_of("nobody.knows")


@pytest.mark.parametrize("one", known_indicators(), ids=lambda one: one.code)
def test_every_indicator_says_in_both_languages_how_it_is_counted(one):
    for name in ("label", "formula", "numerator", "denominator", "source"):
        said = {}
        for language in ("en", "zh-hans"):
            with translation.override(language):
                said[language] = str(getattr(one, name))
        assert said["en"] != said["zh-hans"], name


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("code", "kind"),
    [
        ("duty.on_time", "disclosure.publish"),
        ("duty.on_time", "disclosure.event"),
        ("briefing.held", "briefing.hold"),
        ("rectification.closed", "disclosure.rectify"),
        ("papers.on_time", "session.papers"),
        ("resolution.on_time", "resolution.task"),
    ],
)
def test_promises_count_by_their_moments(code, kind):
    scene = make_scene()
    for met, ended in ((-1, None), (0, None), (3, None), (None, None), (None, -1), (None, 2)):
        promise(scene.works, kind, met=met, ended=ended)
    promise(scene.other, kind, met=-2)
    # Other months, and other things.
    for due_on in (MONTH - dt.timedelta(days=1), UNTIL):
        promise(scene.works, kind, due_on=due_on, met=-1)
    promise(scene.works, "commitment.sign", met=-1)
    # Met a moment before it was late counts; at that moment, later, never, or ended when late does not; ended before
    # its day was not owed.
    assert figures(code) == [(scene.works.path, 1, 5), (scene.other.path, 1, 1)]
    assert figures(code, within=scene.other) == [(scene.other.path, 1, 1)]


@pytest.mark.django_db
def test_cards_count_for_the_department_that_answers():
    plant = cards.make_plant()
    answered = cards.make_inquiry(plant, state=S.ANSWERED)
    cards.make_inquiry(plant, state=S.REGISTERED)
    cards.make_inquiry(plant, state=S.ASSIGNED, identity_mode=IdentityMode.ANONYMOUS)
    cards.make_inquiry(plant, state=S.REGISTERED, kind=InquiryKind.RETALIATION)
    march, april = MONTH.replace(month=3), MONTH
    # Received on 9 March, due on 8 April; the one that was answered at once counts as due in April all the same.
    assert figures("card.on_time", march) == []
    assert figures("card.on_time", april) == [(plant.shop.path, 0, 1), (plant.logistics.path, 1, 2)]
    assert figures("card.landed", march) == [(plant.logistics.path, 1, 1)]
    assert figures("card.landed", april) == []
    assert figures("card.redo", march) == [(plant.logistics.path, 0, 1)]
    assert figures("opinion.on_time", april) == figures("motion.on_time", april) == []
    Inquiry.objects.filter(pk=answered.pk).update(channel="disclosure_opinion")
    assert figures("opinion.on_time", april) == [(plant.logistics.path, 1, 1)]
    Inquiry.objects.filter(pk=answered.pk).update(channel="motion")
    assert figures("motion.on_time", april) == [(plant.logistics.path, 1, 1)]


@pytest.mark.django_db
def test_a_second_handling_counts_and_leaves_the_first_answer_as_it_was():
    plant = cards.make_plant()
    card = cards.make_inquiry(plant, state=S.ANSWERED)
    cards.rate(card, plant=plant, level=RatingLevel.DISSATISFIED)
    march = MONTH.replace(month=3)
    assert figures("card.on_time") == [(plant.logistics.path, 1, 1)]
    assert figures("card.satisfied", march) == [(plant.logistics.path, 0, 1)]
    for step in (cards.draft, cards.approve, cards.deliver):
        step(cards.fresh(card), plant=plant)
    assert figures("card.redo", march) == [(plant.logistics.path, 1, 2)]
    Rating.objects.update(level=RatingLevel.FAIR)
    assert figures("card.satisfied", march) == [(plant.logistics.path, 1, 1)]


@pytest.mark.django_db
def test_rows_name_nobody_without_a_name_and_nothing_out_of_sight():
    plant = cards.make_plant()
    named = cards.make_inquiry(plant, state=S.ASSIGNED, may_publish=False)
    hidden = [
        cards.make_inquiry(plant, state=S.ASSIGNED, identity_mode=mode)
        for mode in (IdentityMode.ANONYMOUS, IdentityMode.CONFIDENTIAL)
    ]
    Inquiry.objects.filter(pk__in=[one.pk for one in hidden]).update(is_published=True)
    for reader, lines, unnamed in ((plant.head, 1, 2), (plant.officer, 1, 2), (plant.stranger, 0, 3)):
        found = behind("card.on_time", plant.logistics, reader)
        assert (len(found.lines), found.unnamed) == (lines, unnamed)
        assert not any(one.number in line.text for one in hidden for line in found.lines)
        assert [line.is_counted for line in found.lines] == [False] * lines
    Inquiry.objects.filter(pk=named.pk).update(is_published=True, public_subject="夜班热饭")
    [line] = behind("card.on_time", plant.logistics, plant.stranger).lines
    assert line.text.endswith("夜班热饭")
    assert behind("card.on_time", plant.safety, plant.officer).lines == ()
    # Who thinks what is not told even of named authors.
    Rating.objects.create(inquiry=named, round=1, level=1, on=MONTH)
    [line] = behind("card.satisfied", plant.logistics, plant.head).lines
    assert line.is_counted is None


def _changed(code, unit, reader):
    found = indicator_of(code).changed(unit, MONTH, UNTIL, FIRST, reader)
    return [line.text.rpartition(": ")[2] for line in found]


@pytest.mark.django_db
def test_rows_that_count_otherwise_now_are_named_where_the_ledger_knows_it():
    scene = make_scene()
    handed, kept, fresh, still = (promise(scene.works) for _n in range(4))
    kept_late, elsewhere = promise(scene.works), promise(scene.works, due_on=UNTIL)
    act = {"actor": scene.chair, "at": LATER}
    for one in (handed, kept, still):
        record(verb="promise.missed", subject=one.subject, actor=SYSTEM, at=FIRST - SECOND, kind=one.kind, due_on=DUE)
    with translation.override("en"):
        assert _changed("briefing.held", scene.works, scene.head) == []
        for one in (handed, elsewhere):
            move_promise(promise=one, unit=scene.other, **act)
        for one, met_at in ((kept, one_day_before(kept)), (kept_late, LATER)):
            type(one).objects.filter(pk=one.pk).update(met_at=met_at)
            about = {"promise": one.pk, "kind": one.kind, "round": 1, "due_on": DUE}
            record(verb="promise.met", subject=one.subject, **act, **about)
        record(verb="promise.missed", subject=fresh.subject, **act, kind=fresh.kind, due_on=DUE)
        own, other = f"handed from {scene.works.name} to {scene.other.name} after the freezing", "after the freezing"
        found = sorted(_changed("briefing.held", scene.works, scene.head))
        # Kept too late it counts as little as before; due in another month it never did; of the last nothing is new.
        assert found == sorted([own, f"entered {other}", f"entered {other}", f"recorded {other} as done in time"])
        assert _changed("briefing.held", scene.other, scene.head) == [own]
        # Within the enterprise nothing has moved.
        assert own not in _changed("briefing.held", scene.company, scene.chair)
        assert _changed("duty.on_time", scene.works, scene.head) == []


@pytest.mark.django_db
def test_matters_that_count_elsewhere_now_are_named_only_of_named_authors_a_reader_may_open():
    plant = cards.make_plant()
    named, secret = (
        cards.make_inquiry(plant, state=S.ASSIGNED, identity_mode=mode, may_publish=False)
        for mode in (IdentityMode.NAMED, IdentityMode.ANONYMOUS)
    )
    for one in (named, secret):
        move_promise(promise=one.promise, unit=plant.safety, actor=plant.officer, at=LATER)
        Inquiry.objects.filter(pk=one.pk).update(lead_unit=plant.safety)
    with translation.override("en"):
        for unit in (plant.logistics, plant.safety):
            [line] = indicator_of("card.on_time").changed(unit, MONTH, UNTIL, FIRST, plant.officer)
            assert line.text.startswith(f"{named.number}: handed from") and line.is_counted is None
            assert indicator_of("card.on_time").changed(unit, MONTH, UNTIL, FIRST, plant.stranger) == ()
    # What goes to discipline inspection leaves without a trace.
    Inquiry.objects.filter(pk=named.pk).update(route=Route.DISCIPLINE)
    assert indicator_of("card.on_time").changed(plant.logistics, MONTH, UNTIL, FIRST, plant.officer) == ()


@pytest.mark.django_db
def test_answers_that_another_department_answers_for_now_are_named():
    plant = cards.make_plant()
    named, secret, still = (
        cards.make_inquiry(plant, state=S.ANSWERED, identity_mode=mode, may_publish=False)
        for mode in (IdentityMode.NAMED, IdentityMode.ANONYMOUS, IdentityMode.NAMED)
    )
    march = MONTH.replace(month=3)
    for one in (named, secret):
        record(verb="inquiry.reassigned", subject=one, actor=plant.officer, at=LATER, lead_unit=plant.safety.code)
        Inquiry.objects.filter(pk=one.pk).update(lead_unit=plant.safety)
    # To the same one again is no change.
    record(verb="inquiry.reassigned", subject=still, actor=plant.officer, at=LATER, lead_unit=plant.logistics.code)
    changed = indicator_of("card.landed").changed
    with translation.override("en"):
        for unit in (plant.logistics, plant.safety):
            [line] = changed(unit, march, MONTH, FIRST, plant.officer)
            about = f"{named.number}: handed from {plant.logistics.name} to {plant.safety.name} after the freezing"
            assert line.text == about and line.is_counted is None
            assert changed(unit, march, MONTH, FIRST, plant.stranger) == ()
            assert changed(unit, march, MONTH, LATER, plant.officer) == ()
    Inquiry.objects.filter(pk=named.pk).update(route=Route.DISCIPLINE)
    assert changed(plant.logistics, march, MONTH, FIRST, plant.officer) == ()


@pytest.mark.django_db
def test_a_display_that_was_prolonged_after_the_freezing_is_named():
    offices = make_offices()
    text, other = (make_publication(offices, PublicationState.PUBLISHED) for _n in range(2))
    first, last = text.shown_until.replace(day=1), text.shown_until
    month, frozen = (first, end_of(first)), dt.datetime.combine(end_of(first), dt.time(2), dt.UTC)
    changed = indicator_of("display.days").changed
    for one in (text, other):
        record(verb="publication.approved", subject=one, actor=SYSTEM, at=one.publish_at, shown_until=last)
    longer = end_of(first) + dt.timedelta(days=3)
    assert changed(offices.works, *month, frozen, offices.stranger) == ()
    for at, until in ((frozen - SECOND, last), (frozen + SECOND, longer)):
        record(verb="publication.prolonged", subject=text, actor=SYSTEM, at=at, shown_until=until)
    Publication.objects.filter(pk=text.pk).update(shown_until=longer)
    assert figures("display.days", first) == [(offices.works.path, (last - local_day(other.publish_at)).days + 1, 1)]
    with translation.override("en"):
        [line] = changed(offices.works, *month, frozen, offices.stranger)
    assert text.title in line.text and "prolonged after the freezing" in line.text and text.number in line.url
    # Not one that ends in another month, not one of another unit, not one that is not for everybody.
    assert changed(offices.works, end_of(first), end_of(end_of(first)), frozen, offices.stranger) == ()
    assert changed(offices.other, *month, frozen, offices.stranger) == ()
    Publication.objects.filter(pk=text.pk).update(audience="unit")
    assert changed(offices.works, *month, frozen, offices.stranger) == ()


@pytest.mark.django_db
def test_days_on_show_are_counted_when_the_display_ends():
    offices = make_offices()
    text = make_publication(offices, PublicationState.PUBLISHED)
    first, last = local_day(text.publish_at), text.shown_until
    month = last.replace(day=1)
    days = (last - first).days + 1
    assert figures("display.days", month) == [(offices.works.path, days, 1)]
    assert figures("display.days", end_of(month)) == []
    [line] = behind("display.days", offices.works, offices.stranger, month).lines
    assert text.title in line.text
    assert str(days) in line.text
    # Taken down on its third day; a withdrawal after the end of its display changes nothing.
    for after, counted in ((2, 3), (40, days)):
        Withdrawal.objects.all().delete()
        Withdrawal.objects.create(
            publication=text,
            reason_code="error",
            reason="数据有误",
            is_early=True,
            asked_by=offices.handler,
            asked_at=text.publish_at,
            decided_by=offices.head,
            decided_at=text.publish_at + dt.timedelta(days=after),
            is_granted=True,
        )
        assert figures("display.days", month) == [(offices.works.path, counted, 1)]


@pytest.mark.django_db
def test_figures_of_a_unit_hold_those_below_by_one_statement_each():
    scene = make_scene()
    owe(scene.shop, kept=2, late=1)
    owe(scene.works, kept=1)
    owe(scene.other, late=1)
    with CaptureQueriesContext(connection) as seen:
        found = figures_of_month(MONTH)
    assert len(seen) == len(known_indicators())
    assert {path: own["briefing.held"] for path, own in found.items()} == {
        scene.company.path: (3, 5),
        scene.works.path: (3, 4),
        scene.shop.path: (2, 3),
        scene.other.path: (0, 1),
    }
    own = figures_of_month(MONTH, within=scene.works)
    assert {path: pair["briefing.held"] for path, pair in own.items()} == {
        scene.works.path: (3, 4),
        scene.shop.path: (2, 3),
    }


@pytest.mark.django_db
@pytest.mark.parametrize("code", [one.code for one in known_indicators()])
def test_rows_behind_cost_the_same_for_one_and_for_three(code):
    plant = cards.make_plant()
    kinds = {
        "duty.on_time": "disclosure.publish",
        "briefing.held": "briefing.hold",
        "rectification.closed": "disclosure.rectify",
        "papers.on_time": "session.papers",
    }
    counts = []
    for rows in (1, 2):
        for _n in range(rows):
            if code in kinds:
                promise(plant.logistics, kinds[code], met=-1)
            elif code.startswith(("card", "opinion", "motion")):
                card = cards.make_inquiry(plant, state=S.ANSWERED)
                Rating.objects.create(inquiry=card, round=1, level=4, on=MONTH)
                channel = {"opinion.on_time": "disclosure_opinion", "motion.on_time": "motion"}.get(code, "card")
                Inquiry.objects.filter(pk=card.pk).update(channel=channel)
        month = MONTH.replace(month=3) if code in ("card.landed", "card.redo") else MONTH
        plant.head.__dict__.pop("_authority", None)
        with CaptureQueriesContext(connection) as seen:
            lines = behind(code, plant.logistics, plant.head, month).lines
        counts.append((len(seen), len(lines)))
    (first, one), (second, three) = counts
    assert first == second
    if code not in ("display.days", "resolution.on_time"):
        assert (one, three) == (1, 3)
