"""An optional look by a clamd virus scanner (INSTREAM over TCP)."""

import logging
import socket
import struct

from django.conf import settings

logger = logging.getLogger(__name__)
CHUNK = 64 * 1024
SECONDS = 10


class ScannerAway(Exception):
    """The configured scanner could not be asked."""


def is_infected(content):
    """
    Ask the configured scanner about the bytes as they were sent; False when none is configured.

    :raises ScannerAway: when it does not answer. Uploads are then refused: who sets up a scanner wants
        every file seen by it, and a card can be sent without files.
    """
    if not settings.CLAMD:
        return False
    host, _colon, port = settings.CLAMD.rpartition(":")
    try:
        with socket.create_connection((host.strip("[]"), int(port)), timeout=SECONDS) as connection:
            connection.sendall(b"zINSTREAM\0")
            for start in range(0, len(content), CHUNK):
                piece = content[start : start + CHUNK]
                connection.sendall(struct.pack(">L", len(piece)) + piece)
            connection.sendall(struct.pack(">L", 0))
            answer = b""
            while not answer.endswith(b"\0") and (piece := connection.recv(4096)):
                answer += piece
    except (OSError, ValueError) as error:
        logger.error("The virus scanner does not answer: %s", type(error).__name__)
        raise ScannerAway from error
    answer = answer.rstrip(b"\0\n")
    if answer.endswith(b"FOUND"):
        return True
    if answer.endswith(b"OK"):
        return False
    logger.error("The virus scanner gave an answer that is neither OK nor FOUND")
    raise ScannerAway
