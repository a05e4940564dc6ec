"""What a satisfaction poll promises to those who fill it in, made from the numbers that the count enforces."""

from django.utils.translation import gettext as _

from portal.ballots.wording import grade_words

from .satisfaction_counting import EDGE


def statement(satisfaction):
    """Return the sentences of the anonymity statement of a poll, in the reader's language."""
    return [
        str(grade_words(satisfaction.poll.grade)),
        _("At the count the two answers are taken apart: nothing that is kept joins them with each other or with you."),
        _("A result is kept only from %(least)d answers on; of fewer nothing is kept, not even how many.")
        % {"least": satisfaction.k_total},
        _(
            "A unit below, and how answers are spread, is shown only from %(least)d answers on, and only where nothing"
            " about fewer people can be computed from it."
        )
        % {"least": satisfaction.k_breakdown},
        _("Where nearly everybody said the same only “%(high)d%% or more” or “%(low)d%% or less” is shown.")
        % {"high": EDGE, "low": 100 - EDGE},
        _(
            "While forms are taken nobody sees how many came in; afterwards only the total is shown. The result is"
            " published once, for everybody."
        ),
        _("Reminders go to everybody who is asked alike; nobody looks who has sent a form."),
    ]
