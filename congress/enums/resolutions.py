"""Resolutions (决议): how far the text, its tasks and the reports on it have come."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class ResolutionState(models.TextChoices):
    """Whether a resolution binds, and whether anything of it is still to be done."""

    DRAFT = "draft", pgettext_lazy("resolution", "being worded")
    ISSUED = "issued", pgettext_lazy("resolution", "being carried out")
    DONE = "done", pgettext_lazy("resolution", "carried out")
    REPLACED = "replaced", pgettext_lazy("resolution", "replaced by a later one")


RESOLUTION_TRANSITIONS = {
    ResolutionState.DRAFT: {ResolutionState.ISSUED},
    # Only the congress itself ends what it has resolved: by approving the last report, or by resolving otherwise.
    ResolutionState.ISSUED: {ResolutionState.DONE, ResolutionState.REPLACED},
    ResolutionState.DONE: set(),
    ResolutionState.REPLACED: set(),
}


class TaskState(models.TextChoices):
    """Whether a task of a resolution is still to be done."""

    OPEN = "open", pgettext_lazy("task", "under way")
    DONE = "done", pgettext_lazy("task", "done")
    DROPPED = "dropped", pgettext_lazy("task", "no longer owed")


TASK_TRANSITIONS = {
    TaskState.OPEN: {TaskState.DONE, TaskState.DROPPED},
    TaskState.DONE: set(),
    TaskState.DROPPED: set(),
}


class ReportKind(models.TextChoices):
    """What the next session is given on a resolution or a motion."""

    REPORT = "report", _("report on how it was carried out")
    REASON = "reason", _("reason why there is no report yet")


class ReportState(models.TextChoices):
    """What the delegates said of an implementation report."""

    GIVEN = "given", _("waits for the delegates")
    APPROVED = "approved", _("approved by the delegates")
    REJECTED = "rejected", _("not approved by the delegates")
    EXAMINED = "examined", _("examined by the delegates")


REPORT_TRANSITIONS = {
    ReportState.GIVEN: {ReportState.APPROVED, ReportState.REJECTED, ReportState.EXAMINED},
    **{state: set() for state in (ReportState.APPROVED, ReportState.REJECTED, ReportState.EXAMINED)},
}
