"""What feedback tells the floors below: its promises, the sentences of its acts, its notices."""

from django.urls import reverse
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from portal.accounts.desks import desk_of
from portal.accounts.enums import Role
from portal.deadlines.kinds import DECIDING_ROLES, Kind, register_kind
from portal.deadlines.ladders import CARD_LADDER, REDO_LADDER, UNION_LADDER
from portal.ledger.registry import register_verb
from portal.notices.registry import register_notice

from . import clocks, numbers, rules
from .channels import CARD, Channel, label_of, register_channel
from .enums import DeliveryChannel, HidingReason, IdentityMode, Outcome, RatingLevel, RedactionReason
from .queries import named_author

PREFIX = "feedback.inquiry:"

# The app itself tells of receipt, when a person has looked; a notice by the sweep within the minute of
# sending would give away when an unnamed author wrote. From day 15 on the sweep climbs.
REPLY = CARD_LADDER.without("received", code="card_reply")
REDO = REDO_LADDER.without("received", code="card_redo")
REGISTER = UNION_LADDER


# Until a department has the matter the union owes the next step: its own desks are reminded, and from the day
# after the due day on the climb is everybody's.
UNION_DESKS = {Role.HANDLER: Role.UNION_OFFICER, Role.DEPARTMENT_HEAD: Role.UNION_CHAIR}
REPLY_UNION = REPLY.readdressed(
    lambda rung: UNION_DESKS.get(rung.role, rung.role), weekly=REPLY.weekly, code="card_union"
)


def _inspectors(ladder):
    """The same days, but nobody is reminded except discipline inspection."""
    return ladder.only_to(Role.DISCIPLINE_INSPECTOR, code=f"{ladder.code}_disc")


def _with_upper_union(ladder):
    """A report of retaliation: discipline inspection, and once it is overdue the union chair one level up."""
    red = ladder.index_of("red")
    late = {rung.code for rung in ladder.rungs[red:]}
    return ladder.readdressed(
        lambda rung: Role.UNION_CHAIR if rung.code in late else Role.DISCIPLINE_INSPECTOR,
        weekly=Role.UNION_CHAIR,
        code=f"{ladder.code}_upper",
    )


def subject_url(subject):
    """Return the path that sends a reader on to whichever page of the inquiry is theirs."""
    return reverse("feedback:go", args=[subject.removeprefix(PREFIX)])


def _may_pause(user, promise):
    """Stop it, or, where it stands still, let it run again."""
    if promise.paused_on is not None:
        return rules.may_resume(user, promise.inquiry)
    return rules.may_ask_author(user, promise.inquiry)


def _may_ask_extension(user, promise):
    return rules.may_ask_extension(user, promise.inquiry)


def _may_decide_extension(user, promise):
    # That it is not the one who asked, portal.deadlines sees to itself.
    return rules.may_decide_extension(user, promise.inquiry, None)


def _author_desks(promise):
    """The desk of a named author; one without a name reads it with the receipt code (see operations.core.tell)."""
    author = named_author(promise)
    return [desk_of(author)] if author is not None else []


