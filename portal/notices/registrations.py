"""What this floor tells the others: its places, its verbs, and the notice of the ledger's daily head."""

from django.urls import reverse
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from portal.accounts import beside
from portal.accounts.authority import authority_of
from portal.accounts.desks import role_desk
from portal.accounts.enums import Role
from portal.accounts.queries import company
from portal.deadlines import telling
from portal.kernel import navigation
from portal.ledger import operations as ledger
from portal.ledger.registry import register_verb

from .outbox import post, ring
from .queries import OWN_UNREAD, has_failed_dispatches, own_unread, unread_count
from .registry import register_notice

HEAD_READERS = (Role.UNION_CHAIR, Role.UNION_OFFICER, Role.DISCIPLINE_INSPECTOR)


def register():
    """Register everything; called once, when the portal starts."""
    register_notice(
        "ledger.head_published",
        title=lambda facts: _now("Ledger head of %(day)s: entry %(seq)s, %(hash)s") % facts,
        url=lambda subject, facts: reverse("ledger:slip", args=[subject.partition(":")[2]]),
        label=_("ledger head"),
    )
    ledger.head_listeners.append(tell_head)
    telling.register_teller(post=post, ring=ring)
    for text in telling.NOTICES:
        register_notice(text.code, title=text.title, url=text.url, label=text.label)
    for code, sentence in (
        ("dispatch.retried", _("message to be sent again")),
        ("dispatch.dropped", _("message given up")),
        ("bot.added", _("group bot added for %(unit)s")),
        ("bot.changed", _("group bot changed")),
        ("bot.switched_on", _("group bot switched on")),
        ("bot.switched_off", _("group bot switched off")),
        ("bot.tried", _("group bot tried")),
    ):
        register_verb(code, sentence, names_actor=True)
    beside.read_beside(OWN_UNREAD, own_unread)
    navigation.register_item(
        "notices.inbox",
        _("Notices"),
        "notices:inbox",
        "bell",
        order=10,
        group="tools",
        badge=lambda request: unread_count(request.user),
    )
    navigation.register_item(
        "notices.outbox", _("Outbox"), "notices:outbox", "send", roles=[Role.SYSTEM_ADMIN], order=300, group="manage"
    )
    navigation.register_item(
        "notices.bots", _("Group bots"), "notices:bots", "bot", roles=[Role.SYSTEM_ADMIN], order=310, group="manage"
    )
    navigation.register_banner(failed_banner)


def tell_head(head, at):
    """Post the day's head to the company's union and inspectors; the morning's digest carries it out of the house."""
    root = company()
    if root is not None:
        post(
            kind="ledger.head_published",
            subject=f"ledger.head:{head.day.isoformat()}",
            desks=[role_desk(role, root) for role in HEAD_READERS],
            at=at,
            key=f"ledger.head:{head.day.isoformat()}",
            day=head.day,
            seq=head.seq,
            hash=head.hash,
        )


def failed_banner(request):
    """Tell the system administrator of messages that were given up by the portal."""
    if not authority_of(getattr(request, "user", None)).holds(Role.SYSTEM_ADMIN) or not has_failed_dispatches():
        return None
    return navigation.Banner(
        _("Some messages could not be sent."), url=reverse("notices:outbox") + "?state=failed", link=_("See the outbox")
    )
