"""Kinds of notices and senders for tests of the notices floor."""

import datetime as dt

from portal.accounts.desks import desk_of
from portal.notices.outbox import post
from portal.notices.registry import register_notice

NOW = dt.datetime(2026, 11, 20, 4, 0, tzinfo=dt.UTC)  # 12:00 at the plant
MINUTE = dt.timedelta(minutes=1)


def _url(subject, facts):
    return f"/test/{subject.partition(':')[2]}/"


register_notice("test.told", title=lambda facts: f"told of {facts.get('thing', '')}", url=_url, label="test")
register_notice("test.told_too", title=lambda facts: f"also told of {facts['thing']}", url=_url, label="test")
register_notice(
    "test.secret", title=lambda facts: f"SECRET-TITLE {facts.get('thing', '')}", url=_url, is_confidential=True
)
register_notice(
    "test.mixed",
    title=lambda facts: f"SECRET-MIXED {facts.get('thing', '')}",
    url=_url,
    is_confidential=lambda facts: facts["hidden"],
)
register_notice("test.quiet", title=lambda facts: "quiet", url=_url, mail=False)


def tell(*people, desks=(), **over):
    """Post one plain notice to people or desks."""
    key = over.pop("key", f"k{len(over)}")
    post(
        **{
            "kind": "test.told",
            "subject": "test.thing:1",
            "at": NOW,
            "desks": [*map(desk_of, people), *desks],
            "key": key,
            **over,
        }
    )