def register_kinds():
    answer = {
        "can_pause": True,
        "can_extend": True,
        "may_pause": _may_pause,
        "may_ask_extension": _may_ask_extension,
        "may_decide_extension": _may_decide_extension,
        "related": ("inquiry__unit__parent", "inquiry__lead_unit", "inquiry__about_unit"),
    }
    # Fifteen working days are the most for a second handling: there is no asking for more.
    again = answer | {"can_extend": False}
    for code, label, rule, rule_key, ladder, extra in (
        ("register", _("register"), "workdays:1", numbers.REGISTER_WORKDAYS, REGISTER, {}),
        ("reply", _("answer"), "month_or_days:30", numbers.REPLY_DAYS, REPLY, answer),
        ("redo", _("answer again"), "workdays:15", numbers.REDO_WORKDAYS, REDO, again),
        ("follow_up", _("report on the promise"), "on:2000-01-01", "", REDO, {}),
    ):
        hands = {
            "": ladder,
            clocks.DISCIPLINE: _inspectors(ladder),
            clocks.RETALIATION: _with_upper_union(ladder),
        }
        if code == "reply":
            hands[clocks.UNION] = REPLY_UNION
        for suffix, steps in hands.items():
            is_inspected = suffix in (clocks.DISCIPLINE, clocks.RETALIATION)
            register_kind(
                Kind(
                    code=f"inquiry.{code}{suffix}",
                    label=label,
                    opening=_("has come in"),
                    rule=rule,
                    rule_key=rule_key,
                    ladder=steps,
                    subject_url=subject_url,
                    has_public_reasons=not is_inspected,
                    deciding_roles=(Role.DISCIPLINE_INSPECTOR,) if is_inspected else DECIDING_ROLES,
                    owed_to=_author_desks,
                    **extra,
                )
            )


def register_channels():
    register_channel(Channel(CARD, pgettext_lazy("channel", "card"), may_open=rules.may_open_card))


def register_verbs():
    channel = {"channel": lambda code: DeliveryChannel(code).label, "outcome": lambda code: Outcome(code).label}
    union, department, author = _("union"), _("department"), _("author")
    for code, sentence, options in (
        (
            "submitted",
            _("%(channel)s received, to be answered by %(due_on)s"),
            {"by": author, "words": {"mode": lambda code: IdentityMode(code).label, "channel": label_of}},
        ),
        ("registered", _("registered by the union"), {"by": union}),
        ("assigned", _("reported to the leader in charge and assigned to %(lead_unit)s"), {"by": union}),
        ("reassigned", _("assigned anew to %(lead_unit)s"), {"by": union}),
        ("return_asked", _("%(unit)s says that it is not responsible"), {"by": department}),
        ("return_granted", _("taken back from %(unit)s by the union"), {"by": union}),
        ("return_refused", _("%(unit)s stays responsible"), {"by": union}),
        ("climbed", _("climbed to the leader in charge after %(returns)s returns and %(redos)s second handlings"), {}),
        ("contributed", _("%(unit)s gave its part"), {"by": department}),
        ("planned", _("negotiated plan recorded"), {"by": department}),
        ("asked_author", _("author asked for more; the clock is paused"), {"by": department}),
        ("author_added", _("author added something"), {"by": author}),
        ("drafted", _("reply drafted"), {"by": department}),
        ("sent_back", _("draft sent back"), {"by": department}),
        ("checked_back", _("draft sent back by those who check replies"), {}),
        ("approved", _("reply approved"), {"by": department}),
        ("delivered", _("answered: %(channel)s, %(delivered_on)s; outcome %(outcome)s"), {"words": channel}),
        ("rated", _("rated: %(level)s"), {"by": author, "words": {"level": lambda level: RatingLevel(level).label}}),
        ("redone", _("sent round again after a bad rating"), {"by": author}),
        ("closed", _("closed"), {}),
        ("closed_unrated", _("closed without a rating"), {}),
        ("tracked", _("tracked until %(promised_on)s"), {}),
        ("merged", _("merged into %(into)s; the author is answered with it"), {"by": union}),
        ("merged_in", _("%(number)s was merged into this matter"), {"by": union}),
        ("unmerged", _("taken out of %(out_of)s again"), {"by": union}),
        (
            "redacted",
            _("words taken out: %(reason)s"),
            {"by": union, "words": {"reason": lambda code: RedactionReason(code).label}},
        ),
        (
            "hiding_asked",
            _("hiding asked for: %(reason)s"),
            {"by": union, "words": {"reason": lambda code: HidingReason(code).label}},
        ),
        (
            "hidden",
            _("hidden by two persons: %(reason)s"),
            {"words": {"reason": lambda code: HidingReason(code).label}},
        ),
        ("hiding_refused", _("hiding refused by the second person"), {}),
        ("transferred", _("handed to discipline inspection"), {"by": union}),
    ):
        register_verb(f"inquiry.{code}", sentence, is_public=True, **options)
    # Who opened an identity is for its author to read and for auditors, not for everybody.
    register_verb("inquiry.revealed", _("confidential identity opened"), names_actor=True)
    register_verb("identity_key.made", _("identity key of the union made"), names_actor=True)
    register_verb("identity_key.relocked", _("passphrase of the identity key changed"), names_actor=True)
    for code, sentence in (
        ("reply_template.added", _("reply template added")),
        ("reply_template.edited", _("reply template changed")),
        ("reply_template.retired", _("reply template taken out of use")),
        ("reply_template.restored", _("reply template taken into use again")),
        ("calendar.address_made", _("private calendar address made")),
        ("calendar.address_ended", _("private calendar address ended")),
    ):
        register_verb(code, sentence, names_actor=True)


