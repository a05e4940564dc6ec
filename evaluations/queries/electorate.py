"""Who rates in a round: computed from appointments, roster and congress, until the opening freezes it."""

from collections import Counter
from functools import partial

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
    groups = {}
    for group in round_.groups.all().prefetch_related("sources__unit"):
        for source in group.sources.all():
            for person in _people(source, at):
                groups.setdefault(person, group.code)
    barred = Counter(members_of(round_).values_list("person_id", flat=True))
    least = 1 if round_.grade == Grade.PRINTED_CODE else round_.subjects.count()
    listed = [person for person in groups if barred[person] < max(least, 1)]
    rows = Person.objects.filter(pk__in=listed, is_active=True).order_by("job_no").values_list("pk", flat=True)
    return [(person, groups[person]) for person in rows]


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
    read = _READERS.get(source.source) or partial(_by_role, ROLES.get(source.source))
    return read(source, at)


def _within(source, prefix=""):
    unit = source.unit
    if not source.with_units_below:
        return {f"{prefix}unit": unit}
    return {f"{prefix}unit__path__gte": unit.path, f"{prefix}unit__path__lt": unit.path_end}


def _by_role(roles, source, at):
    rows = Appointment.objects.current(at).filter(role__in=roles, **_within(source))
    return rows.values_list("person_id", flat=True)


def _staff(source, at):
    return Person.objects.filter(is_active=True, **_within(source)).values_list("pk", flat=True)


def _category(category, source, at):
    return Person.objects.filter(is_active=True, category=category, **_within(source)).values_list("pk", flat=True)


def _delegates(source, at):
    return Mandate.objects.live().filter(**_within(source, "term__")).values_list("person_id", flat=True)


_READERS = {
    Source.STAFF: _staff,
    Source.DELEGATES: _delegates,
    **{source: partial(_category, category) for source, category in CATEGORIES.items()},
}
