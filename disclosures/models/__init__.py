"""Tables of what must be shown."""

from .catalogue import Assignment, CatalogueItem, CatalogueVersion, Duty
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
    "Approval",
    "Assignment",
    "CatalogueItem",
    "CatalogueVersion",
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
