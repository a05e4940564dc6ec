"""
Encrypt a stream to a public key (libsodium's secretstream under a sealed key).

The server knows the public half only: whoever steals a backup, or the whole
server, cannot read yesterday's archives.
"""

import base64
import struct

from nacl import bindings
from nacl.exceptions import CryptoError
from nacl.public import PrivateKey, PublicKey, SealedBox

MAGIC = b"PORTAL-BACKUP-1\n"
CHUNK = 1024 * 1024
LENGTH = struct.Struct(">I")


class Unreadable(Exception):
    """The archive is not one, is cut short, was changed, or the key is another's."""


def new_key_pair():
    """Return a private and its public key as text."""
    private = PrivateKey.generate()
    return tuple(base64.b64encode(bytes(key)).decode() for key in (private, private.public_key))


def _key_bytes(text):
    try:
        return base64.b64decode(text.strip(), validate=True)
    except ValueError as error:
        raise Unreadable("the key is not base64 text") from error


class SealedWriter:
    """A file to write to; what arrives in ``target`` only the private key opens."""

    def __init__(self, target, public_key):
        self.target = target
        self.buffer = bytearray()
        self.state = bindings.crypto_secretstream_xchacha20poly1305_state()
        key = bindings.crypto_secretstream_xchacha20poly1305_keygen()
        header = bindings.crypto_secretstream_xchacha20poly1305_init_push(self.state, key)
        target.write(MAGIC + SealedBox(PublicKey(_key_bytes(public_key))).encrypt(key) + header)

    def write(self, data):
        self.buffer += data
        while len(self.buffer) > CHUNK:
            self._push(bytes(self.buffer[:CHUNK]), bindings.crypto_secretstream_xchacha20poly1305_TAG_MESSAGE)
            del self.buffer[:CHUNK]
        return len(data)

    def close(self):
        self._push(bytes(self.buffer), bindings.crypto_secretstream_xchacha20poly1305_TAG_FINAL)
        self.buffer.clear()

    def _push(self, data, tag):
        sealed = bindings.crypto_secretstream_xchacha20poly1305_push(self.state, data, tag=tag)
        self.target.write(LENGTH.pack(len(sealed)) + sealed)


class SealedReader:
    """
    A file to read from, opened with the private key.

    :raises Unreadable: as soon as a part is missing or was changed; a stream cut at a part's end is noticed too.
    """

    def __init__(self, source, private_key):
        self.source, self.buffer, self.is_over = source, bytearray(), False
        sealed = source.read(len(MAGIC) + 80)
        header = source.read(bindings.crypto_secretstream_xchacha20poly1305_HEADERBYTES)
        self.state = bindings.crypto_secretstream_xchacha20poly1305_state()
        try:
            if not sealed.startswith(MAGIC):
                raise Unreadable("this is not a sealed backup")
            key = SealedBox(PrivateKey(_key_bytes(private_key))).decrypt(sealed[len(MAGIC) :])
            bindings.crypto_secretstream_xchacha20poly1305_init_pull(self.state, header, key)
        except (CryptoError, ValueError, TypeError) as error:
            raise Unreadable("this key does not open this backup") from error

    def read(self, size=-1):
        while not self.is_over and (size < 0 or len(self.buffer) < size):
            self._pull()
        taken = bytes(self.buffer if size < 0 else self.buffer[:size])
        del self.buffer[: len(taken)]
        return taken

    def _pull(self):
        head = self.source.read(LENGTH.size)
        if len(head) < LENGTH.size:
            raise Unreadable("the backup is cut short")
        sealed = self.source.read(min(LENGTH.unpack(head)[0], 2 * CHUNK))
        try:
            data, tag = bindings.crypto_secretstream_xchacha20poly1305_pull(self.state, sealed)
        except (CryptoError, RuntimeError, ValueError) as error:
            raise Unreadable("the backup was changed or is damaged") from error
        self.buffer += data
        self.is_over = tag == bindings.crypto_secretstream_xchacha20poly1305_TAG_FINAL
