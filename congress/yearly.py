"""
What a state firm puts on an agenda once a year at least (domain.md §3.3), with its source.

A catalogue in Python, as the catalogue of disclosures is: codes are kept with
the items and never renamed.
"""

from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from .enums import ItemKind


@dataclass(frozen=True)
class YearlyReport:
    """One report that is owed to the congress each year."""

    code: str
    title: object
    kind: str
    source: object


YEARLY = (
    YearlyReport(
        "work", _("Work report of the head of the enterprise"), ItemKind.CONSULT, _("Shanghai 职工代表大会条例 art. 10")
    ),
    YearlyReport(
        "integrity",
        _("Leaders' report on integrity: income, housing, telephone, official car, travel abroad"),
        ItemKind.SUPERVISE,
        _("监发〔1998〕4号"),
    ),
    YearlyReport(
        "hospitality",
        _("Hospitality spending: quota, actual, main items, compliance"),
        ItemKind.SUPERVISE,
        _("监发〔1998〕4号; Shandong 厂务公开条例 art. 14"),
    ),
    YearlyReport(
        "collective",
        _("Performance of the collective contract"),
        ItemKind.SUPERVISE,
        _("Shandong 厂务公开条例 art. 14; Shanghai 职工代表大会条例 art. 12"),
    ),
    YearlyReport(
        "welfare",
        _("Welfare fund: what was set aside and what it was used for"),
        ItemKind.SUPERVISE,
        _("Shandong 厂务公开条例 art. 14"),
    ),
    YearlyReport(
        "motions",
        _("Motions and resolutions of the last session: what became of them"),
        ItemKind.SUPERVISE,
        _("Shanghai 职工代表大会条例 art. 12"),
    ),
    YearlyReport(
        "safety",
        _("Work safety, serious hidden dangers and how they were dealt with"),
        ItemKind.SUPERVISE,
        _("安全生产法 art. 41; Shanghai 职工代表大会条例 art. 12"),
    ),
    YearlyReport(
        "insurance",
        _("Social insurance and training fund"),
        ItemKind.SUPERVISE,
        _("Shanghai 职工代表大会条例 art. 12"),
    ),
    YearlyReport(
        "appraisal",
        _("Duty reports of leaders and their appraisal"),
        ItemKind.APPRAISE,
        _("Shandong 厂务公开条例 art. 14; Henan 企业职工民主权利保障条例 art. 14"),
    ),
)
BY_CODE = {report.code: report for report in YEARLY}
