"""Seeding: the plant, eighteen months of cards, counters and seals, in bulk and always alike."""

import datetime as dt
import json
import random

from django.conf import settings
from django.db import connection, transaction

from feedback.models import Inquiry, ReplyTemplate, Series
from feedback.operations import make_identity_key
from feedback.operations.core import count as count_up
from feedback.operations.daily import recount
from feedback.searching import KIND
from portal.accounts.models import Person, Unit
from portal.deadlines.operations import seed_editions
from portal.kernel.days import local_day
from portal.kernel.statistics import refresh_statistics
from portal.ledger.operations import publish_head, seal_pending
from portal.search.operations import reindex

from .appraising import add_appraisals
from .assessing import add_assessments
from .balloting import add_ballots
from .briefing import add_briefings
from .bulletins import add_bulletins
from .committing import add_commitments
from .congress import add_congress
from .consulting import add_consultations
from .disclosing import add_disclosures
from .lives import Life, Writer
from .motions import add_motions
from .multiplying import multiply
from .opinions import add_demands, add_opinions
from .plant import build_plant, read_plant
from .regulations import add_regulations
from .resolutions import add_resolutions
from .satisfying import add_satisfaction
from .scoring import add_scorecards
from .sessions import add_sessions

SEED = "qiming-2026"
PASSPHRASE = "启明工会灯塔二〇二六"  # noqa: S105 -- of the demo's identity key only
MONTHS = 18
DISCLOSED_MONTHS = 24
SHORT_YEAR = 4  # months of scorecards where cards are counted: as many as the objections need
CARDS_A_MONTH = 45
HEADCOUNT = 3000
BATCH = 5000
PLAYED = 20_000  # beyond twice as many, PostgreSQL makes copies of played lives

TEMPLATES = (
    (
        "现场整改类",
        "complaint",
        "经现场核查，【核查情况】。已于【日期】完成【措施】，责任人【姓名】。如仍有问题，请联系【电话】。",
    ),
    (
        "建议采纳类",
        "suggestion",
        "您提出的【建议要点】已被采纳。具体安排：【内容和时间】。实施后将在【公开栏或班前会】说明。",
    ),
    (
        "政策咨询类",
        "question",
        "根据【文件名称和条款】，【政策要点】。您的情况适用【结论】，办理地点【地点】，联系人【姓名】。",
    ),
    ("暂缓办理类", "", "该事项目前不具备条件，原因是【原因】。我们将在【日期】再次研究，并把结果告诉您。"),
)


def is_seeded():
    """Whether there is an enterprise in the database already."""
    return Unit.objects.exists()


