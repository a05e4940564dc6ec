"""Reads of the library: who may read which, what holds on a day, what changed since one."""

from django.db.models import Count, Q

from portal.accounts.authority import authority_of
from portal.kernel.rows import only_one
from portal.search.folding import fold

from ..enums import Audience, RegulationAct, RegulationState
from ..models import Regulation, RegulationLook, RegulationVersion
from ..models.regulations import holds_on
from ..rules.regulations import APPROVERS
from ..rules.sight import OVERSEERS, PREPARERS
from .publications import inside

# What lists show; a text is long and stays where it is.
LISTED = (
    *("id", "act", "number", "title", "document_number", "note", "in_force_from", "in_force_to", "news_on"),
    *("regulation__kind", "regulation__code", "regulation__category", "regulation__audience", "regulation__unit__name"),
)


def readable_regulations(user, prefix=""):
    """Return a Q for regulations whose audience includes the reader; the same answer as may_read_regulation."""

    def named(**conditions):
        return Q(**{f"{prefix}{name}": value for name, value in conditions.items()})

    found = named(audience=Audience.EVERYBODY)
    if not getattr(user, "is_authenticated", False):
        return found
    own = [user.unit.path[:end] for end in range(4, len(user.unit.path) + 1, 4)]
    units = authority_of(user).units(*PREPARERS, *APPROVERS, *OVERSEERS)
    found |= named(audience=Audience.STAFF) | named(audience=Audience.UNIT, unit__path__in=own)
    return found | inside(units, field=f"{prefix}unit")


def readable_versions_of_library(user):
    """Return the approved rows of all regulations that are for this reader, with what lists show."""
    return (
        RegulationVersion.objects.approved()
        .filter(readable_regulations(user, "regulation__"))
        .select_related("regulation__unit")
        .only(*LISTED)
    )


def regulation_by_code(code):
    """Return the regulation with this code that has been approved once, or None."""
    approved = RegulationVersion.objects.approved().values("regulation")
    return only_one(Regulation.objects.select_related("unit").filter(code=code, pk__in=approved))


def standing_rows(rows, standing, day):
    """Return the rows of the library with one standing on a day: in_force, coming, repealed, or all of them."""
    current = holds_on(day)
    if standing == "in_force":
        return rows.filter(current, act=RegulationAct.TEXT)
    if standing == "repealed":
        return rows.filter(current, act=RegulationAct.REPEAL)
    if standing == "coming":
        return rows.filter(in_force_from__gt=day)
    return rows.filter(current | Q(in_force_from__gt=day))


def holding_words(rows, words):
    """Return the rows whose code, title, document number or text hold all the words."""
    for term in fold(words).split():
        rows = rows.filter(folded__contains=term)
    return rows


def counts_by_category(rows):
    """Return {category: how many}, by one query."""
    found = rows.order_by().values("regulation__category").annotate(n=Count("pk"))
    return {row["regulation__category"]: row["n"] for row in found}


def changed_since(user, day, today):
    """Return what came into force, changed or was repealed from a day up to today, for this reader, newest first."""
    rows = readable_versions_of_library(user).filter(news_on__gte=day, news_on__lte=today)
    return rows.order_by("-news_on", "regulation__code")


def looked_on(user):
    """Return the day on which somebody last said that they had looked, or None."""
    if not user.is_authenticated:
        return None
    return RegulationLook.objects.filter(person=user).values_list("looked_on", flat=True).first()


def versions_of(regulation):
    """Return the approved rows of a regulation, the first one first, without their texts."""
    return list(
        RegulationVersion.objects.approved()
        .filter(regulation=regulation)
        .defer("body", "folded", "consulted")
        .order_by("in_force_from")
    )


def versions_at_desk(user):
    """Return the versions whose working page exists for this person; everything else is a 404."""
    authority = authority_of(user)

    def of(*roles):
        return inside(authority.units(*roles), field="regulation__unit")

    handed_on = Q(state__in=(RegulationState.WAITING, RegulationState.APPROVED))
    seen = of(*PREPARERS) | (of(*APPROVERS) & handed_on) | (of(*OVERSEERS) & Q(state=RegulationState.APPROVED))
    return (
        RegulationVersion.objects.filter(seen)
        .select_related("regulation__unit", "entered_by", "approved_by")
        .defer("body", "folded", "consulted")
    )


def regulations_to_approve(user):
    """Return what waits for this person's approval, the oldest first."""
    units = authority_of(user).units(*APPROVERS)
    rows = versions_at_desk(user).filter(inside(units, field="regulation__unit"), state=RegulationState.WAITING)
    return rows.exclude(entered_by=user).order_by("entered_at", "pk")


def misfiled(day):
    """Return the rows that the search has under another key than it should on a day, the first ones first."""
    current = holds_on(day)
    text = Q(state=RegulationState.APPROVED, act=RegulationAct.TEXT)
    is_coming = Q(filed_as__contains="@")
    wrong = (
        (text & current & (Q(filed_as="") | is_coming))
        | (text & Q(in_force_from__gt=day) & ~is_coming)
        | (~Q(filed_as="") & ~(text & (current | Q(in_force_from__gt=day))))
    )
    return RegulationVersion.objects.filter(wrong).order_by("pk")
