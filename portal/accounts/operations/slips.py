"""First secrets: made, shown once on a slip, stored only as a hash."""

import secrets
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

from django.contrib.auth.hashers import UNUSABLE_PASSWORD_PREFIX, make_password
from django.db import transaction
from django.utils.translation import gettext as _

from portal.kernel.verdicts import OperationRefused, require

from .. import acts
from ..first_secret import ALPHABET, FIRST_SECRET_LENGTH
from ..models import Person, Unit
from ..rules import may_print_slips, may_reset_secret
from .signing import bump_epochs

# A hash costs a quarter of a second on purpose: five sheets are what a page can wait for.
BATCH = 40


@dataclass(frozen=True)
class Slip:
    """A person and the first secret; exists only while the page with it is being made."""

    person: Person
    secret: str

    @property
    def groups(self):
        """The secret in two halves, easier to read from paper."""
        half = len(self.secret) // 2
        return [self.secret[:half], self.secret[half:]]


def new_secret():
    """Return a random first secret, in letters and digits that cannot be taken for one another."""
    return "".join(secrets.choice(ALPHABET) for _place in range(FIRST_SECRET_LENGTH))


def _hashed(count):
    """Return pairs of secret and hash; the hashing library works on several cores at once."""
    made = [new_secret() for _one in range(count)]
    with ThreadPoolExecutor(max_workers=4) as pool:
        return list(zip(made, pool.map(make_password, made), strict=True))


def people_without_secret(unit):
    """Return the people of a unit and below who have never been given a secret."""
    people = Person.objects.filter(
        is_active=True, password__startswith=UNUSABLE_PASSWORD_PREFIX, unit__in=Unit.objects.under(unit)
    )
    return people.select_related("unit").order_by("unit__path", "job_no")


def print_slips(*, unit_id, actor, at):
    """
    Make first secrets for up to forty people of a unit who have none; return their slips.

    The hashes are computed before the transaction, so that no writer waits for them.
    """
    unit = Unit.objects.get(pk=unit_id)
    require(may_print_slips(actor, unit))
    keys = list(people_without_secret(unit).values_list("pk", flat=True)[:BATCH])
    pairs = _hashed(len(keys))
    with transaction.atomic():
        require(may_print_slips(actor, Unit.objects.get(pk=unit_id)))
        people = people_without_secret(unit).select_for_update(of=("self",)).filter(pk__in=keys)
        return _give(list(people), pairs, actor=actor, at=at)


def reset_secret(*, person_id, actor, at):
    """
    Give one person a new first secret and end their sessions; return the slip.

    :raises OperationRefused: when the actor may not (rules.may_reset_secret says who may).
    """
    pairs = _hashed(1)
    with transaction.atomic():
        person = Person.objects.select_for_update(of=("self",)).select_related("unit").get(pk=person_id)
        if actor != "system":
            require(may_reset_secret(actor, person))
        if not person.is_active:
            raise OperationRefused(_("This person has left already."))
        return _give([person], pairs, actor=actor, at=at)[0]


def _give(people, pairs, *, actor, at):
    slips = []
    for person, (secret, hashed) in zip(people, pairs, strict=False):
        person.password, person.has_to_change_secret = hashed, True
        slips.append(Slip(person, secret))
    Person.objects.bulk_update(people, ["password", "has_to_change_secret"])
    bump_epochs(Person.objects.filter(pk__in=[person.pk for person in people]))
    acts.record_many(
        [{"verb": "person.secret_reset", "subject": person, "actor": actor, "at": at} for person in people]
    )
    return slips
