"""A page that is kept for readers, beside the same page drawn for each of them."""

import re

import time_machine
from django.conf import settings
from django.test import Client

from portal.kernel import keeping
from portal.kernel.middleware import ELDER_COOKIE_NAME

from .signing import signed_in

LOOKS = {"": {}, "english": {settings.LANGUAGE_COOKIE_NAME: "en"}, "elder": {ELDER_COOKIE_NAME: "1"}}


def letters(client, url):
    """Return a page's letters without the mask over the token of its forms."""
    answer = client.get(url)
    assert answer.status_code == 200, (url, answer.status_code)
    return re.sub(r'(token" value=")\w+', r"\1", answer.content.decode())


def same_for_all(monkeypatch, view, url, readers, at):
    """
    Ask for a page as each of the readers, drawn and then kept, in each look; assert that the letters are the same.

    ``view`` is the module that names ``kept_for_reader``; return how many pages were kept.
    """
    with time_machine.travel(at, tick=False):
        clients = {}
        for look, cookies in LOOKS.items():
            for name, person in readers.items():
                client = clients[name, look] = Client()
                if person is not None:
                    signed_in(client, person)
                client.cookies.load(cookies)
        with monkeypatch.context() as patch:
            patch.setattr(view, "kept_for_reader", lambda request, key, draw: draw())
            drawn = {key: letters(client, url) for key, client in clients.items()}
        keeping._kept.clear()
        for _round in range(2):
            for key, client in clients.items():
                shown = letters(client, url).splitlines()
                assert [
                    pair for pair in zip(shown, drawn[key].splitlines(), strict=True) if pair[0] != pair[1]
                ] == [], key
    assert len(set(drawn.values())) == len(drawn)
    return sum(key.startswith(b"reader") for key in keeping._kept if isinstance(key, bytes))
