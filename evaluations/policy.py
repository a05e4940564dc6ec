"""
What an appraisal promises to those who fill it in, made from the very numbers and settings that are enforced.

Count, publication and page rules read the same columns of the round; a
sentence that nothing enforces has no place here.
"""

from django.utils.translation import gettext as _

from portal.ballots.enums import Grade
from portal.ballots.wording import grade_words

from .enums import Visibility


def statement(round_):
    """Return the sentences of the anonymity statement of a round, in the reader's language."""
    found = [
        str(grade_words(round_.grade)),
        _(
            "At the count your form is taken apart: nothing that is kept joins what you said about one person with what"
            " you said about another, or one answer with the next."
        ),
        _(
            "Answers of a group about somebody are kept only from %(least)d scored forms on; of fewer nothing is kept,"
            " not even the number, and the group takes no part in the result."
        )
        % {"least": round_.k_scores},
        _("A group is shown by itself only from %(least)d forms on.") % {"least": round_.k_breakdown},
    ]
    if round_.remark_limit:
        found.append(
            _(
                "Remarks are kept only from %(least)d forms about the person on: in random order, without group, read"
                " by the union before anybody else. Your way of writing may still give you away."
            )
            % {"least": round_.k_text}
        )
    if round_.near_granted_by_id is not None:
        found.append(
            _(
                "Not long ago nearly the same people rated in another appraisal of the same people: from both results"
                " together more may be concluded than from one. It is held all the same because: %(reason)s"
            )
            % {"reason": round_.near_reason}
        )
    found.append(_visible_to(round_))
    found.append(_("While forms are taken nobody sees how many came in; afterwards only the total is shown."))
    return found


def _visible_to(round_):
    seen = {
        Visibility.SUBJECTS: _(
            "whoever is rated sees the own result, the union and the auditor see all; nobody else sees figures"
        ),
        Visibility.CLASSES: _(
            "whoever is rated sees the own result, the union and the auditor see all; the staff see the grade class of"
            " each person"
        ),
        Visibility.SCORES: _(
            "whoever is rated sees the own result, the union and the auditor see all; the staff see the total score of"
            " each person"
        ),
    }
    return _("After publication: %(who)s.") % {"who": seen[Visibility(round_.visibility)]}


def is_by_code(round_):
    """Whether forms are handed in with a code drawn from a box, without signing in."""
    return round_.grade == Grade.PRINTED_CODE
