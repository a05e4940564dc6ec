"""What kind of device a browser sits on, and how long each kind stays signed in (trust A9)."""

import datetime as dt
import re
from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from .enums import DeviceKind


@dataclass(frozen=True)
class Stay:
    """How long a session lives: without a page asked for, and at most."""

    idle: dt.timedelta | None
    absolute: dt.timedelta


STAYS = {
    DeviceKind.DESKTOP: Stay(idle=dt.timedelta(minutes=30), absolute=dt.timedelta(hours=12)),
    DeviceKind.PHONE: Stay(idle=None, absolute=dt.timedelta(days=14)),
    DeviceKind.KIOSK: Stay(idle=dt.timedelta(seconds=60), absolute=dt.timedelta(minutes=30)),
}

_BROWSERS = (
    ("MicroMessenger", "WeChat"),
    ("wxwork", "WeCom"),
    ("DingTalk", "DingTalk"),
    ("Edg", "Edge"),
    ("QIHU|360SE|360EE", "360"),
    ("Qaxbrowser", "奇安信"),
    ("HuaweiBrowser", "Huawei"),
    ("MiuiBrowser", "Xiaomi"),
    ("Firefox", "Firefox"),
    ("Chrome|CriOS", "Chrome"),
    ("Safari", "Safari"),
)
_SYSTEMS = (
    ("HarmonyOS|OpenHarmony", "HarmonyOS"),
    ("Android", "Android"),
    ("iPhone|iPad", "iOS"),
    ("Windows", "Windows"),
    ("Mac OS X", "macOS"),
    ("UOS|Uniontech", "UOS"),
    ("Kylin", "Kylin"),
    ("Linux", "Linux"),
)


def kind_of(user_agent):
    """Return whether a browser sits on a phone or on an office computer."""
    return DeviceKind.PHONE if re.search(r"Mobile|Android|iPhone|HarmonyOS", user_agent) else DeviceKind.DESKTOP


def label_of(user_agent):
    """Return browser and system in a few words, for its owner to recognise; the full agent is kept nowhere."""
    browser = next((name for pattern, name in _BROWSERS if re.search(pattern, user_agent, re.I)), "")
    system = next((name for pattern, name in _SYSTEMS if re.search(pattern, user_agent, re.I)), "")
    return " · ".join(part for part in (browser, system) if part)


ENDED_REASONS = {
    "idle": _("You were signed out because nothing happened for a while."),
    "absolute": _("Your session has reached its longest time. Please sign in again."),
    "gone": _("You are not signed in any more."),
}
