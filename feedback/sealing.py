"""
Receipt codes, fingerprints, and identities that only the union office can open.

Everything here rests on libsodium (PyNaCl) and HMAC-SHA256; nothing is invented.
"""

import hashlib
import hmac
import json

from django.conf import settings
from nacl import pwhash, secret, utils
from nacl.exceptions import CryptoError
from nacl.public import PrivateKey, PublicKey, SealedBox

SEALED_SIZE = 512  # every sealed identity has the same length, whatever the name's
TAGS_AT_ONCE = 32


class WrongPassphrase(Exception):
    """The passphrase does not unlock the identity key."""


def _tag(purpose, *parts):
    message = "\x1f".join([purpose, *map(str, parts)]).encode()
    return hmac.new(settings.TAG_KEY.encode(), message, hashlib.sha256).hexdigest()


def receipt_code(idempotency_key):
    """
    Return the sixteen-digit code of a submission.

    It follows from the form's key, so that pressing "send" twice shows the same
    receipt, and from the server's key, so that the database alone does not give it.
    """
    return f"{int(_tag('receipt', idempotency_key), 16) % 10**16:016d}"


def grouped(code):
    """Return a code in groups of four, as people copy it."""
    return " ".join(code[i : i + 4] for i in range(0, len(code), 4))


def code_hash(code):
    """Return what the database keeps of a code."""
    return _tag("code", code)


def owner_tags(person, start=0, count=TAGS_AT_ONCE):
    """
    Return the tags of a person's confidential matters, in the order they were sent.

    Each matter has a tag of its own: without the server's key nobody can tell
    that two of them have the same author, let alone who it is.
    """
    return [_tag("owner", person.pk, place) for place in range(start, start + count)]


def fingerprint(*, number, code, fields):
    """
    Return the hash an author can hold against the portal: of the text, the number and the code.

    The code is in it so that a short text cannot be guessed from its published hash.
    """
    canonical = json.dumps(
        {"number": number, "code": code, **fields},
        ensure_ascii=False,
        sort_keys=True,
        separators=(",", ":"),
        default=str,
    )
    return hashlib.sha256(canonical.encode()).hexdigest()


def make_key(passphrase):
    """Return a new identity key as (public, locked private, salt), all bytes."""
    private = PrivateKey.generate()
    salt = utils.random(pwhash.argon2id.SALTBYTES)
    return bytes(private.public_key), _locker(passphrase, salt).encrypt(bytes(private)), salt


def _locker(passphrase, salt):
    key = pwhash.argon2id.kdf(
        secret.SecretBox.KEY_SIZE,
        passphrase.encode(),
        salt,
        opslimit=pwhash.argon2id.OPSLIMIT_MODERATE if not settings.TEST else pwhash.argon2id.OPSLIMIT_MIN,
        memlimit=pwhash.argon2id.MEMLIMIT_INTERACTIVE if not settings.TEST else pwhash.argon2id.MEMLIMIT_MIN,
    )
    return secret.SecretBox(key)


def relock(locked, salt, *, old, new):
    """
    Return (locked, salt) of the same private key under a new passphrase.

    :raises WrongPassphrase: if the old one does not fit.
    """
    private = _unlock(locked, salt, old)
    fresh = utils.random(pwhash.argon2id.SALTBYTES)
    return _locker(new, fresh).encrypt(private), fresh


def _unlock(locked, salt, passphrase):
    try:
        return _locker(passphrase, bytes(salt)).decrypt(bytes(locked))
    except CryptoError as error:
        raise WrongPassphrase from error


def seal_identity(public_key, identity):
    """Return an identity (a small dict of text) sealed to the union's key, always of one length."""
    plain = json.dumps(identity, ensure_ascii=False).encode()
    if len(plain) > SEALED_SIZE:
        raise ValueError("an identity does not fit its envelope")
    return SealedBox(PublicKey(bytes(public_key))).encrypt(plain.ljust(SEALED_SIZE))


def open_identity(key, sealed, passphrase):
    """
    Return the identity in an envelope.

    :raises WrongPassphrase: if the passphrase does not unlock the key.
    """
    private = PrivateKey(_unlock(key.locked_private_key, key.salt, passphrase))
    return json.loads(SealedBox(private).decrypt(bytes(sealed)))
