"""Sign-in by job number and secret, with the same work for every answer."""

from django.contrib.auth.hashers import check_password, make_password
from django.db.models import DateTimeField, OuterRef, UUIDField
from django.utils import timezone

from portal.kernel.prepared import PreparedInstances, Rows, Slot

from . import beside
from .authority import GRANT, keep_authority
from .desks import own_desk
from .first_secret import read_first_secret
from .models import Appointment, Person


def _person():
    held = Appointment.objects.current(Slot("at", DateTimeField())).filter(person=OuterRef("pk"))
    rows = Person.objects.select_related("unit").filter(pk=Slot("person", UUIDField()))
    return rows.annotate(held=Rows(held, *GRANT), **beside.expressions()).order_by()


# Asked for every page of somebody signed in.
_PERSON = PreparedInstances(_person, by_key=True)


class JobNumberBackend:
    """
    Find the person who holds a job number and knows its secret.

    One hash is computed whether the number is unknown, the secret wrong, the
    person gone or everything right, so that time tells nothing about who is
    on the roster (test S8).
    """

    def authenticate(self, request, job_no=None, password=None, **kwargs):
        if job_no is None or password is None:
            return None
        person = Person.objects.select_related("unit").filter(job_no=job_no).first()
        if person is None:
            make_password(password)
            return None

        if person.has_to_change_secret:
            password = read_first_secret(password)

        def upgrade(raw):
            # A stronger hasher came in since: the one moment at which the secret is at hand.
            person.set_password(raw)
            Person.objects.filter(pk=person.pk).update(password=person.password)

        # Does the work for an unusable secret too.
        if not check_password(password, person.password, setter=upgrade):
            return None
        return person if person.is_active else None

    def get_user(self, user_id):
        """Return the person of a session with unit, authority and what stands beside, by one query; nobody who left."""
        at = timezone.now()  # noqa: TID251 -- a request's now
        person = _PERSON.one(person=user_id, own_desk=own_desk(user_id), at=at)
        if person is None or not person.is_active:
            return None
        keep_authority(person, person.held)
        return person
