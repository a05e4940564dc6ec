"""Putting the result of an assessment on the agenda of the congress, with a paper that says what it is."""

import uuid

from django.conf import settings
from django.db import transaction
from django.utils import translation
from django.utils.html import format_html, format_html_join
from django.utils.translation import gettext as _

from congress.enums import ItemKind
from congress.operations.agenda import add_paper, set_item
from portal.kernel.texts import colon
from portal.kernel.verdicts import OperationRefused, require

from ..models import AssessmentVote
from ..queries.assessment_votes import sessions_to_ask, vote_of
from ..queries.assessments import lines_of
from ..rules import assessments as rules
from ..rules.schemes import plain
from .assessment_core import locked, note


@transaction.atomic
def put_to_congress(*, assessment_id, session_id, key, actor, at):
    """
    Put the result on the agenda of a session, to be approved by a secret ballot of its own question.

    The congress of the unit above is the body that evaluates (评价机构). The
    same form makes one item. The delegates find the result as the item's paper.

    :raises OperationRefused: with the reason, as when the agenda has gone out.
    """
    assessment = locked(assessment_id)
    done = AssessmentVote.objects.filter(assessment=assessment, item__idempotency_key=key).first()
    if done is not None:
        return done
    require(rules.may_put_to_congress(actor, assessment, vote_of(assessment)))
    session = sessions_to_ask(assessment, at).filter(pk=session_id).first()
    if session is None:
        raise OperationRefused(_("The agenda of this session has gone out, or it is not planned any more."))
    about = {"unit": assessment.unit.name, "year": assessment.year, "total": plain(assessment.total)}
    # Delegates read it in the enterprise's language, whichever the officer has chosen.
    with translation.override(settings.LANGUAGE_CODE):
        title = _("Result of the assessment of %(unit)s, %(year)s: %(total)s of 100 points") % about
        name, text = str(assessment), _paper(assessment, about)
    act = {"actor": actor, "at": at}
    item = set_item(session_id=session.pk, kind=ItemKind.APPROVE, title=title[:120], idempotency_key=key, **act)
    add_paper(
        session_id=session.pk,
        item=item,
        title=name[:120],
        text=text,
        idempotency_key=uuid.uuid5(key, "paper"),
        **act,
    )
    vote = AssessmentVote.objects.create(assessment=assessment, item=item, put_by=actor, put_at=at)
    note("put_to_congress", assessment, on=session.opens_on, position=item.position, **act)
    return vote


def _paper(assessment, about):
    """Return the text of the paper: the total, then the points of each item with the group's reason."""
    words = _("%(points)s of %(most)s points")
    rows = (
        (
            line.item.title,
            colon(),
            words % {"points": plain(line.points), "most": plain(line.item.points)},
            f" {line.reason}" if line.reason else "",
        )
        for line in lines_of(assessment)
    )
    head = _("The assessment group gives %(unit)s %(total)s of 100 points for %(year)s.") % about
    return format_html("<p>{}</p><ul>{}</ul>", head, format_html_join("", "<li>{}{}{}{}</li>", rows))
