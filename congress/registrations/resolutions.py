"""Resolutions: the promise of their tasks, the sentences of their acts, notices."""

from django.utils.translation import gettext_lazy as _

from portal.accounts.enums import Role
from portal.deadlines.kinds import Kind, register_kind
from portal.deadlines.ladders import Ladder, Rung
from portal.ledger.registry import register_verb
from portal.notices.registry import register_notice

from ..enums import ReportKind
from .shared import subject_url, titled, url_of

# Who owes it first, their head before the day, then leader and union: the congress asked for it.
TASK = Ladder(
    "resolution_task",
    (
        Rung("yellow", -7, Role.HANDLER),
        Rung("due", 0, Role.DEPARTMENT_HEAD, True),
        Rung("red", 1, Role.LEADER_IN_CHARGE, True),
        Rung("week1", 7, Role.UNION_CHAIR, True),
    ),
    weekly=Role.UNION_CHAIR,
    yellow_days=7,
)


def register_kinds():
    register_kind(
        Kind(
            code="resolution.task",
            label=_("carry out a task of a resolution"),
            opening=_("the congress has resolved it"),
            rule="on:2000-01-01",
            ladder=TASK,
            subject_url=subject_url,
        )
    )


def register_verbs():
    union, delegates, owner = _("union"), _("the delegates"), _("the office that owes it")
    kinds = {"kind": lambda code: ReportKind(code).label}
    for code, sentence, options in (
        ("resolution.issued", _("issued as 职代会决〔%(year)s〕%(serial)s号"), {"by": union}),
        ("resolution.corrected", _("version %(version)s issued"), {"by": union}),
        ("resolution.replaced", _("replaced by 职代会决〔%(year)s〕%(serial)s号"), {"by": delegates}),
        ("resolution.done", _("carried out; the delegates approved the last report"), {"by": delegates}),
        ("resolution_task.set", _("task for %(unit)s until %(on)s"), {"by": union}),
        ("resolution_task.reported", _("task of %(unit)s: %(percent)s per cent on %(on)s"), {"by": owner}),
        ("resolution_task.done", _("task of %(unit)s done on %(on)s"), {"by": owner}),
        ("resolution_task.dropped", _("task of %(unit)s no longer owed"), {"by": union}),
        ("implementation.reported", _("to the next session: %(kind)s"), {"by": union, "words": kinds}),
        ("implementation.approved", _("implementation report approved"), {"by": delegates}),
        ("implementation.rejected", _("implementation report not approved"), {"by": delegates}),
        ("implementation.examined", _("implementation report examined"), {"by": delegates}),
    ):
        register_verb(code, sentence, is_public=True, **options)
    register_verb("resolution.drafted", _("resolution begun"), by=union)
    register_verb("resolution.worded", _("version %(version)s worded"), by=union)


def register_notices():
    for code, sentence, label in (
        ("resolution.issued", _("%(number)s has been issued: “%(title)s”"), _("resolution issued")),
        ("resolution.corrected", _("%(number)s has been corrected: “%(title)s”"), ""),
        ("resolution_task.set", _("Task of a resolution, until %(due_on)s: “%(title)s”"), _("task of a resolution")),
        (
            "implementation.rejected",
            _("The delegates have not approved the report on %(number)s"),
            _("implementation report not approved"),
        ),
    ):
        register_notice(code, title=titled(sentence), url=url_of, label=label)
