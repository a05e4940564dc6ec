"""Sentences that ballot pages share: what each grade protects, and the rule in words."""

from django.utils.translation import gettext as _

from .enums import Base, Comparator, Grade, QuestionKind


def grade_words(grade):
    """Return what is and what is not promised, as every ballot page prints it (trust A5)."""
    if grade == Grade.PRINTED_CODE:
        return _("The code that you drew is recorded nowhere together with who you are. Let nobody else see your code.")
    return _(
        "The system does not keep who chose what; ballots are stored encrypted and only two scrutineers together can"
        " open them. Whoever controls the server live could in theory see the content at the moment it is sent."
    )


def share_words(share):
    """Return a share in words: "more than 1/2 of all who may vote"."""
    return _("%(comparator)s %(numerator)d/%(denominator)d of %(base)s") % {
        "comparator": Comparator(share.comparator).label,
        "numerator": share.numerator,
        "denominator": share.denominator,
        "base": Base(share.base).label,
    }


def rule_words(question):
    """Return how a question is decided, in one sentence."""
    if question.kind == QuestionKind.VOTE:
        return _("Passed with votes for from %(share)s. Whoever is absent or abstains counts as not for.") % {
            "share": share_words(question.share)
        }
    if question.kind == QuestionKind.ELECTION:
        return _("Up to %(seats)d are elected, by the most votes, each with votes from %(share)s.") % {
            "seats": question.seats,
            "share": share_words(question.share),
        }
    if question.kind == QuestionKind.TEXT:
        return _("Words, if you like.")
    if question.kind in (QuestionKind.RATING, QuestionKind.SCORE):
        return _("“Don't know” is counted apart and enters no score.")
    return _("One answer each.")


def time_left_words(poll, at):
    """Return how long ballots are still taken, in whole minutes or hours."""
    minutes = max(int((poll.closes_at - at).total_seconds() // 60), 0)
    if minutes < 120:
        return _("%(minutes)d minutes left") % {"minutes": minutes}
    if minutes < 48 * 60:
        return _("%(hours)d hours left") % {"hours": minutes // 60}
    return _("%(days)d days left") % {"days": minutes // (24 * 60)}
