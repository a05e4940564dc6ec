"""Reads of motions: one with all that its rules ask, the lists of readers, of a delegate, of the committee."""

from django.db.models import Case, Count, IntegerField, Prefetch, Q, UUIDField, Value, When, prefetch_related_objects

from feedback.enums import InquiryState, Route
from feedback.models import Assignment, Inquiry, Rating, Reply
from portal.accounts.authority import authority_of
from portal.accounts.models import Unit
from portal.accounts.rules import UNION_DESK
from portal.kernel.prepared import Prepared, PreparedInstances, Row, Slot, instance_of

from ..enums import (
    FILED_STATES,
    PUBLIC_STATES,
    BodyKind,
    MandateState,
    MotionState,
    OfferState,
    SessionState,
    SignatureState,
)
from ..models import (
    Body,
    BodyMember,
    Mandate,
    Motion,
    MotionCall,
    MotionOffer,
    MotionRating,
    Session,
    Signature,
    Term,
)
from .terms import nearest_path

S = MotionState
# No more than what every motion has; the term is that of proposer and session, the unit that of the term.
JOINED = (
    "term__unit",
    "proposer__person__unit",
    "proposer__electing_unit__unit",
    "proposer__electing_unit__delegation__head",
    "call__session",
    "call__committee",
    "decision",
    "inquiry__promise",
    "inquiry__lead_unit",
)


_ONE = PreparedInstances(
    lambda: Motion.objects.filter(pk=Slot("pk", UUIDField())).select_related(*JOINED).order_by(), by_key=True
)


def motion_in_full(pk):
    """Return a motion with what its page and its rules read, or None."""
    motion = _ONE.one(pk=pk)
    if motion is None:
        return None
    motion.proposer.term = motion.term
    signatures = Signature.objects.select_related("mandate__person", "mandate__electing_unit__unit")
    wanted = [Prefetch("signatures", signatures.order_by("invited_at", "pk"))]
    if motion.call is not None:
        motion.call.session.term = motion.term
        members = BodyMember.objects.select_related("mandate")
        wanted += [Prefetch("call__committee__members", members), Prefetch("merged", merged_motions())]
    if motion.merged_into_id is not None:
        into = Motion.objects.select_related("inquiry", "call__session", "term")
        wanted.append(Prefetch("merged_into", into))
    if motion.inquiry is not None:
        motion.inquiry.unit = motion.term.unit
        replies = Reply.objects.select_related("delivery", "approved_by", "drafted_by").order_by("round")
        wanted += [
            "ratings",
            Prefetch("inquiry__ratings", Rating.objects.order_by("round")),
            Prefetch("inquiry__replies", replies),
            Prefetch("inquiry__assignments", Assignment.objects.select_related("unit").order_by("pk")),
        ]
    prefetch_related_objects([motion], *wanted)
    for one in motion.signatures.all():
        one.mandate.term = motion.term
    return motion


def merged_motions():
    """Return motions that were merged into others, with their proposers and seconders."""
    signatures = Signature.objects.select_related("mandate__person", "mandate__electing_unit__unit")
    return (
        Motion.objects.filter(state=S.MERGED)
        .select_related("proposer__person", "proposer__electing_unit__unit", "call__session", "term")
        .prefetch_related(Prefetch("signatures", signatures.order_by("invited_at", "pk")))
        .order_by("serial", "pk")
    )


def signers_of(motion):
    """Return the mandates of all who are answered: proposers and seconders, also of what was merged into it."""
    found = {}
    for one in (motion, *motion.merged.all()):
        for mandate in (one.proposer, *(s.mandate for s in one.signatures.all() if s.state == SignatureState.SIGNED)):
            found.setdefault(mandate.pk, mandate)
    return list(found.values())


def signing_mandate(motion, user):
    """Return the mandate with which somebody signed a motion or one merged into it, or None."""
    return next((mandate for mandate in signers_of(motion) if mandate.person_id == user.pk), None)


def sitting_mandate(user, day):
    """Return the mandate of a delegate whose term runs on a day, or None; the enterprise's first."""
    if not user.is_authenticated:
        return None
    rows = Mandate.objects.filter(
        person=user, state=MandateState.ACTIVE, term__begins_on__lte=day, term__ends_on__gte=day
    )
    return (
        rows.select_related("term__unit", "electing_unit__unit", "electing_unit__delegation__head")
        .order_by("term__unit__path", "-term__number")
        .first()
    )


def open_call(term, day):
    """Return the call that takes the motions of a term on a day, or the latest one, or None."""
    rows = MotionCall.objects.filter(session__term=term, opens_on__lte=day).exclude(
        session__state=SessionState.CANCELLED
    )
    rows = rows.select_related("session__term__unit", "committee", "promise")
    return rows.order_by("-closes_on", "pk").first()


def colleagues_to_ask(motion):
    """Return the delegates of the term who may be asked to second: all but the proposer and those asked already."""
    asked = [one.mandate_id for one in motion.signatures.all() if one.state in ("invited", "signed")]
    return list(
        Mandate.objects.filter(term=motion.term_id, state=MandateState.ACTIVE)
        .exclude(pk__in=[motion.proposer_id, *asked])
        .select_related("electing_unit__unit", "electing_unit__delegation")
        .order_by("electing_unit__unit__path", "seat")
    )


