"""The register of the archive: which text has which number."""

from django.db import models

from portal.accounts.models import Person

from .publications import Publication


class ArchiveNumber(models.Model):
    """A number of the file archive, given to one text once; adding one is the check."""

    publication = models.OneToOneField(Publication, models.PROTECT, related_name="+", primary_key=True)
    number = models.CharField(max_length=40, unique=True)
    by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    at = models.DateTimeField()
