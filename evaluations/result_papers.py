"""Results of a round as a workbook and as an official document: the printed figures and nothing else."""

from django.utils.translation import gettext as _

from portal.exports.official import Heading, OfficialDocument, Table, official_document
from portal.exports.workbook import Column, Sheet, make_workbook
from portal.kernel.days import local_day
from portal.kernel.texts import bracketed, colon, comma, semicolon, stop

TEXT_WIDTH = 156  # mm, of an official document


def results_workbook(round_, readings, *, at):
    """Return the workbook: a line for each person rated, the dimensions, how answers are spread, groups."""
    sheets = [
        Sheet(
            name=_("Results"),
            columns=[
                Column(_("Who is rated"), "text", 16),
                Column(_("Post"), "text", 20),
                Column(_("Score"), "score", 12),
                Column(_("Grade class"), "text", 12),
                Column(_("Raters, to the nearest five"), "whole", 12),
                Column(_("Mean of all results"), "score", 12),
                Column(_("What does not count"), "text", 60),
            ],
            rows=[
                [
                    subject.name,
                    subject.post,
                    _number(one.score or one.why),
                    one.grade_class,
                    one.raters or None,
                    _number(one.mean),
                    " ".join(one.left),
                ]
                for subject, one in readings
            ],
        ),
        Sheet(
            name=_("Dimensions"),
            columns=[
                Column(_("Who is rated"), "text", 16),
                Column(_("Dimension"), "text", 16),
                Column(_("Weight"), "exact", 10),
                Column(_("Score"), "score", 16),
                Column(_("Mean of all"), "score", 12),
                Column(_("Spread of answers"), "text", 60),
            ],
            rows=[
                [
                    subject.name,
                    row.name,
                    _number(row.weight),
                    _number(row.score),
                    _number(row.mean),
                    spread_words(row.spread),
                ]
                for subject, one in readings
                for row in one.dimensions
            ],
        ),
        Sheet(
            name=_("Groups"),
            columns=[
                Column(_("Who is rated"), "text", 16),
                Column(_("Voter group"), "text", 16),
                Column(_("Weight"), "exact", 10),
                Column(_("Share of the total"), "text", 12),
                Column(_("Score"), "score", 20),
            ],
            rows=[
                [subject.name, name, _number(weight), used, _number(score)]
                for subject, one in readings
                for name, weight, used, score in one.groups
            ],
        ),
    ]
    notes = [
        (_("Score"), _("exact, rounded only here; half up to two decimals")),
        (_("Not shown"), _("what could point at few people, or be used to compute it")),
    ]
    return make_workbook(title=round_.title, sheets=sheets, notes=notes, cut_off=at)


def _number(printed):
    """Return a printed score or weight as the number that a sheet can count with; words, and 1/3, stay as they are."""
    try:
        return float(printed)
    except ValueError:
        return printed


def spread_words(spread):
    """Return how answers fall into the bands, in one line."""
    return comma().join(f"{band} {share}" for band, share in spread)


def results_document(round_, readings):
    """Return the .docx for the leading group: the table of results, then each person."""
    facts = round_.publication.facts
    body = [
        _(
            "Forms: %(issued)s people could rate, %(returned)s forms came in, of which %(valid)s were valid and"
            " %(void)s void."
        )
        % {key: facts[key] for key in ("issued", "returned", "valid", "void")},
        Table(
            columns=[_("Who is rated"), _("Score"), _("Grade class")],
            rows=[(subject.name, one.score or one.why, one.grade_class or "–") for subject, one in readings],
            widths=[56, 60, 40],
        ),
    ]
    for subject, one in readings:
        body.append(Heading(subject.name + (bracketed(subject.post) if subject.post else "")))
        said = semicolon().join(f"{term}{colon()}{value}" for term, value in one.facts_in_words)
        body.append(f"{said}{stop()}".rstrip())
        if one.dimensions:
            body.append(
                Table(
                    columns=[_("Dimension"), _("Weight"), _("Score"), _("Spread of answers")],
                    rows=[(row.name, row.weight, row.score, spread_words(row.spread)) for row in one.dimensions],
                    widths=[34, 20, 34, 68],
                )
            )
        body += [*one.left, *one.formulas]
        body += [words for _code, words in one.prompts]
    return official_document(
        OfficialDocument(
            title=_("Results: %(title)s") % {"title": round_.title},
            body=body,
            signer=round_.unit.name,
            day=local_day(round_.published_at),
        )
    )
