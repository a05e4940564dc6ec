"""
The queue of the embedded default: messages as files, for a portal without Redis.

Kombu's own writes a message into a file that readers can see already; one that
looks in that moment takes an empty file and ends its worker. Here a message is
written aside and then renamed, which a file system does at once or not at all.
"""

import contextlib
import logging
import time
import uuid
from pathlib import Path
from queue import Empty

from kombu.exceptions import ChannelError
from kombu.transport import filesystem
from kombu.utils.encoding import str_to_bytes
from kombu.utils.json import dumps

logger = logging.getLogger(__name__)
TRIES, PAUSE = 40, 0.05


def _patiently(call):
    """Call until the table of an exchange that somebody is writing for the first time can be read."""
    for _again in range(TRIES - 1):
        try:
            return call()
        except ValueError:
            time.sleep(PAUSE)
    return call()


class Channel(filesystem.Channel):
    """Kombu's channel of files, with messages that appear whole."""

    def _put(self, queue, payload, **kwargs):
        name = f"{time.monotonic_ns() // 1_000_000}_{uuid.uuid4()}.{queue}"
        folder = Path(self.data_folder_out)
        aside = folder / f"{name}.part"
        try:
            aside.write_bytes(str_to_bytes(dumps(payload)))
            aside.replace(folder / f"{name}.msg")
        except OSError as error:
            with contextlib.suppress(OSError):
                aside.unlink(missing_ok=True)
            raise ChannelError(f"Cannot add a message to {folder}") from error

    def _get(self, queue):
        try:
            return super()._get(queue)
        except ValueError:
            # Half a message, as a full disk or a lost power supply leaves it: what it rang for, the sweep finds.
            logger.warning("A message of the queue %s could not be read and was left out", queue)
            raise Empty from None

    def get_table(self, exchange):
        return _patiently(lambda: super(Channel, self).get_table(exchange))

    def _queue_bind(self, exchange, routing_key, pattern, queue):
        return _patiently(lambda: super(Channel, self)._queue_bind(exchange, routing_key, pattern, queue))


class Transport(filesystem.Transport):
    """The transport of these channels, known to Celery as ``filesystem``."""

    Channel = Channel
