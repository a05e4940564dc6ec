"""Tables of what must be shown."""

from .briefings import (
    AgendaItem,
    Briefing,
    BriefingAttendance,
    BriefingDuty,
    BriefingFigure,
    BriefingFile,
    BriefingMinutes,
    BriefingMove,
    BriefingPlan,
    BriefingQuestion,
)
from .bulletin import BulletinEntry, BulletinIssue, BulletinSeries
from .catalogue import Assignment, CatalogueItem, CatalogueVersion, Duty
from .consultations import (
    Consultation,
    ConsultationClause,
    ConsultationExtension,
    ConsultationGroup,
    ConsultationOpinion,
)
from .publications import (
    Approval,
    Correction,
    Gap,
    Notice,
    Publication,
    PublicationFile,
    PublicationSeries,
    Version,
    Withdrawal,
)
from .supervision import Acknowledgement, Opinion, ReadCount, Rectification, Subscription

__all__ = [
    "Acknowledgement",
    "AgendaItem",
    "Approval",
    "Assignment",
    "Briefing",
    "BriefingAttendance",
    "BriefingDuty",
    "BriefingFigure",
    "BriefingFile",
    "BriefingMinutes",
    "BriefingMove",
    "BriefingPlan",
    "BriefingQuestion",
    "BulletinEntry",
    "BulletinIssue",
    "BulletinSeries",
    "CatalogueItem",
    "CatalogueVersion",
    "Consultation",
    "ConsultationClause",
    "ConsultationExtension",
    "ConsultationGroup",
    "ConsultationOpinion",
    "Correction",
    "Duty",
    "Gap",
    "Notice",
    "Opinion",
    "Publication",
    "PublicationFile",
    "PublicationSeries",
    "ReadCount",
    "Rectification",
    "Subscription",
    "Version",
    "Withdrawal",
]
