"""Duty reports (述职述廉): disclosed before anybody is rated."""

from django.db import models
from django.db.models import Q

from portal.accounts.models import Person
from portal.files.models import StoredFile

from .rounds import Subject


class DutyReport(models.Model):
    """What a subject reports on the own duty, or the recorded reason why there is none."""

    subject = models.OneToOneField(Subject, models.PROTECT, primary_key=True, related_name="report")
    file = models.OneToOneField(StoredFile, models.PROTECT, null=True, related_name="+")
    waived_reason = models.CharField(max_length=300, blank=True)
    by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="duty_report_is_there_or_waived",
                condition=(Q(file__isnull=False) & Q(waived_reason="")) | (Q(file__isnull=True) & ~Q(waived_reason="")),
            )
        ]

    def __str__(self):
        return str(self.subject)