def public_motions():
    """Return the motions that everybody may read; the list of everybody's."""
    shown = {"is_published": True, "route": Route.ORDINARY, "hidden_class": ""}
    own = Q(state__in=FILED_STATES, **{f"inquiry__{name}": value for name, value in shown.items()})
    merged = Q(state=S.MERGED) & (
        Q(**{f"merged_into__inquiry__{name}": value for name, value in shown.items()})
        | Q(merged_into__state=S.ESCALATED)
    )
    return _listed(Motion.objects.filter(Q(state__in=PUBLIC_STATES) & (own | merged | Q(state=S.ESCALATED))))


def _listed(rows):
    return rows.select_related(
        "term__unit",
        "call__session",
        "proposer__electing_unit__unit",
        "inquiry__promise",
        "inquiry__unit",
        "inquiry__lead_unit",
        "merged_into__inquiry__promise",
        "merged_into__inquiry__lead_unit",
    )


def calls_known():
    """Return all calls with their session and term, the latest first."""
    return MotionCall.objects.select_related("session__term__unit", "committee", "promise").order_by("-opens_on", "pk")


def sessions_without_call(user):
    """Return the sessions ahead for which somebody of the union may call for motions; nothing for everybody else."""
    units = authority_of(user).units(*UNION_DESK) if user.is_authenticated else []
    if not units:
        return []
    kept = Q(pk__in=[])
    for unit in units:
        kept |= Q(term__unit__path__gte=unit.path, term__unit__path__lt=unit.path_end)
    rows = Session.objects.ahead().filter(kept, motion_call__isnull=True)
    return list(rows.select_related("term__unit", "motion_call").order_by("opens_at", "pk")[:5])


def call_in_full(pk):
    """Return a call with the committee's members, or None."""
    members = BodyMember.objects.select_related("mandate")
    return calls_known().prefetch_related(Prefetch("committee__members", members)).filter(pk=pk).first()


def motions_of_call(call):
    """Return all motions handed in on a call, as the committee's board shows them."""
    return (
        _listed(Motion.objects.filter(call=call).exclude(state=S.DRAFT)).select_related("decision").order_by("serial")
    )


def own_motions(user):
    """Return the motions of which somebody is the lead proposer, the latest first."""
    return _listed(Motion.objects.filter(proposer__person=user)).annotate(
        signed=Count("signatures", filter=Q(signatures__state=SignatureState.SIGNED))
    )


def signatures_of(user):
    """Return where somebody was asked to second or has seconded: what waits first, the latest first."""
    first = Case(When(state=SignatureState.INVITED, then=Value(0)), default=Value(1), output_field=IntegerField())
    return (
        Signature.objects.filter(mandate__person=user)
        .exclude(motion__state=S.DRAFT)
        .select_related(
            "motion__term__unit",
            "motion__call__session",
            "motion__proposer",
            "motion__inquiry__promise",
            "motion__inquiry__lead_unit",
            "motion__merged_into__inquiry__promise",
        )
        .annotate(place=first)
        .order_by("place", "-invited_at", "-pk")
    )


def is_asked_to_second(user, pk):
    """Whether somebody was asked to second a motion and has not answered."""
    waiting = {"state": SignatureState.INVITED, "motion__state__in": (S.SECONDING, S.GROUP_REVIEW, S.SUBMITTED)}
    return Signature.objects.filter(motion_id=pk, mandate__person=user, **waiting).exists()


def motions_to_rate(user):
    """Return the answered motions that somebody signed and has not rated in this round, by two statements."""
    signed = Q(proposer__person=user) | Q(signatures__mandate__person=user, signatures__state=SignatureState.SIGNED)
    merged = Q(merged__state=S.MERGED) & (
        Q(merged__proposer__person=user)
        | Q(merged__signatures__mandate__person=user, merged__signatures__state=SignatureState.SIGNED)
    )
    rows = Motion.objects.filter(
        signed | merged, state=S.FILED, inquiry__state__in=(InquiryState.ANSWERED, InquiryState.TRACKED)
    )
    rows = rows.filter(inquiry__rating__isnull=True)
    found = list(_listed(rows.distinct()).order_by("inquiry__answered_on", "pk"))
    rated = set(MotionRating.objects.filter(motion__in=found, mandate__person=user).values_list("motion_id", "round"))
    return [one for one in found if (one.pk, one.inquiry.round) not in rated]


def groups_waiting(user):
    """Return the motions that wait for the delegation somebody heads."""
    return list(
        _listed(
            Motion.objects.filter(state=S.GROUP_REVIEW, proposer__electing_unit__delegation__head__person=user).exclude(
                proposer__person=user
            )
        ).order_by("handed_in_at", "pk")
    )


