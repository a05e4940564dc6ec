"""The numbers of the card, each with its source (domain.md §1, §4.4, §5)."""

from django.utils.translation import gettext_lazy as _

from portal.kernel.rulebook import Rule, declare

REPLY_DAYS = declare(
    Rule(
        "card.reply_days", 30, 1, 30, "days", _("Answer to a card, from receipt"),
        _(
            "Jilin Petrochemical: within one month an answer must be given to the workers;"
            " Chongqing 厂务公开条例 art. 11: 30 days"
        ),
        "regional",
    )
)  # fmt: skip
REGISTER_WORKDAYS = declare(
    Rule(
        "card.register_workdays",
        1,
        1,
        5,
        "workdays",
        _("Registration of a card by the union"),
        _("practice of this portal"),
    )
)
RETURN_WORKDAYS = declare(
    Rule(
        "card.return_workdays", 7, 1, 10, "workdays", _("A department may return an assignment as not its own"),
        _("practice of people's congresses: 7 to 10 working days"),
    )
)  # fmt: skip
REDO_WORKDAYS = declare(
    Rule(
        "card.redo_workdays",
        15,
        1,
        15,
        "workdays",
        _("Second handling after a bad rating"),
        _("practice of public hotlines: 15 working days"),
    )
)
RATING_WORKDAYS = declare(
    Rule(
        "card.rating_workdays",
        10,
        5,
        30,
        "workdays",
        _("Time to rate before a matter closes unrated"),
        _("practice of this portal"),
    )
)
CLIMB_AFTER = declare(
    Rule(
        "card.climb_after",
        3,
        2,
        5,
        "times",
        _("Returns or second handlings after which a matter climbs to the leader in charge"),
        _("practice of this portal"),
    )
)
LEAST_REPLY = declare(
    Rule(
        "card.least_reply",
        20,
        20,
        200,
        "characters",
        _("Shortest reply that counts; “noted” is no answer"),
        _("practice of this portal"),
    )
)
LONGEST_PROMISE = declare(
    Rule(
        "card.longest_promise",
        366,
        90,
        731,
        "days",
        _("Longest time until a matter with outcome B or C comes back"),
        _("practice of this portal"),
    )
)
SMALL_N = declare(
    Rule(
        "card.small_n",
        5,
        5,
        20,
        "people",
        _("Ratings below which a satisfaction rate is marked as small"),
        _("practice of surveys"),
    )
)
