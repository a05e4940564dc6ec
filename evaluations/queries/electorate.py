"""Who rates in a round: computed from appointments, roster and congress, until the opening freezes it."""

from collections import Counter

from django.db.models import Case, Q, Value, When

from congress.models import Mandate
from portal.accounts.enums import Category, Role
from portal.accounts.models import Appointment, Person
from portal.ballots.enums import Grade

from ..enums import Source
from ..models import Subject

ROLES = {
    Source.LEADERS: [Role.LEADER_IN_CHARGE],
    Source.HEADS: [Role.DEPARTMENT_HEAD],
    Source.UNION: [Role.UNION_OFFICER, Role.UNION_CHAIR],
}
CATEGORIES = {
    Source.MANAGERS: Category.MANAGER,
    Source.TECHNICIANS: Category.TECHNICIAN,
    Source.FRONTLINE: Category.FRONTLINE,
}


def electorate_of(round_, at):
    """
    Return [(person's key, group's code)] in the order of the job numbers.

    Whoever belongs to several groups is in the first of them. Nobody rates
    himself: whoever could rate nobody else is left out; with codes from a box,
    where nobody knows who fills in a form, everybody who is rated is left out.
    """
    whens = [When(_made_up_of(group, at), then=Value(group.code)) for group in groups_of(round_)]
    if not whens:
        return []
    barred = Counter(members_of(round_).values_list("person_id", flat=True))
    least = 1 if round_.grade == Grade.PRINTED_CODE else max(round_.subjects.count(), 1)
    rows = Person.objects.filter(is_active=True).annotate(appraisal_group=Case(*whens, default=Value("")))
    listed = rows.exclude(appraisal_group="").order_by("job_no").values_list("pk", "appraisal_group")
    return [(person, group) for person, group in listed if barred[person] < least]


def groups_of(round_):
    """Return the voter groups of a round with what they are made up of."""
    return list(round_.groups.prefetch_related("sources__unit"))


def _made_up_of(group, at):
    found = Q(pk__in=[])
    for source in group.sources.all():
        found |= _people(source, at)
    return found


def members_of(round_):
    """Return the rows that say who does not rate which subject of a round."""
    return Subject.members.through.objects.filter(subject__round=round_)


def sizes_of(round_, electorate):
    """Return {subject's key: {group's code: how many may rate the subject}}."""
    groups = dict(electorate)
    totals = Counter(groups.values())
    sizes = {subject.pk: Counter(totals) for subject in round_.subjects.all()}
    for subject, person in members_of(round_).values_list("subject_id", "person_id"):
        if person in groups:
            sizes[subject][groups[person]] -= 1
    codes = [group.code for group in round_.groups.all()]
    return {subject: {code: found[code] for code in codes} for subject, found in sizes.items()}


def _people(source, at):
    """Return the condition that makes somebody one of a source's people."""
    if source.source == Source.STAFF:
        return Q(**_within(source))
    if source.source in CATEGORIES:
        return Q(category=CATEGORIES[source.source], **_within(source))
    if source.source == Source.DELEGATES:
        rows = Mandate.objects.live().filter(**_within(source, "term__"))
    else:
        rows = Appointment.objects.current(at).filter(role__in=ROLES[source.source], **_within(source))
    return Q(pk__in=rows.values("person"))


def _within(source, prefix=""):
    unit = source.unit
    if not source.with_units_below:
        return {f"{prefix}unit": unit}
    return {f"{prefix}unit__path__gte": unit.path, f"{prefix}unit__path__lt": unit.path_end}
