"""What the sealed box asks of a satisfaction poll: everybody of the unit, looked after by its union."""

import uuid

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from portal.ballots.owners import OwnerKind, register_owner
from portal.kernel.rows import only_one
from portal.kernel.verdicts import ALLOWED, denied

from .forms.satisfaction import SatisfactionBallot
from .models import SatisfactionPoll
from .operations.satisfaction import OWNER, count_forms, hear_poll
from .owner import EARLY, FORM_PAGES, LATE
from .queries.satisfaction import electorate_of, satisfaction_of, staff_of
from .rules.satisfaction import is_enough, may_poll_staff


def _electorate(poll, at):
    row = satisfaction_of(poll)
    return electorate_of(row.unit, row.k_breakdown)


def _may_manage(user, poll):
    # Asked once before the row is there: whoever draws it up has been asked for the unit by then.
    row = only_one(SatisfactionPoll.objects.select_related("unit").filter(pk=uuid.UUID(poll.owner_id)))
    return may_poll_staff(user, row.unit if row is not None else None)


def _may_open(poll, at):
    row = satisfaction_of(poll)
    return is_enough(staff_of(row.unit).count(), row.k_total)


def _may_do(poll, act):
    return denied(_("A satisfaction poll is held once a year and not repeated.")) if act == "repeat" else ALLOWED


def _page(poll):
    return reverse("evaluations:satisfaction", args=[uuid.UUID(poll.owner_id)])


def register():
    """Offer satisfaction polls as owners of polls; called once, from ``apps.ready()``."""
    register_owner(
        OwnerKind(
            OWNER,
            gettext_lazy("satisfaction poll"),
            electorate=_electorate,
            may_manage=_may_manage,
            place=lambda poll: satisfaction_of(poll).unit.name,
            may_open=_may_open,
            heard=hear_poll,
            may_do=_may_do,
            paper=SatisfactionBallot.of,
            count=count_forms,
            url=_page,
            read=lambda poll, user: _page(poll),
            pages=FORM_PAGES,
            early=EARLY,
            late=LATE,
        )
    )
