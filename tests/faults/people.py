"""Sessions and forms as browsers would bring them."""

import uuid
from importlib import import_module

from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.utils import timezone

from portal.accounts import guard
from portal.accounts.enums import DeviceKind

BODY = "三班倒职工在夜班十一点后吃不上热饭，已持续两个月。"


def session_of(person):
    """Return the key of a new session of a person, as the sign-in page would begin it."""
    session = import_module(settings.SESSION_ENGINE).SessionStore()
    session[SESSION_KEY] = str(person.pk)
    session[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[0]
    session[HASH_SESSION_KEY] = person.get_session_auth_hash()
    guard.begin(session, kind=DeviceKind.DESKTOP, at=timezone.now())
    session.create()
    return session.session_key


def card_form(unit_code, *, mode="named", subject="夜班吃不上热饭", body=BODY, **over):
    """Return what the overview page of a card posts."""
    key = {"idempotency_key": str(uuid.uuid4())} if mode != "anonymous" else {}
    return {
        "step": "check",
        "kind": "suggestion",
        "topic": "living",
        "unit": unit_code,
        "subject": subject,
        "body": body,
        "suggestion": "在控制室旁增设加热柜。",
        "mode": mode,
        "may_publish": "on",
        **key,
        **over,
    }
