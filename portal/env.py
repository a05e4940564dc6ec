"""
The one table of switches: everything that differs from place to place.

A switch is read from the environment, or, for secrets, from the file named by
``<NAME>_FILE`` (docker and systemd secrets). docs/operations.md lists the same
table; a test compares the two.
"""

import os
from dataclasses import dataclass
from pathlib import Path


class Unconfigured(SystemExit):
    """The portal cannot start here; the message names the switch to set."""


@dataclass(frozen=True)
class Switch:
    """One thing that differs by place: its type, its default and what it means."""

    name: str
    kind: str  # text, flag, number, list, path, secret
    default: str
    meaning: str


SWITCHES = {
    switch.name: switch
    for switch in (
        Switch("PORTAL_MODE", "text", "production", "production, demo or test; only production is for workers' data"),
        Switch("PORTAL_SECRET_KEY", "secret", "", "signs sessions and forms; at least 50 random characters"),
        Switch("PORTAL_SECRET_KEY_FALLBACKS", "secret", "", "earlier secret keys, comma separated, while rotating"),
        Switch("PORTAL_TAG_KEY", "secret", "", "finds an author's confidential cards; never rotated, backed up apart"),
        Switch("PORTAL_HOSTS", "list", "", "host names the portal answers to, comma separated; never *"),
        Switch(
            "PORTAL_ORIGIN",
            "text",
            "",
            "address people type, such as https://portal.example.lan; for slips and mail",
        ),
        Switch("PORTAL_HTTPS", "flag", "yes", "whether people reach the portal by TLS; no only for a demo"),
        Switch("PORTAL_PROXIES", "number", "1", "how many reverse proxies add X-Forwarded-For before the portal"),
        Switch("PORTAL_VAR", "path", "var", "folder for the embedded database, queue, cache, uploads and keys"),
        Switch("PORTAL_STATIC", "path", "staticfiles", "folder of the collected static files"),
        Switch("DATABASE_URL", "secret", "", "postgres://user:password@host:port/name; empty means embedded SQLite"),
        Switch("DATABASE_PASSWORD", "secret", "", "password of the database user when DATABASE_URL has none"),
        Switch("REDIS_URL", "secret", "", "redis://host:port/0 for broker and cache; empty means the embedded queue"),
        Switch("EMAIL_HOST", "text", "", "mail relay; empty means that no mail is sent"),
        Switch("EMAIL_PORT", "number", "25", "port of the mail relay"),
        Switch("EMAIL_USER", "text", "", "user name at the mail relay"),
        Switch("EMAIL_PASSWORD", "secret", "", "password at the mail relay"),
        Switch("EMAIL_TLS", "flag", "no", "whether to use STARTTLS with the relay"),
        Switch("EMAIL_FROM", "text", "portal@localhost", "sender of the portal's mail"),
        Switch("PORTAL_OUTBOUND_PROXY", "text", "", "HTTP proxy for WeCom and DingTalk bots; empty means none is sent"),
        Switch("PORTAL_DESK", "text", "", "who helps people with the portal, named on every page: room, phone, hours"),
        Switch("PORTAL_CLAMD", "text", "", "host:port of a clamd virus scanner; empty means none"),
        Switch(
            "PORTAL_BACKUP_KEY",
            "text",
            "",
            "public key that backups are sealed to; empty means plain archives",
        ),
        Switch(
            "PORTAL_WATCH",
            "text",
            "",
            "address of /livez as workers reach it; when it is dark for hours, the day counts for no notice",
        ),
        Switch("PORTAL_LOG_LEVEL", "text", "INFO", "level of the log"),
        Switch("PORTAL_LOG_FORMAT", "text", "json", "json or plain"),
    )
}

TRUE = {"1", "yes", "true", "on"}
FALSE = {"0", "no", "false", "off", ""}


def read(name):
    """
    Return the switch's value in its own type.

    :raises Unconfigured: if the value does not fit the type or a named file is missing.
    """
    switch = SWITCHES[name]
    raw = os.environ.get(name)
    if raw is None and (path := os.environ.get(f"{name}_FILE")):
        try:
            raw = Path(path).read_text(encoding="utf-8").strip()
        except OSError as error:
            raise Unconfigured(f"{name}_FILE names a file that cannot be read: {error.strerror}") from error
    if raw is None:
        raw = switch.default
    if switch.kind == "flag":
        if raw.lower() not in TRUE | FALSE:
            raise Unconfigured(f"{name} must be yes or no, not {raw!r}")
        return raw.lower() in TRUE
    if switch.kind == "number":
        try:
            return int(raw)
        except ValueError as error:
            raise Unconfigured(f"{name} must be a whole number, not {raw!r}") from error
    if switch.kind == "list":
        return [part.strip() for part in raw.split(",") if part.strip()]
    if switch.kind == "path":
        return Path(raw)
    return raw
