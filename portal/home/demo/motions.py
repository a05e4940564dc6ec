"""
The demo's motions: those of the last session with what came of them, those for the session that is being prepared.

Written by the real operations, at the moments at which delegates, committee, departments and signers would have acted.
"""

import datetime as dt
import random
import uuid

from django.db import transaction

from congress.enums import AHEAD, MandateState, MotionState, SignatureState
from congress.models import Body, Mandate, Motion, MotionCall, MotionRating, Session, Signature
from congress.operations import motion_offers, motion_replies, motion_review, motions
from congress.operations.core import note
from congress.queries.motions import motion_in_full, signers_of
from feedback import operations as feedback
from feedback.enums import DeliveryChannel, InquiryState, Outcome
from feedback.models import Inquiry
from portal.accounts.models import Person
from portal.deadlines.operations import make_promise, meet_promise
from portal.kernel.days import day_start, local_day
from portal.ledger.recording import record_many, subject_key
from portal.notices.models import Notice

from .motion_texts import PAST
from .motion_words import BEST, NOW, OFFERS, POOR, REASONS, REPLY, SECOND
from .scribe import moment_of

DAY = dt.timedelta(days=1)
TEXT = "围绕安全生产、生产经营、薪酬分配、职工生活和民主管理提出提案，一事一案，写明案由、案据和建议方案。"
CLASSES = {"tracked": Outcome.PLANNED, "C": Outcome.LATER, "D": Outcome.REFERENCE}


@transaction.atomic
def add_motions(plant, *, at, seed, say=lambda text: None):
    """Write the motions of two sessions; returns how many there are."""
    say("motions")
    writer = Writer(plant, at, random.Random(f"{seed}:motions"))  # noqa: S311 -- made-up acts
    if writer.committee is not None and len(writer.delegates) >= 12:
        writer.write_past()
        writer.write_now()
        Notice.objects.filter(kind__startswith="motion", at__lt=at - 14 * DAY).delete()
    return Motion.objects.count()


