"""The attachments of the demo's disclosures: the table of a text once more, as a workbook to count with."""

import hashlib

from lxml import html

from disclosures.models import Publication
from disclosures.operations.attaching import attach_to_publication
from portal.exports.workbook import Column, Sheet, make_workbook
from portal.files.intake import MEDIA_TYPES, CleanFile

# Items whose latest text has one, and what the file is called beside it.
FILES = {"B04": "物资采购价格明细表", "B05": "经济责任制考核得分表", "C01": "奖金分配明细表"}
NOTES = (("本表", "与公开正文中的表格一致，供职工下载核算"),)


def attach_tables():
    """Attach the workbook of its table to the latest public text of each item; returns the texts."""
    done = []
    for code, name in FILES.items():
        shown = Publication.objects.filter(item__code=code, state__in=("published", "expired"), audience="everybody")
        text = shown.select_related("unit").order_by("publish_at", "pk").last()
        if text is not None and (table := _table_of(text.body)):
            attach_to_publication(text, [(_workbook(text, name, table), name)], at=text.drafted_at)
            done.append(text)
    return done


def _table_of(body):
    rows = html.fromstring(f"<div>{body}</div>").iter("tr")
    return [[cell.text_content() for cell in row.iter("th", "td")] for row in rows]


def _workbook(text, name, table):
    head, *rows = table
    columns = [Column(label, "text", 16) for label in head]
    with make_workbook(
        title=text.title, sheets=[Sheet(name=name, columns=columns, rows=rows)], notes=NOTES, cut_off=text.drafted_at
    ) as file:
        content = file.read()
    return CleanFile(
        content=content,
        name=f"{name}.xlsx",
        media_type=MEDIA_TYPES["xlsx"],
        size=len(content),
        sha256=hashlib.sha256(content).hexdigest(),
    )
