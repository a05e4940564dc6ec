"""What the demo's disclosures leave open: something in every state, so that every desk has work."""

import datetime as dt
import uuid

from disclosures.enums import (
    Frequency,
    NoticeOutcome,
    PublicationKind,
    PublicationState,
    Step,
    VersionKind,
    WithdrawalReason,
)
from disclosures.models import (
    Approval,
    Correction,
    Duty,
    Notice,
    Publication,
    Rectification,
    Version,
    Withdrawal,
)
from disclosures.rules import steps_for
from disclosures.texts import fingerprint_of
from portal.deadlines.operations import make_promise
from portal.kernel.days import local_day

from .announcements import PERIOD_TEXTS
from .scribe import moment_of
from .tables import with_table

S = PublicationState


def leave_open(scribe):
    """Decide notices, and leave drafts, texts to sign, one forced, corrected, withdrawn, two flagged."""
    left = _Leftovers(scribe)
    left.decide_notices()
    left.leave_open()


class _Leftovers:
    """Writes the special cases of a scribe's texts."""

    def __init__(self, scribe):
        self.scribe = scribe

    def decide_notices(self):
        """Enter the outcomes of notices that are over, all but the latest few."""
        over = list(
            Notice.objects.filter(closed_on__isnull=False)
            .select_related("publication__drafted_by", "promise")
            .order_by("closed_on", "pk")
        )
        kept = []
        for notice in over[:-2]:
            notice.outcome = NoticeOutcome.NO_OBJECTION if self.scribe.rng.random() < 0.94 else NoticeOutcome.UNFOUNDED
            if notice.outcome == NoticeOutcome.UNFOUNDED:
                notice.outcome_note = "收到实名异议一件，经纪检核查，所反映情况不属实，已向反映人反馈。"
            notice.outcome_by = notice.publication.drafted_by
            notice.outcome_at = moment_of(notice.closed_on + dt.timedelta(days=1), self.scribe.rng, 10)
            notice.promise.met_at, notice.promise.next_at = max(notice.outcome_at, notice.publication.publish_at), None
            kept.append(notice)
        for notice in kept:
            notice.save(update_fields=["outcome", "outcome_note", "outcome_by", "outcome_at"])
            notice.promise.save(update_fields=["met_at", "next_at"])

    def leave_open(self):
        """Leave something in every state: drafts, texts to sign, one forced, corrected, withdrawn, two flagged."""
        texts = [text for text in self.scribe.texts if text.kind == PublicationKind.ANNOUNCEMENT]
        shown = [text for text in texts if text.shown_until >= self.scribe.today]
        past = [text for text in texts if text.shown_until < self.scribe.today]
        self._on_their_way()
        if past:
            self._flag(past[-1], is_done=True)
            self._correct(past[-3 if len(past) > 2 else 0])
        if len(past) > 8:
            self._withdraw(past[-8])
        if shown:
            self._flag(shown[0], is_done=False)
            # An accident cannot wait; a rule of shuttle buses could.
            self._force(next((text for text in reversed(shown) if text.item.code == "D02"), shown[-1]))

    def _on_their_way(self):
        open_duties_ = list(
            Duty.objects.filter(
                promise__met_at__isnull=True, promise__ended_at__isnull=True, unit__code__in=("YX", "HF", "YJ")
            )
            .exclude(frequency=Frequency.EVENT)
            .select_related("item", "unit", "department", "promise")
            .order_by("-ends_on", "unit__path", "item__code")[:6]
        )
        rows, approvals = [], []
        for duty, state in zip(open_duties_, (S.DRAFT, S.HEAD, S.SECRECY, S.GROUP, S.HEAD, S.DRAFT), strict=False):
            title, body = PERIOD_TEXTS[duty.item.code](duty, self.scribe.rng)
            drafted = self.scribe.at - dt.timedelta(days=1, hours=self.scribe.rng.randint(1, 5))
            text = Publication(
                id=uuid.UUID(int=self.scribe.rng.getrandbits(128), version=4),
                item=duty.item,
                unit=duty.unit,
                department=duty.department,
                duty=duty,
                state=state,
                title=title,
                body=with_table(duty.item.code, duty.unit, title, body),
                basis=duty.item.legal_basis,
                method="班组核分，车间会议评议，工会小组复核。",
                objections_heard="无。",
                display_days=15,
                drafted_by=self.scribe.handler(duty.unit, duty.department),
                drafted_at=drafted,
                submitted_at=None if state == S.DRAFT else drafted + dt.timedelta(minutes=30),
                idempotency_key=uuid.UUID(int=self.scribe.rng.getrandbits(128), version=4),
            )
            rows.append(text)
            order = {S.HEAD: 0, S.SECRECY: 1, S.GROUP: len(steps_for(text)) - 1}
            for step in steps_for(text)[: order.get(state, 0)]:
                approvals.append(
                    Approval(
                        publication=text,
                        round=1,
                        step=step,
                        is_granted=True,
                        note="",
                        by=self.scribe.signer(text, step),
                        at=drafted + dt.timedelta(hours=2),
                    )
                )
        Publication.objects.bulk_create(rows)
        Approval.objects.bulk_create(approvals)

    def _flag(self, text, *, is_done):
        flagged = min(text.publish_at + dt.timedelta(days=2), self.scribe.at - dt.timedelta(hours=3))
        flag = Rectification(
            id=uuid.UUID(int=self.scribe.rng.getrandbits(128), version=4),
            publication=text,
            reason="incomplete",
            demand="请补充各班组扣分明细和复核途径，数据与财务口径核对一致。",
            flagged_by=self.scribe.inspectors.get(text.unit.code) or self.scribe.plant.inspectors[0],
            flagged_at=flagged,
        )
        flag.promise = make_promise(
            kind="disclosure.rectify",
            subject=f"disclosures.rectification:{flag.pk}",
            unit=text.owner,
            started_on=local_day(flagged),
            at=flagged,
        )
        if is_done:
            flag.done, flag.done_by, flag.done_at = (
                "已补充明细附表，并在班前会说明。",
                text.drafted_by,
                flagged + dt.timedelta(days=1),
            )
            flag.is_accepted, flag.checked_by = True, flag.flagged_by
            flag.checked_at = flagged + dt.timedelta(days=1, hours=5)
            flag.promise.met_at, flag.promise.next_at = flag.done_at, None
            flag.promise.save(update_fields=["met_at", "next_at"])
        flag.save(force_insert=True)

    def _correct(self, text):
        first = next(version for version in self.scribe.versions if version.publication is text)
        texts = {name: getattr(first, name) for name in ("title", "basis", "method", "objections_heard")}
        texts["body"] = f"{first.body}\n<p>更正：本月人均金额由“2360元”更正为“2630元”，其余内容不变。</p>"
        moment = text.publish_at + dt.timedelta(days=3)
        leader = self.scribe.signer(text, Step.GROUP)
        Correction.objects.create(
            publication=text,
            title=text.title,
            body=texts["body"],
            note="人均金额笔误",
            asked_by=text.drafted_by,
            asked_at=moment - dt.timedelta(hours=4),
            decided_by=leader,
            decided_at=moment,
            is_granted=True,
        )
        Version.objects.create(
            publication=text,
            number=2,
            kind=VersionKind.CORRECTION,
            note="人均金额笔误",
            fingerprint=fingerprint_of(text.number, texts),
            shown_from=moment,
            by=text.drafted_by,
            approved_by=leader,
            **texts,
        )

    def _withdraw(self, text):
        moment = text.publish_at + dt.timedelta(days=6)
        Withdrawal.objects.create(
            publication=text,
            reason_code=WithdrawalReason.WRONG,
            reason="统计口径有误，核实后重新公开。",
            is_early=True,
            asked_by=text.drafted_by,
            asked_at=moment - dt.timedelta(hours=3),
            decided_by=self.scribe.signer(text, Step.GROUP),
            decided_at=moment,
            is_granted=True,
            answer="同意，五日内重新公开。",
        )
        Publication.objects.filter(pk=text.pk).update(state=S.WITHDRAWN)

    def _force(self, text):
        reason = "事发突然，须当日告知全体职工。"
        forced_by = self.scribe.chairs.get(text.unit.code) or self.scribe.plant.chair
        Publication.objects.filter(pk=text.pk).update(is_forced=True, force_reason=reason, forced_by=forced_by)
        Approval.objects.filter(publication=text).exclude(step=Step.HEAD).delete()
        make_promise(
            kind="publication.ratify",
            subject=f"disclosures.publication:{text.pk}",
            unit=text.owner,
            started_on=local_day(text.publish_at),
            at=text.publish_at,
        )
