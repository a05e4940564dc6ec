"""Reads of publications: who may see which, with what is needed to show them."""

from django.db.models import Count, Prefetch, Q, UUIDField

from feedback.enums import InquiryState
from portal.accounts.authority import authority_of
from portal.kernel.prepared import PreparedInstances, Slot, hang
from portal.kernel.rows import only_one

from ..enums import CHAIN, PREPARING, Audience, PublicationState, Step
from ..models import Approval, Correction, Gap, Opinion, Publication, PublicationFile, Version, Withdrawal
from ..rules.sight import OVERSEERS, PREPARERS, SIGNERS

# What rules and working pages read with a publication: joined to it, and hung on it by one statement each.
JOINED = (
    "item",
    "unit",
    "department",
    "duty__promise",
    "drafted_by",
    "forced_by",
    "notice__promise",
    "notice__accepted_by",
)
HUNG = {
    "approvals": lambda: Approval.objects.select_related("by").order_by("round", "id"),
    "versions": lambda: Version.objects.order_by("number"),
    "files": lambda: PublicationFile.objects.filter(removed_at__isnull=True).select_related("file"),
    "corrections": lambda: Correction.objects.select_related("asked_by"),
    "withdrawals": lambda: Withdrawal.objects.select_related("asked_by"),
    "gaps": lambda: Gap.objects.all(),
}


def with_working_relations(rows):
    """Fetch with publications what rules and working pages read, one query a relation."""
    hung = [Prefetch(name, found()) for name, found in HUNG.items()]
    return rows.select_related(*JOINED).prefetch_related(*hung)


_ONE = PreparedInstances(
    lambda: Publication.objects.select_related(*JOINED).filter(pk=Slot("publication", UUIDField())).order_by(),
    by_key=True,
)
_OF_ONE = {
    name: PreparedInstances(
        lambda found=found: found().filter(publication=Slot("publication", UUIDField())), by_key=True
    )
    for name, found in HUNG.items()
}


def working_publication(pk):
    """
    Return a publication with the same, by prepared statements: each act on one begins with this.

    :raises Publication.DoesNotExist: if there is none.
    """
    publication = _ONE.one(publication=pk)
    if publication is None:
        raise Publication.DoesNotExist
    return hang_working_relations(publication)


def hang_working_relations(publication):
    """Hang on a publication that was read with what is joined whatever else rules and working pages read."""
    for name, found in _OF_ONE.items():
        hang(publication, name, found.all(publication=publication.pk))
    return publication


def opinions_by_state(publication):
    """Return [(state in words, how many)] of the inquiries that the opinions on a text have become, in their order."""
    rows = Opinion.objects.filter(publication=publication).values_list("inquiry__state").annotate(n=Count("pk"))
    counts = dict(rows.order_by())
    return [(state.label, counts[state.value]) for state in InquiryState if state.value in counts]


def inside(units, *, field="unit"):
    """Return a Q for rows whose unit lies within any of the given ones."""
    found = Q(pk__in=[])
    for unit in units:
        found |= Q(**{f"{field}__path__gte": unit.path, f"{field}__path__lt": unit.path_end})
    return found


def readable_by(user):
    """Return a Q for published texts whose audience includes the reader; the same answer as may_read_public."""
    if not getattr(user, "is_authenticated", False):
        return Q(audience=Audience.EVERYBODY)
    return readable_from(*reach_of(user))


def reach_of(user):
    """Return what decides which texts somebody may read: (paths of the own units, units read, units prepared for)."""
    own = [user.unit.path[:end] for end in range(4, len(user.unit.path) + 1, 4)]
    authority = authority_of(user)
    return own, authority.units(*PREPARERS, *OVERSEERS), authority.units(*PREPARERS)


def readable_from(own, read, prepared):
    """Return a Q for the texts that somebody with this reach may read."""
    found = Q(audience=Audience.EVERYBODY) | Q(audience=Audience.STAFF) | Q(audience=Audience.UNIT, unit__path__in=own)
    return found | inside(read) | inside(prepared, field="department")


def publications_appeared(user, at):
    """Return what has appeared and is for this reader, withdrawn ones with their tombstone."""
    return Publication.objects.appeared(at).filter(readable_by(user))


def publication_by_number(number, rows):
    """Return the publication of a public number such as "2026-0042", or None."""
    year, _dash, serial = number.partition("-")
    return only_one(rows.filter(year=int(year), serial=int(serial)))


def desk_publications(user):
    """Return the texts whose working page exists for this person; everything else is a 404."""
    authority = authority_of(user)
    prepared = inside(authority.units(*PREPARERS)) | inside(authority.units(*PREPARERS), field="department")
    signed = Q(pk__in=[])
    for step, roles in SIGNERS.items():
        signed |= inside(authority.units(*roles))
        if step in (Step.HEAD, Step.GROUP, Step.RATIFY):
            signed |= inside(authority.units(*roles), field="department")
    seen = prepared | (signed & ~Q(state=PublicationState.DRAFT))
    seen |= inside(authority.units(*OVERSEERS)) & ~Q(state__in=PREPARING)
    return Publication.objects.filter(seen).exclude(state=PublicationState.DISCARDED)


def awaiting_signature(user):
    """
    Return the texts that wait for a signature of one of this person's offices, the oldest first.

    Whether the person may sign (never the own text, never twice) the rule says;
    this is what the approver's inbox reads.
    """
    authority = authority_of(user)
    waiting = Q(pk__in=[])
    for state, steps in (
        (PublicationState.HEAD, (Step.HEAD,)),
        (PublicationState.SECRECY, (Step.SECRECY,)),
        (PublicationState.OPINION, (Step.UNION, Step.DISCIPLINE)),
        (PublicationState.GROUP, (Step.GROUP,)),
    ):
        for step in steps:
            units = authority.units(*SIGNERS[step])
            place = inside(units)
            if step in (Step.HEAD, Step.GROUP):
                place |= inside(units, field="department")
            waiting |= Q(state=state) & place
    return (
        with_working_relations(Publication.objects.filter(waiting, state__in=CHAIN))
        .exclude(drafted_by=user)
        .order_by("submitted_at", "pk")
    )
