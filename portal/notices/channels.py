"""The ways out of the house: a mail relay, and group bots through the outbound proxy. No tables, no decisions."""

import base64
import hashlib
import hmac
import json
import smtplib
import urllib.error
import urllib.request
from urllib.parse import quote, urlsplit

from django.core.mail import get_connection

SECONDS = 10
MOST_ANSWER = 64 * 1024


class Failure(Exception):
    """A message did not get out; ``code`` says why in a few characters and never quotes the message."""

    def __init__(self, code):
        super().__init__(code)
        self.code = code[:200]


class Refused(Failure):
    """The other side will never take this message."""


class Away(Failure):
    """The other side cannot be reached at all: the rest of the queue need not be tried now."""


class Throttled(Failure):
    """The other side wants to be left in peace for a while."""


class MailRelay:
    """One connection to the relay for a whole draining; opened when first needed, opened anew after a failure."""

    def __init__(self):
        self._connection = None

    def __enter__(self):
        return self

    def __exit__(self, *_exception):
        self._close()

    def send(self, message):
        """
        Hand one mail to the relay.

        :raises Failure: Away when there is no relay, Refused for a final no (5xx), else try again later.
        """
        if self._connection is None:
            self._connection = get_connection()
            try:
                self._connection.open()
            except (OSError, smtplib.SMTPException) as error:
                self._connection = None
                raise Away(_smtp_code(error)) from error
        try:
            self._connection.send_messages([message])
        except smtplib.SMTPRecipientsRefused as error:
            self._close()
            code = next(iter(error.recipients.values()), (0, b""))[0]
            raise (Refused if 500 <= code < 600 else Failure)(f"SMTP {code}") from error
        except smtplib.SMTPResponseException as error:
            self._close()
            raise (Refused if 500 <= error.smtp_code < 600 else Failure)(f"SMTP {error.smtp_code}") from error
        except (OSError, smtplib.SMTPException) as error:
            self._close()
            raise Failure(_smtp_code(error)) from error

    def _close(self):
        connection, self._connection = self._connection, None
        if connection is not None:
            try:
                connection.close()
            except (OSError, smtplib.SMTPException):
                return  # the connection is gone, which is what was wanted


def _smtp_code(error):
    code = getattr(error, "smtp_code", None)
    return f"SMTP {code}" if code else type(error).__name__


class _NoRedirects(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *_arguments):
        return None  # a bot's address leads nowhere else


# Too many messages: WeCom 45009; DingTalk 130101 and 410100.
THROTTLED = {45009, 130101, 410100}


def send_markdown(bot, text, *, title, at, proxy):
    """
    Send a message to a WeCom or DingTalk group, through the proxy.

    :raises Failure: Throttled when the group has had enough, Away when the proxy cannot be reached.
    """
    if bot.channel == "dingtalk":
        address, body = signed(bot, at), {"msgtype": "markdown", "markdown": {"title": title, "text": text}}
    else:
        address, body = bot.address, {"msgtype": "markdown", "markdown": {"content": text}}
    if urlsplit(address).scheme not in ("http", "https"):
        raise Refused("not a web address")
    request = urllib.request.Request(  # noqa: S310 -- the scheme was just checked
        address, json.dumps(body, ensure_ascii=False).encode(), {"Content-Type": "application/json; charset=utf-8"}
    )
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({"http": proxy, "https": proxy}), _NoRedirects)
    try:
        with opener.open(request, timeout=SECONDS) as response:
            answer = json.loads(response.read(MOST_ANSWER))
    except urllib.error.HTTPError as error:
        error.close()
        if error.code == 429:
            raise Throttled("HTTP 429") from error
        raise Failure(f"HTTP {error.code}") from error
    except (OSError, ValueError) as error:
        reason = getattr(error, "reason", error)
        raise Away(type(reason if isinstance(reason, Exception) else error).__name__) from error
    code = answer.get("errcode", 0) if isinstance(answer, dict) else -1
    if code in THROTTLED:
        raise Throttled(f"errcode {code}")
    if code != 0:
        raise Failure(f"errcode {code}")


def signed(bot, at):
    """Return a DingTalk bot's address with the signature of this moment (HMAC-SHA256, valid for an hour)."""
    if not bot.secret:
        return bot.address
    stamp = str(int(at.timestamp() * 1000))
    digest = hmac.new(bot.secret.encode(), f"{stamp}\n{bot.secret}".encode(), hashlib.sha256).digest()
    return f"{bot.address}&timestamp={stamp}&sign={quote(base64.b64encode(digest), safe='')}"