class Writer:
    """Plays the motions of the enterprise's running term forward."""

    def __init__(self, plant, at, rng):
        self.plant, self.at, self.rng = plant, at, rng
        self.today = local_day(at)
        self.committee = Body.objects.filter(name="提案审查委员会").select_related("term__unit").first()
        self.officer = plant.officers["QM"][0]
        if self.committee is None:
            return
        self.term = self.committee.term
        members = self.committee.members.values_list("mandate_id", flat=True)
        rows = Mandate.objects.filter(term=self.term, state=MandateState.ACTIVE).exclude(pk__in=members)
        rows = rows.exclude(person__in=[*plant.officers["QM"], *plant.handlers.values(), *plant.heads.values()])
        found = list(rows.select_related("person__unit", "term__unit", "electing_unit__unit").order_by("pk"))
        shown = {person.pk for person in plant.shown}
        # Those whose sign-in the demo prints come first: their pages have something to show.
        self.delegates = sorted(found, key=lambda one: (one.person_id not in shown, one.electing_unit_id, one.seat))

    def _key(self):
        return uuid.UUID(int=self.rng.getrandbits(128), version=4)

    def _moment(self, day, hour=None):
        return min(moment_of(day, self.rng, hour), self.at)

    def _session(self, opens_on):
        """Return the session of the demo that opens about a day, or None."""
        near = (day_start(opens_on - 100 * DAY), day_start(opens_on + 100 * DAY))
        rows = Session.objects.filter(term=self.term, kind="regular", opens_at__range=near)
        return rows.select_related("term__unit").order_by("opens_at").first()

    def _call(self, session, opens_on, closes_on, *, has_group_review=False):
        """Call for motions as the operation would have, also for a session that has been held since."""
        moment = self._moment(opens_on, 9)
        call = MotionCall(
            session=session,
            committee=self.committee,
            opens_on=opens_on,
            closes_on=closes_on,
            least=2,
            has_group_review=has_group_review,
            text=TEXT,
            called_by=self.officer,
            called_at=moment,
        )
        call.promise = make_promise(
            kind="motion.review",
            subject=subject_key(call),
            unit=self.term.unit,
            started_on=opens_on,
            due_on=closes_on + 15 * DAY,
            at=moment,
        )
        call.save()
        note("motion_call.opened", call, actor=self.officer, at=moment, since=opens_on, until=closes_on, least=2)
        return call

    def write_past(self):
        """The last session: every motion examined, most of them done."""
        session = self._session(self.today - 190 * DAY)
        if session is None:
            return
        opens_on = session.opens_on
        self.call = call = self._call(session, opens_on - 60 * DAY, opens_on - 25 * DAY)
        first = call.closes_on - (len(PAST) // 2) * DAY
        rows = [
            self._handed_in(words, place, max(call.opens_on + DAY, first + (place // 2) * DAY), stage="past")
            for place, words in enumerate(PAST)
        ]
        for place, (motion, words) in enumerate(zip(rows, PAST, strict=True)):
            self._decide(motion, words, rows, call.closes_on + (2 + place % 9) * DAY)
        meet_promise(promise=call.promise, actor=self.officer, at=self._moment(call.closes_on + 11 * DAY, 16))
        for place, (motion, words) in enumerate(zip(rows, PAST, strict=True)):
            self._handle(motion, words, call.closes_on + (2 + place % 9) * DAY)

    def write_now(self):
        """The session being prepared: the call is open, motions stand everywhere on their way."""
        session = self._session(self.today + 65 * DAY)
        if session is None or session.state not in AHEAD or session.opens_on <= self.today:
            return
        closes_on = min(self.today + 12 * DAY, session.opens_on - DAY)
        self._call(session, self.today - 20 * DAY, closes_on, has_group_review=True)
        for place, words in enumerate(NOW):
            self._write_now(words, place)
        delegate = self.delegates[0]
        others = Person.objects.filter(unit__path__startswith=delegate.electing_unit.unit.path, is_active=True)
        author = others.exclude(pk__in=[one.person_id for one in self.delegates]).order_by("job_no").first()
        for title, category, text, is_named in OFFERS:
            if author is not None:
                words = motion_offers.OfferWords(category, title, text, is_named, self._key())
                moment = self._moment(self.today - 3 * DAY)
                motion_offers.offer_matter(mandate_id=delegate.pk, words=words, actor=author, at=moment)

    def _signers(self, place):
        count = len(self.delegates)
        lead = self.delegates[place % count]
        seconders = [self.delegates[(place + step) % count] for step in (1, 3, 5)[: 2 + place % 2]]
        return lead, seconders

    def _handed_in(self, words, place, day, *, stage="submitted"):
        title, category, cause, grounds, proposal, *_rest = words
        lead, seconders = self._signers(place)
        moment = self._moment(day)
        if stage == "past":
            return self._written(words, place, lead, seconders, moment)
        act = {"actor": lead.person, "at": moment}
        motion = motions.write_motion(
            mandate_id=lead.pk,
            words=motions.MotionWords(category, title, cause, grounds, proposal, place % 7 != 5, self._key()),
            **act,
        )
        if stage == "draft":
            return motion
        motions.invite_seconders(motion_id=motion.pk, mandates=seconders, **act)
        for step, one in enumerate(seconders[: 1 if stage == "seconding" else None]):
            later = min(moment + dt.timedelta(hours=2 + step), self.at)
            motions.sign_motion(motion_id=motion.pk, actor=one.person, at=later)
        if stage != "seconding":
            later = min(moment + dt.timedelta(hours=7), self.at)
            motions.hand_in_motion(motion_id=motion.pk, actor=lead.person, at=later)
        return motion

    def _written(self, words, place, lead, seconders, moment):
        """Write a motion, seconded and handed in, as the operations would have left it."""
        title, category, cause, grounds, proposal, *_rest = words
        later = moment + dt.timedelta(hours=7)
        motion = Motion.objects.create(
            term=self.term,
            proposer=lead,
            category=category,
            title=title,
            cause=cause,
            grounds=grounds,
            proposal=proposal,
            is_open=place % 7 != 5,
            state=MotionState.SUBMITTED,
            written_at=moment,
            call=self.call,
            serial=place + 1,
            handed_in_at=later,
            idempotency_key=self._key(),
        )
        signed_at = moment + dt.timedelta(hours=2)
        Signature.objects.bulk_create(
            Signature(motion=motion, mandate=one, state=SignatureState.SIGNED, invited_at=moment, signed_at=signed_at)
            for one in seconders
        )
        about = {"subject": subject_key(motion)}
        acts = [
            {"verb": "motion.drafted", "actor": lead.person, "at": moment, **about},
            {"verb": "motion.invited", "actor": lead.person, "at": moment, "count": len(seconders), **about},
            *(
                {"verb": "motion.seconded", "actor": one.person, "at": signed_at, "count": n, **about}
                for n, one in enumerate(seconders, start=1)
            ),
            {
                "verb": "motion.handed_in",
                "actor": lead.person,
                "at": later,
                "serial": motion.number_code,
                "seconders": len(seconders),
                **about,
            },
        ]
        record_many(acts)
        return motion

    def _decide(self, motion, words, rows, day):
        lead, assist, fate = words[5:]
        kind, _colon, detail = fate.partition(":")
        moment = self._moment(day, 14)
        if kind == "withdrawn":
            proposer = motion.proposer.person
            motions.withdraw_motion(
                motion_id=motion.pk, reason="部门已与本人沟通并着手试行。", actor=proposer, at=moment
            )
            return
        outcome = kind if kind in ("merged", "converted", "rejected", "escalated") else "filed"
        more = {}
        if outcome == "merged":
            more["target_id"] = rows[int(detail)].pk
        if outcome == "rejected":
            more["rejection"] = detail
        if outcome in ("filed", "converted"):
            more["lead_unit"] = self.plant.units[lead]
            more["assist_units"] = [self.plant.units[assist]] if assist else []
        motion_review.decide_motion(
            motion_id=motion.pk,
            outcome=outcome,
            reason=REASONS.get(detail) or REASONS[outcome],
            actor=self.officer,
            at=moment,
            **more,
        )

    def _handle(self, motion, words, day):
        """Let the department work on a filed motion, and the signers rate, as its fate wants it."""
        fate = words[7].partition(":")[0]
        if fate in ("merged", "rejected", "escalated", "withdrawn"):
            return
        waits = 41 if fate == "late" else self.rng.randint(12, 26)
        replied = day + waits * DAY
        outcome = CLASSES.get(fate, Outcome.SOLVED)
        promised = self.today + self.rng.randint(20, 90) * DAY if outcome in ("B", "C") else None
        promised = None if promised is None else min(promised, replied + 360 * DAY)
        self._reply(motion, words, replied, REPLY, outcome, promised, is_checked=fate != "converted")
        if fate == "converted":
            return
        if fate == "redone":
            self._rate(motion, replied + 3 * DAY, poor=self.rng.choice(POOR))
            again = replied + 12 * DAY
            self._reply(motion, words, again, SECOND, Outcome.SOLVED, None)
            replied = again
        self._rate(motion, replied + 5 * DAY)
        if fate == "best":
            motion_review.name_best(
                motion_id=motion.pk,
                reason=BEST[words[1] == "safety"],
                actor=self.officer,
                at=self._moment(replied + 20 * DAY, 10),
            )
        if fate in ("best", "archived"):
            fresh = motion_in_full(motion.pk)
            if fresh.inquiry.state == InquiryState.CLOSED:
                motion_review.archive_motion(
                    motion_id=motion.pk,
                    archive_no=f"TA-{self.term.number}-{fresh.call.session.number}-{fresh.serial:03d}",
                    actor=self.officer,
                    at=self._moment(replied + 30 * DAY, 15),
                )

    def _reply(self, motion, words, day, frame, outcome, promised, *, is_checked=True):
        lead, assist = words[5:7]
        plant, inquiry_id = self.plant, Motion.objects.values_list("inquiry_id", flat=True).get(pk=motion.pk)
        act = words[4].rstrip("。")
        if assist and frame is REPLY:
            feedback.contribute(
                inquiry_id=inquiry_id,
                text="同意主办部门意见，按职责配合落实。",
                actor=plant.handlers[assist],
                at=self._moment(day - 5 * DAY),
            )
        feedback.submit_reply(
            inquiry_id=inquiry_id,
            text=frame.format(lead=plant.units[lead].name, act=act),
            measures=act,
            outcome=outcome,
            promised_on=promised,
            template=None,
            actor=plant.handlers[lead],
            at=self._moment(day - 3 * DAY),
        )
        if is_checked:
            motion_replies.check_reply(
                motion_id=motion.pk, is_passed=True, comment="", actor=self.officer, at=self._moment(day - 2 * DAY)
            )
        feedback.approve_reply(inquiry_id=inquiry_id, actor=plant.heads[lead], at=self._moment(day - DAY))
        feedback.deliver_reply(
            inquiry_id=inquiry_id,
            channel=DeliveryChannel.PORTAL,
            delivered_on=local_day(self._moment(day)),
            place="",
            bulletin_no="",
            actor=self.officer,
            at=self._moment(day, 16),
        )

    def _rate(self, motion, day, *, poor=""):
        signers = signers_of(motion_in_full(motion.pk))
        if poor:
            signers = signers[:1]
        # All but the last as they would have left it; with the last the ratings are counted together.
        number = Inquiry.objects.values_list("round", flat=True).get(motion=motion)
        MotionRating.objects.bulk_create(
            MotionRating(
                motion=motion,
                mandate=mandate,
                round=number,
                level=self.rng.choice((3, 3, 3, 2)),
                at=self._moment(day + place * DAY),
            )
            for place, mandate in enumerate(signers[:-1])
        )
        motion_replies.rate_motion(
            motion_id=motion.pk,
            level=1 if poor else 3,
            comment=poor,
            actor=signers[-1].person,
            at=self._moment(day + len(signers) * DAY),
        )

    def _write_now(self, words, place):
        lead, assist, fate = words[5:]
        day = self.today - (16 - place) * DAY
        stage = fate if fate in ("draft", "seconding") else "submitted"
        motion = self._handed_in(words, place, day, stage=stage)
        if stage != "submitted" or fate == "group":
            return
        fresh = motion_in_full(motion.pk)
        if fresh.state == MotionState.GROUP_REVIEW:
            head = fresh.proposer.electing_unit.delegation.head
            motion_review.review_in_group(
                motion_id=motion.pk,
                is_passed=True,
                opinion="一事一案，建议具体，同意提交。",
                actor=head.person,
                at=self._moment(day + DAY),
            )
        if fate == "submitted":
            return
        self._decide(motion, (*words[:5], lead, assist, "filed"), [], day + 2 * DAY)
        if fate == "drafted":
            inquiry_id = Motion.objects.values_list("inquiry_id", flat=True).get(pk=motion.pk)
            feedback.contribute(
                inquiry_id=inquiry_id,
                text="已核对库存和采购周期，同意分两批采购。",
                actor=self.plant.handlers[assist],
                at=self._moment(day + 6 * DAY),
            )
            feedback.submit_reply(
                inquiry_id=inquiry_id,
                text=REPLY.format(lead=self.plant.units[lead].name, act=words[4].rstrip("。")),
                measures=words[4],
                outcome=Outcome.SOLVED,
                promised_on=None,
                template=None,
                actor=self.plant.handlers[lead],
                at=self._moment(day + 9 * DAY),
            )
