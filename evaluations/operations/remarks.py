"""What the union decides on a remark before the publication: pass it on, as it is or with words covered, or not."""

from django.db import transaction
from django.utils.translation import gettext as _

from portal.kernel.verdicts import OperationRefused, require

from ..enums import RemarkDecision
from ..masking import is_covered
from ..models import Remark, RemarkReview
from ..rules.results import may_review
from .core import locked, note


@transaction.atomic
def decide_remark(*, remark_id, decision, reason="", text="", actor, at):
    """
    Decide on a remark; until the publication the decision may be changed.

    ``text`` are the words to pass on: those of the remark, some of them covered with □ at most.

    :raises OperationRefused: with the reason a person may read.
    """
    remark = Remark.objects.select_related("subject").get(pk=remark_id)
    round_ = locked(remark.subject.round_id)
    require(may_review(actor, round_))
    is_kept = decision == RemarkDecision.KEEP
    text = (text or remark.text) if is_kept else ""
    if is_kept and not is_covered(remark.text, text):
        raise OperationRefused(_("Words may be covered with □, sign by sign; nothing else of a remark is changed."))
    RemarkReview.objects.update_or_create(
        remark=remark,
        defaults={"decision": decision, "reason": "" if is_kept else reason, "text": text, "by": actor},
    )
    # Which remark it was, and what it says, is nothing for the ledger.
    note("remark_decided", round_, actor=actor, at=at, decision=str(decision), why="" if is_kept else str(reason))
    return remark
