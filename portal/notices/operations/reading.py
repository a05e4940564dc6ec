"""Reading one's notices."""

from django.db import transaction

from portal.accounts.models import Person

from ..models import Reading
from ..queries import notices_for


@transaction.atomic
def read_notice(*, notice_id, actor):
    """
    Note that a person has read a notice, and return the notice.

    :raises Notice.DoesNotExist: when it lies on none of the person's desks.
    """
    notice = notices_for(actor).get(pk=notice_id)
    if not notice.is_read:
        Reading.objects.bulk_create([Reading(notice=notice, person=actor)], ignore_conflicts=True)
    return notice


@transaction.atomic
def read_all_notices(*, actor, until):
    """Note that a person has read everything up to a moment; never takes back what was read before."""
    person = Person.objects.select_for_update().get(pk=actor.pk)
    if person.notices_read_to is None or person.notices_read_to < until:
        person.notices_read_to = until
        person.save(update_fields=["notices_read_to"])
        Reading.objects.filter(person=person, notice__at__lte=until).delete()  # the date says the same
    actor.notices_read_to = person.notices_read_to
