"""The list of motions, kept: for each reader what was drawn, and another page as soon as something changes."""

import pytest
from django.test import Client
from django.urls import reverse

from congress.models import Motion
from congress.queries.motions import public_motions
from congress.queries.newest_motions import ORDER, motion_of, motions_page
from congress.views import motions as view
from feedback.models import Inquiry
from portal.accounts.models import Unit
from portal.kernel import keeping
from tests.factories import motions as made
from tests.factories.cards import AT
from tests.readers import same_for_all
from tests.services import both_engines
from tests.signing import signed_in

pytestmark = [pytest.mark.django_db, both_engines]


@pytest.fixture
def floor(engine):
    keeping.forget()
    return made.make_floor()


def test_the_list_is_for_each_what_was_drawn(monkeypatch, floor):
    made.make_motion(floor, "answered")
    readers = {
        "delegate": floor.proposer.person,
        "another": floor.delegates[1].person,
        "member": floor.members[0],
        "union": floor.hall.officer,
    }
    kept = same_for_all(monkeypatch, view, reverse("congress:motions"), readers, AT)
    assert 0 < kept <= 3 * len(readers)


def test_a_kept_list_is_another_page_at_once(client, floor):
    motion = made.make_motion(floor, "filed")
    url = reverse("congress:motions")
    tag = ""
    for change in (
        lambda: None,
        lambda: Unit.objects.filter(pk=floor.logistics.pk).update(name="后勤一部"),
        lambda: Inquiry.objects.filter(pk=motion.inquiry_id).update(public_subject="改善宿舍"),
        lambda: Motion.objects.filter(pk=motion.pk).update(best_reason="办得快"),
        lambda: made.make_motion(floor, "filed"),
        lambda: Inquiry.objects.filter(pk=motion.inquiry_id).update(hidden_class="privacy"),
    ):
        change()
        answer = client.get(url, headers={"If-None-Match": tag} if tag else None)
        assert answer.status_code == 200
        tag = answer.headers["ETag"]
        assert client.get(url, headers={"If-None-Match": tag}).status_code == 304
        kept = client.get(url).content.decode()
        keeping.forget()
        assert [word in kept for word in ("后勤一部", "改善宿舍")] == [
            word in client.get(url).content.decode() for word in ("后勤一部", "改善宿舍")
        ]
    assert f"/motions/{motion.pk}/" not in kept


def test_lines_are_the_motions_of_the_rule_and_the_pages_join(floor, monkeypatch):
    monkeypatch.setattr("congress.queries.newest_motions.PAGE_SIZE", 2)
    for _number in range(3):
        made.make_motion(floor, "filed")
    whole = [one.pk for one in public_motions().order_by(*ORDER)]
    first = motions_page(None, token="")
    second = motions_page(None, token=first.next_token)
    assert [motion_of(line).pk for page in (first, second) for line in page][:3] == whole
    assert [motion_of(line).pk for line in motions_page(public_motions(), token="")] == whole[:2]
    assert motions_page(None, token="nonsense").items == first.items


def test_most_readers_see_a_change_after_a_second_and_whoever_holds_a_role_at_once(monkeypatch, floor):
    monkeypatch.setattr(keeping.settings, "TEST", False)
    monkeypatch.setattr(keeping, "AROUND_SECONDS", 1)
    seconds = [100.0]
    monkeypatch.setattr(keeping.time, "monotonic", lambda: seconds[0])
    made.make_motion(floor, "filed")
    readers = [Client(), signed_in(Client(), floor.members[0]), signed_in(Client(), floor.hall.officer)]

    def see():
        return ["后勤一部" in reader.get(reverse("congress:motions")).content.decode() for reader in readers]

    assert see() == [False, False, False]
    Unit.objects.filter(pk=floor.logistics.pk).update(name="后勤一部")
    # What the filter offers is a minute old for everybody.
    seconds[0] += 0.9
    assert see() == [False, False, True]
    seconds[0] += 0.2
    assert see() == [True, True, True]