def _sentence(text):
    def title(facts):
        # Notices of before there were other channels do not say theirs.
        return str(text) % {**facts, "what": label_of(facts.get("channel", CARD))}

    return title


def _is_private(facts):
    """Outside the portal, mail and bots say of unnamed and of discipline matters only that something waits."""
    return facts.get("is_private", True)


def _url(subject, facts):
    return subject_url(subject)


def register_notices():
    for code, sentence, label in (
        ("received", _("A new %(what)s, %(number)s, waits to be registered"), _("card received")),
        ("registered", _("Your %(what)s %(number)s has been registered"), ""),
        ("assigned", _("%(number)s has been assigned to your department"), _("assigned to us")),
        ("reported", _("%(number)s has been reported to you and assigned to a department"), ""),
        ("assisting", _("Your department assists with %(number)s"), ""),
        ("return_asked", _("A department returns %(number)s as not its own; please decide"), _("returns")),
        ("return_decided", _("The union has decided on the return of %(number)s"), ""),
        ("climbed", _("%(number)s went in circles and has climbed to you"), _("climbed")),
        ("contributed", _("An assisting department gave its part for %(number)s"), ""),
        ("asked_author", _("More is needed from you for %(number)s; its clock is paused until you answer"), ""),
        ("author_added", _("The author of %(number)s added something"), ""),
        ("author_news", _("The author of %(number)s wrote or rated"), ""),
        ("drafted", _("The reply to %(number)s waits for your approval"), _("to approve")),
        ("sent_back", _("The draft reply to %(number)s came back"), ""),
        ("approved", _("The reply to %(number)s is approved and must be delivered"), _("to deliver")),
        ("answered", _("Your %(what)s %(number)s has been answered; please rate the answer"), _("answered")),
        ("redone", _("The author of %(number)s is not satisfied; it goes round again"), _("second handling")),
        ("merged", _("Your %(what)s %(number)s is handled together with another of the same content"), ""),
        ("hiding_asked", _("Somebody asks to hide %(number)s; a second person must decide"), ""),
        ("transferred", _("%(number)s has been handed to discipline inspection"), ""),
    ):
        register_notice(
            f"inquiry.{code}", title=_sentence(sentence), url=_url, label=label, is_confidential=_is_private
        )


def who_sees_name(mode):
    """Return the sentence that tells an author who learns the name in an identity mode; the forms show this one."""
    return {
        IdentityMode.NAMED: _now(
            "Your name is shown to those who handle the card; the public list shows only your surname."
        ),
        IdentityMode.CONFIDENTIAL: _now(
            "Your name is sealed with the union's key. An officer can open it only with a reason,"
            " and you will read who did and why."
        ),
        IdentityMode.ANONYMOUS: _now(
            "No name, no account, no address and no time of day are stored."
            " Keep the receipt code: it is your only way back."
        ),
    }[mode]
