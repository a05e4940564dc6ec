"""One regulation, draft and file for each act on the library, for each works of the stage."""

import datetime as dt
from types import SimpleNamespace

from disclosures import operations as does
from disclosures.models import RegulationImport
from portal.accounts.models import Person
from tests.factories import regulations as made
from tests.factories.cards import AT

D = dt.date
# Addresses that belong to no works: {short route name: its arguments}.
ALONE = {"regulation_new": ("rule",)}


def rows_of(side, offices):
    """Return {short route name: its arguments} for the regulations of one works."""
    code = side.works.code
    # Only the one who entered a draft changes it: in the first works, the handler of the columns.
    handler = Person.objects.filter(job_no="810002", unit=side.dept).first() or side.handler
    offices = SimpleNamespace(works=side.dept, handler=handler, head=side.chair)
    texts = ((D(2025, 1, 1), made.BODY), (D(2026, 3, 1), made.BODY))
    rule = made.make_regulation(offices, f"{code}-1", texts=texts, at=AT, audience="unit")
    draft = made.enter(offices, code=f"{code}-2", at=AT)
    waiting = made.enter(offices, code=f"{code}-3", at=AT)
    does.submit_regulation(version_id=waiting.pk, actor=handler, at=AT)
    found = RegulationImport.objects.create(
        file_name=f"{code}.xlsx",
        file_sha256="0" * 64,
        rows=[
            {
                "row": 2,
                "place": "A2",
                "code": f"{code}-9",
                "title": "考勤管理办法",
                "kind": "rule",
                "category": "personnel",
                "unit": side.dept.pk,
                "document_number": "",
                "in_force_from": "2024-05-01",
                "repealed_on": "",
                "audience": "everybody",
                "body": "<p>第一条 为规范考勤,制定本办法。</p>",
                "steps": [],
            }
        ],
        count=1,
        uploaded_at=AT,
    )
    return {
        "regulation": rule.code,
        "regulation_version": (rule.code, 1),
        "regulation_print": (rule.code, 1),
        "regulation_compare": (rule.code, 2),
        "regulation_revise": rule.code,
        "regulation_repeal": rule.code,
        "regulation_work": waiting.pk,
        "regulation_edit": draft.pk,
        "regulation_submit": draft.pk,
        "regulation_discard": draft.pk,
        "regulation_approve": waiting.pk,
        "regulation_import": found.pk,
    }
