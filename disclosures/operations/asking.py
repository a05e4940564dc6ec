"""Opinions, objections and requests to disclose: each is an inquiry of feedback, with its number and its clock."""

from dataclasses import replace

from django.db import transaction

from feedback.operations import open_inquiry
from portal.kernel.verdicts import require

from ..channels import OPINION, REQUEST
from ..enums import OpinionKind, PublicationKind, Section
from ..models import Opinion
from ..rules import may_ask_disclosure, may_give_opinion
from .core import locked
from .showing import period_of_notice


def can_object(publication, at, *, period=None):
    """Whether objections are taken now: a public notice whose period has begun and is not over."""
    return (
        publication.kind == PublicationKind.NOTICE
        and publication.publish_at is not None
        and publication.publish_at <= at
        and not publication.notice.outcome
        and not (period or period_of_notice(publication, at)).is_over
    )


@transaction.atomic
def give_opinion(*, publication_id, kind, draft, author, at):
    """
    Say something about a text; the union registers it and it is answered within thirty days.

    ``draft`` is feedback's InquiryDraft, ``author`` None for somebody without a
    name. Sending the same form again returns the same receipt.

    :raises OperationRefused: with the reason a person may read.
    """
    publication = locked(publication_id)
    has_appeared = publication.publish_at is not None and publication.publish_at <= at
    require(
        may_give_opinion(
            author, publication, kind, has_appeared=has_appeared, is_open=has_appeared and can_object(publication, at)
        )
    )
    if publication.item.is_notice and publication.item.section == Section.CADRES:
        # About a named person before an appointment: it must never reach that person or the unit (domain.md §5.4).
        draft = replace(draft, is_about_cadre=True)
    receipt = open_inquiry(channel=OPINION, draft=draft, author=author, actor=author, at=at)
    if receipt.is_new:
        Opinion.objects.create(kind=kind, publication=publication, inquiry=receipt.inquiry)
    return receipt


@transaction.atomic
def ask_disclosure(*, item, draft, author, at):
    """
    Ask a unit to disclose what is missing; ``item`` of the catalogue may be None.

    :raises OperationRefused: with the reason a person may read.
    """
    require(may_ask_disclosure(author, draft.unit))
    receipt = open_inquiry(channel=REQUEST, draft=draft, author=author, actor=author, at=at)
    if receipt.is_new:
        Opinion.objects.create(kind=OpinionKind.REQUEST, item=item, inquiry=receipt.inquiry)
    return receipt