def offers_waiting(user):
    """Return what was brought to somebody as a delegate and waits for an answer."""
    return list(
        MotionOffer.objects.filter(mandate__person=user, state=OfferState.WAITING)
        .select_related("author__unit", "mandate")
        .order_by("offered_on", "pk")
    )


def own_offers(user):
    """Return what somebody brought to delegates, as far as the portal still knows whose it was."""
    return list(
        MotionOffer.objects.filter(author=user)
        .select_related("mandate", "motion__call__session", "motion__term")
        .order_by("-offered_on", "pk")[:50]
    )


def delegates_for(user, day):
    """Return the delegates of the electing unit somebody belongs to, of the term that runs; others than themselves."""
    found = []
    for term in Term.objects.running(day).select_related("unit").order_by("unit__path", "-number"):
        if not term.unit.covers(user.unit):
            continue
        paths = set(term.electing_units.values_list("unit__path", flat=True))
        if (home := nearest_path(user.unit.path, paths)) is None:
            continue
        found += Mandate.objects.filter(
            term=term, electing_unit__unit__path=home, state=MandateState.ACTIVE
        ).exclude(person=user).select_related("electing_unit__unit", "term__unit").order_by("seat")  # fmt: skip
    return found


def committees_to_choose(term):
    """Return the committees of a term that may examine motions, the one that says so first."""
    rows = list(Body.objects.filter(term=term, kind=BodyKind.COMMITTEE).order_by("decided_on", "name"))
    return sorted(rows, key=lambda body: "提案" not in body.name + body.remit)


def committees_of(user):
    """Return the calls whose motions somebody examines, or keeps as the union, the latest first."""
    seen = Q(committee__members__mandate__person=user, committee__members__mandate__state=MandateState.ACTIVE)
    for unit in authority_of(user).units(*UNION_DESK):
        seen |= Q(session__term__unit__path__gte=unit.path, session__term__unit__path__lt=unit.path_end)
    return list(calls_known().filter(seen).distinct())


def motion_of_inquiry(inquiry):
    """Return the motion of an inquiry with its committee and its signers, or None for what is none."""
    signatures = Signature.objects.select_related("mandate__person").order_by("invited_at", "pk")
    rows = Motion.objects.filter(inquiry_id=inquiry.pk).select_related(
        "term__unit", "proposer__person", "call__committee"
    )
    return rows.prefetch_related(Prefetch("signatures", signatures), Prefetch("merged", merged_motions())).first()


def to_merge_into(motion):
    """Return the motions of the same call into which another may be merged: none of which a reply is drafted."""
    waiting = Q(state=S.SUBMITTED) | Q(
        state=S.FILED,
        inquiry__state__in=(InquiryState.SUBMITTED, InquiryState.REGISTERED, InquiryState.ASSIGNED),
        inquiry__round=1,
    )
    return list(
        Motion.objects.filter(waiting, call=motion.call_id)
        .exclude(pk=motion.pk)
        .select_related("call__session", "term", "proposer", "inquiry")
        .order_by("serial")
    )


def undecided(call):
    """Whether a motion of a call still waits for the delegation or the committee."""
    return Motion.objects.filter(call=call, state__in=(S.GROUP_REVIEW, S.SUBMITTED)).exists()


def share_of_motions(person):
    """Return what motions keep under a person's name, for that person to take away."""
    return {
        "motions": list(
            Motion.objects.filter(proposer__person=person)
            .order_by("written_at")
            .values("title", "cause", "grounds", "proposal", "state", "written_at")
        ),
        "seconded": list(
            Signature.objects.filter(mandate__person=person)
            .order_by("invited_at")
            .values("motion__title", "state", "invited_at", "signed_at")
        ),
        "ratings": list(
            MotionRating.objects.filter(mandate__person=person)
            .order_by("at")
            .values("motion__title", "round", "level", "comment", "at")
        ),
        "brought_to_delegates": list(
            MotionOffer.objects.filter(author=person, is_named=True)
            .order_by("offered_on")
            .values("title", "text", "state", "answer", "offered_on")
        ),
    }


def lead_units():
    """Return the units that lead an inquiry of a motion, for the filter: found by looking at every motion there is."""
    return _LEAD_UNITS.all()


def calls_to_choose():
    """Return the latest hundred calls with their days and what names their session, for the filter."""
    return [instance_of(MotionCall, CALL, line) for (line,) in _CALLS.rows()]


def _leading():
    keys = Inquiry.objects.filter(motion__isnull=False, lead_unit__isnull=False).values("lead_unit")
    return Unit.objects.filter(pk__in=keys).select_related("parent").order_by("path")


# The filters of the list ask these two at every look, and to compile them costs more than to ask.
_LEAD_UNITS = PreparedInstances(_leading)
_CALLS = Prepared(
    lambda: MotionCall.objects.order_by("-opens_on", "pk").values_list(Row(*CALL))[:MOST_CALLS], by_key=True
)
MOST_CALLS = 100
CALL = (
    *("id", "opens_on", "closes_on", "session__id", "session__number", "session__term__id", "session__term__number"),
    *("session__term__noun", "session__term__unit__id", "session__term__unit__name"),
)
