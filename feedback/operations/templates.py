"""Templates for replies: frames with blanks, of the enterprise or of a department."""

from django.db import transaction

from portal.kernel.verdicts import require
from portal.ledger.recording import record

from ..models import ReplyTemplate
from ..rules.templates import may_keep_template


@transaction.atomic
def add_template(*, title, kind, unit, text, actor, at):
    """
    Offer a new template to a department, or to all without a unit.

    :raises OperationRefused: with the reason a person may read.
    """
    require(may_keep_template(actor, unit))
    template = ReplyTemplate.objects.create(title=title, kind=kind, unit=unit, text=text)
    record(verb="reply_template.added", subject=template, actor=actor, at=at)
    return template


@transaction.atomic
def edit_template(*, template_id, title, kind, unit, text, actor, at):
    """
    Change a template; replies written from it stay as they are.

    :raises OperationRefused: with the reason a person may read.
    """
    template = ReplyTemplate.objects.select_for_update().select_related(None).get(pk=template_id)
    require(may_keep_template(actor, template.unit))
    require(may_keep_template(actor, unit))
    template.title, template.kind, template.unit, template.text = title, kind, unit, text
    template.save(update_fields=["title", "kind", "unit", "text"])
    record(verb="reply_template.edited", subject=template, actor=actor, at=at)
    return template


@transaction.atomic
def set_template_use(*, template_id, is_active, actor, at):
    """
    Take a template out of use, or back into use; setting it twice records it once.

    :raises OperationRefused: with the reason a person may read.
    """
    template = ReplyTemplate.objects.select_for_update().select_related(None).get(pk=template_id)
    require(may_keep_template(actor, template.unit))
    if template.is_active != is_active:
        template.is_active = is_active
        template.save(update_fields=["is_active"])
        record(
            verb="reply_template.restored" if is_active else "reply_template.retired",
            subject=template,
            actor=actor,
            at=at,
        )
    return template
