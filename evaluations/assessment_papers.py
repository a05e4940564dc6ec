"""Assessments as a workbook of a year and as an official document: what their pages print and nothing else."""

from django.utils.translation import gettext as _

from portal.exports.official import Heading, OfficialDocument, Table, official_document
from portal.exports.workbook import Column, Sheet, make_workbook
from portal.kernel.days import local_day
from portal.kernel.texts import bracketed, colon, listing


def assessments_workbook(year, rows, points, *, at):
    """
    Return the workbook of a year's results.

    ``rows`` are dicts of a list's line (``assessment``, ``total``, ``standing``, ``vote``); ``points`` are
    [(unit, item, at most, self-assessment, group, reason)], points as numbers.
    """
    sheets = [
        Sheet(
            name=_("Results"),
            columns=[
                Column(_("Unit"), "text", 24),
                Column(_("Scheme"), "text", 30),
                Column(_("points of 100"), "number", 12),
                Column(_("State"), "text", 24),
                Column(_("Vote of the congress"), "text", 24),
            ],
            rows=[
                [
                    row["assessment"].unit.name,
                    row["assessment"].version.scheme.title,
                    row["assessment"].total,
                    row["standing"][1],
                    row["vote"].state.label if row["vote"] else "",
                ]
                for row in rows
            ],
        ),
        Sheet(
            name=_("Items"),
            columns=[
                Column(_("Unit"), "text", 24),
                Column(_("Item"), "text", 24),
                Column(_("At most"), "number", 10),
                Column(_("Self-assessment"), "number", 10),
                Column(_("Assessment group"), "number", 10),
                Column(_("Reason"), "text", 60),
            ],
            rows=points,
        ),
    ]
    return make_workbook(title=_("Assessment of units, %(year)s") % {"year": year}, sheets=sheets, notes=[], cut_off=at)


def assessment_document(assessment, lines, points, people, vote):
    """Return the .docx of one sheet: items with their points, figures and reasons, what is to be put right."""
    about = {"scheme": assessment.version.scheme.title, "number": assessment.version.number}
    body = [_("%(scheme)s, version %(number)s") % about]
    if assessment.state == "draft":
        body.append(_("Draft, the unit may object"))
    body.append(
        Table(
            columns=[_("Item"), _("At most"), _("Self-assessment"), _("Assessment group"), _("Reason")],
            rows=[
                *(
                    (row["line"].item.title, row["most"], row["own"] or "–", row["points"], row["line"].reason or "–")
                    for row in lines
                ),
                (_("Together"), "100", "", str(assessment.total), ""),
            ],
            widths=[42, 18, 20, 20, 56],
        )
    )
    figures = [(row["line"].item.title, figure["label"], figure["value"]) for row in lines for figure in row["figures"]]
    if figures:
        body += [
            Heading(_("Figures")),
            Table(columns=[_("Item"), _("Figures"), _("Value")], rows=figures, widths=[46, 50, 60]),
        ]
    if points:
        body.append(Heading(_("Rectification opinion")))
        body += [
            f"{point.place}. {point.line.item.title}{colon()}{point.demand}"
            + bracketed(f"{_('Due')} {point.promise.due_on}")
            for point in points
        ]
    if vote is not None:
        body += [Heading(_("Vote of the congress")), f"{vote.item.session.title}{colon()}{vote.state.label}"]
    body.append(f"{_('Assessment group')}{colon()}{listing().join(person.name for person in people)}")
    return official_document(
        OfficialDocument(
            title=str(assessment),
            body=body,
            signer=assessment.assessor.name,
            day=local_day(assessment.final_at or assessment.drafted_at),
        )
    )