def seed(*, at, stage="year", scale=1, cards=None, has_ledger=True, also=(), say=lambda text: None):
    """
    Write the demo enterprise; ``stage`` is "empty" (people only), "start" (a first fortnight) or "year".

    ``scale`` multiplies people and cards; ``cards`` names their number instead
    (the benchmark's million) and leaves out most else, but for what is named in
    ``also``: "congress", "motions", "scorecards", "appraisals". Does nothing when the database has an enterprise,
    and returns whether it wrote.
    """
    if is_seeded():
        return False

    def has(part):
        return has_ledger and (not cards or part in also)

    seed_editions(at=at)
    with transaction.atomic():
        say("units and people")
        plant = build_plant(seed=SEED, headcount=round(HEADCOUNT * min(scale, 20)))
        make_identity_key(passphrase=PASSPHRASE, actor=plant.chair, at=at - dt.timedelta(days=31 * MONTHS))
        ReplyTemplate.objects.bulk_create(
            ReplyTemplate(title=title, kind=kind, text=text) for title, kind, text in TEMPLATES
        )
    if stage != "empty":
        months = MONTHS if stage == "year" else 0.5
        add_cards(
            plant,
            count=cards or round(CARDS_A_MONTH * months * scale),
            months=months,
            at=at,
            has_ledger=has_ledger,
            say=say,
        )
        add_disclosures(
            plant,
            at=at,
            seed=SEED,
            # The benchmark, which names its number of cards, copies texts itself.
            months=DISCLOSED_MONTHS if stage == "year" and not cards else 2,
            scale=scale,
            has_ledger=has_ledger,
            say=say,
        )
        add_briefings(
            plant,
            at=at,
            seed=SEED,
            months=DISCLOSED_MONTHS if stage == "year" and not cards else 2,
            has_ledger=has_ledger,
            say=say,
        )
        if stage == "year" and has_ledger and not cards:
            add_bulletins(plant, at=at, seed=SEED, months=MONTHS)
            say("consultations")
            add_consultations(plant, at=at, seed=SEED)
            say("opinions")
            add_opinions(plant, at=at, seed=SEED)
            add_demands(plant, at=at, seed=SEED)
        if has_ledger and not cards:
            add_commitments(plant, at=at, seed=SEED, months=DISCLOSED_MONTHS if stage == "year" else 2, say=say)
        add_regulations(plant, at=at, seed=SEED, has_ledger=has_ledger, say=say)
        if has("congress"):
            add_congress(plant, at=at, seed=SEED, say=say)
            add_sessions(plant, at=at, seed=SEED, say=say)
        if has("motions") and stage == "year":
            add_motions(plant, at=at, seed=SEED, say=say)
        if has_ledger and not cards:
            add_resolutions(plant, at=at, seed=SEED, say=say)
        if has("scorecards") and stage == "year":
            add_scorecards(plant, at=at, months=SHORT_YEAR if cards else DISCLOSED_MONTHS, say=say)
        if has_ledger and not cards and stage == "year":
            add_satisfaction(plant, at=at, seed=SEED, say=say)
            add_assessments(plant, at=at, say=say)
        if has_ledger:
            say("votes")
            add_ballots(plant, at=at, seed=SEED)
        if has("appraisals") and stage == "year":
            say("appraisals")
            add_appraisals(plant, at=at, seed=SEED)
    if has_ledger:
        say("seals")
        while seal_pending(at=at, limit=50_000):
            pass
        publish_head(at=at)
    if settings.DEMO:
        path = settings.VAR / "demo-signins.json"
        path.write_text(json.dumps(plant.signins, ensure_ascii=False, indent=1), encoding="utf-8")
        path.chmod(0o600)
    return True


def add_cards(plant, *, count, months, at, has_ledger, say=lambda text: None):
    """Write so many cards, spread over the months before a moment, with the counters they lead to."""
    today = local_day(at)
    copies = 0
    if count > 2 * PLAYED and connection.vendor == "postgresql":
        copies, count = count // PLAYED - 1, PLAYED
    first = today - dt.timedelta(days=round(months * 30.4))
    rng = random.Random(f"{SEED}:days")  # noqa: S311 -- made-up days
    span = (today - first).days
    days = sorted(first + dt.timedelta(days=rng.randint(0, span)) for _ in range(count))
    writer = Writer(plant, seed=SEED, today=today, now=at, has_ledger=has_ledger)
    for index, day in enumerate(days):
        Life(writer, index, day).live()
        if (index + 1) % BATCH == 0:
            with transaction.atomic():
                writer.flush()
            say(f"{index + 1} of {count} cards")
    with transaction.atomic():
        writer.flush()
        say("search")
        # Before the copies are made: those of a benchmark stand in no index, as they stand in no ledger.
        reindex(KIND)
        if copies:
            multiply(copies, say=say)
        highest = max(writer.serials.values(), default=0) * copies
        Series.objects.bulk_create(Series(year=year, last=last + highest) for year, last in writer.serials.items())
        say("counters")
        wanted = list(recount().items())
        for start in range(0, len(wanted), 500):
            count_up(dict(wanted[start : start + 500]))
    refresh_statistics()


def counts():
    """Return how much there is, for the greeting."""
    return {"people": Person.objects.count(), "cards": Inquiry.objects.count()}


__all__ = ["PASSPHRASE", "add_cards", "counts", "is_seeded", "read_plant", "seed"]
