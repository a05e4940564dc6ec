"""
The congress beside the limits: a ballot, the list of motions, the validity sheet (performance.md §8, rows 13, 14, 17).

Motions are copied until there are as many as ``PORTAL_BENCH_MOTIONS`` says, each
with an inquiry and a promise of its own.
"""

import datetime as dt
import os
import uuid

from django.core.exceptions import ImproperlyConfigured
from django.urls import reverse

from congress.enums import MotionState
from congress.models import Motion, Session
from feedback.enums import Route
from feedback.models import Inquiry
from portal.accounts.enums import Role
from portal.ballots.benching import ballot_fields, make_plain_table, make_vote
from portal.deadlines.models import Promise
from portal.home.bench.limits import MATTERS
from portal.home.bench.registry import register
from portal.kernel.statistics import refresh_statistics

COUNT = int(os.environ.get("PORTAL_BENCH_MOTIONS", "2000"))
VOTERS, FIRST_SERIAL = 900, 10_000
MARK = uuid.uuid5(uuid.NAMESPACE_URL, "bench:motions")


@register("ballot: 30 matters, one form", limit="one_ballot", goal=4, statements=7)
def ballot(bench):
    """Every shot is another delegate's ballot: thirty answers sealed and put in, the receipt drawn."""
    make_plain_table()
    vote = make_vote(matters=MATTERS, voters=VOTERS, at=bench.at)
    for person in vote.people:
        bench.cookies(person)
    return bench.once_each(
        reverse("ballots:ballot", args=[vote.poll.pk]), vote.people, data=lambda: ballot_fields(MATTERS)
    )


def _fill(bench):
    """Copy a public motion, with its inquiry and its promise, until there are enough; those of an earlier run stay."""
    held = Motion.objects.filter(serial__gte=FIRST_SERIAL).count()
    shown = {"is_published": True, "route": Route.ORDINARY, "hidden_class": ""}
    model = (
        Motion.objects.filter(state=MotionState.FILED, **{f"inquiry__{name}": value for name, value in shown.items()})
        .select_related("inquiry__promise")
        .first()
    )
    if model is None:
        raise ImproperlyConfigured("There is no filed motion; seed the database first.")
    numbers = range(held, COUNT)
    _copy(model.inquiry.promise, numbers, lambda n: {"subject": f"bench.motion:{n}"})
    _copy(
        model.inquiry,
        numbers,
        lambda n: {
            "serial": FIRST_SERIAL * 100 + n,
            "promise_id": _key(Promise, n),
            "code_hash": f"bench {n}",
            "owner_tag": None,
        },
    )
    _copy(
        model,
        numbers,
        lambda n: {
            "serial": FIRST_SERIAL + n,
            "inquiry_id": _key(Inquiry, n),
            "written_at": bench.at - dt.timedelta(hours=n + 1),
            "handed_in_at": bench.at - dt.timedelta(hours=n),
        },
    )
    refresh_statistics(vacuum=True)


def _key(model, number):
    return uuid.uuid5(MARK, f"{model.__name__} {number}")


def _copy(row, numbers, different):
    """Write a copy of a row for each number: its key, its button's key, and what ``different(number)`` says, anew."""
    model = type(row)
    plain = {field.attname: getattr(row, field.attname) for field in model._meta.concrete_fields}
    keys = {"id": "", "idempotency_key": " key"}

    def copy(number):
        own = {name: uuid.uuid5(MARK, f"{model.__name__} {number}{end}") for name, end in keys.items() if name in plain}
        return model(**plain | own | different(number))

    model.objects.bulk_create(map(copy, numbers), batch_size=1000)


@register("motions: list", limit="signed_in", goal=1.6, statements=6, has_loop=True)
def motions_list(bench):
    """The newest motions, as a worker sees them."""
    _fill(bench)
    return bench.page(reverse("congress:motions"), person=bench.person())


@register("motion: public page", limit="one_select", has_loop=True)
def motion_page(bench):
    """One filed motion with its reply, as a visitor sees it."""
    found = Motion.objects.filter(serial__lt=FIRST_SERIAL, state=MotionState.FILED).order_by("-handed_in_at")
    return bench.page(reverse("congress:motion", args=[found[0].pk]))


@register("validity sheet", limit="signed_in", statements=20, has_loop=True)
def validity(bench):
    """The validity sheet of a session that is being prepared, as the union's chair sees it."""
    session = Session.objects.order_by("-opens_at")[0]
    return bench.page(reverse("congress:validity", args=[session.pk]), person=bench.person(Role.UNION_CHAIR))
