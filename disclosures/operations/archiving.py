"""Archiving: the last thing that happens to a text."""

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from portal.kernel.verdicts import OperationRefused, require

from ..enums import PublicationState
from ..models import ArchiveNumber
from ..rules import may_archive
from ..validators import ARCHIVE_NO, ARCHIVE_NO_IS
from .core import locked, move, note, refile


def usual_archive_no(publication):
    """Return the archive number a text gets when nobody types another: DA- and its public number."""
    return f"DA-{publication.number}"


@transaction.atomic
def archive_publication(*, publication_id, archive_no, actor, at):
    """
    Give a text its archive number, once; one whose display is over is archived from then on.

    A withdrawn one keeps its state: whatever hides it looks there.

    :raises OperationRefused: with the reason, or when another text has the number.
    """
    publication = locked(publication_id)
    require(may_archive(actor, publication))
    number = archive_no or usual_archive_no(publication)
    if not ARCHIVE_NO.fullmatch(number):
        raise OperationRefused(ARCHIVE_NO_IS)
    publication.archive_no = number
    try:
        with transaction.atomic():
            ArchiveNumber.objects.create(publication=publication, number=number, by=actor, at=at)
    except IntegrityError as error:
        raise OperationRefused(_("Another text has this archive number.")) from error
    if publication.state == PublicationState.EXPIRED:
        move(publication, PublicationState.ARCHIVED, fields=("archive_no",))
    else:
        publication.save(update_fields=["archive_no"])
    refile(publication)
    note("publication.archived", publication, actor=actor, at=at, number=publication.number, archive_no=number)
    return publication
