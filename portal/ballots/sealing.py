"""
The box's cryptography: libsodium by PyNaCl, put together and nothing more.

A scrutineer's code becomes an X25519 key pair. The poll's private key is shut
into three nested sealed boxes, one for each two scrutineers, and kept nowhere
else. A ballot is a sealed box of padded JSON. See docs/decisions/0030.
"""

import hashlib
import json
from itertools import combinations

from nacl.bindings import sodium_pad, sodium_unpad
from nacl.encoding import RawEncoder
from nacl.exceptions import CryptoError
from nacl.hash import blake2b
from nacl.public import PrivateKey, PublicKey, SealedBox

TRACKER_LENGTH, TRACKER_ALPHABET = 10, "0123456789abcdef"
_PERSONAL = b"portal.share.v1"
_CODE_PERSONAL = b"portal.code.v1"


class Unreadable(Exception):
    """What was sealed does not open, or is not what was sealed."""


def share_of(code, *, poll_id):
    """Return the private key of a scrutineer's code for one poll; 160 random bits need no slow hash."""
    return PrivateKey(blake2b(code.encode(), salt=poll_id.bytes, person=_PERSONAL, encoder=RawEncoder))


def public_part(private):
    """Return the public half of a key as bytes."""
    return bytes(private.public_key)


def hash_of_code(code):
    """Return what the portal keeps of a printed code: 75 random bits cannot be guessed back from it."""
    return blake2b(code.encode(), digest_size=32, person=_CODE_PERSONAL).decode()


def new_poll_key(share_keys):
    """
    Make a poll's key pair; return its public half and {(a, b): the private half, shut for both a and b}.

    ``share_keys`` maps each scrutineer's seat to the public half of the share.
    """
    private = PrivateKey.generate()
    shut = {
        (a, b): SealedBox(PublicKey(share_keys[a])).encrypt(SealedBox(PublicKey(share_keys[b])).encrypt(bytes(private)))
        for a, b in combinations(sorted(share_keys), 2)
    }
    return public_part(private), shut


def open_poll_key(blob, outer, inner, *, public):
    """
    Return the poll's private key out of what was shut for two shares.

    :raises Unreadable: when the shares do not open it, or it is not the key of this poll.
    """
    try:
        private = PrivateKey(SealedBox(inner).decrypt(SealedBox(outer).decrypt(bytes(blob))))
    except (CryptoError, TypeError, ValueError) as error:
        raise Unreadable from error
    if public_part(private) != bytes(public):
        raise Unreadable
    return private


def seal_ballot(answers, *, public, size):
    """
    Return a ballot sealed to the poll's key; every ballot of a poll has one length, whatever is on it.

    :raises ValueError: when the answers do not fit the size of the poll's definition.
    """
    plain = json.dumps(answers, ensure_ascii=False, separators=(",", ":"), sort_keys=True).encode()
    if len(plain) >= size:
        raise ValueError("longer than the longest ballot")
    return SealedBox(PublicKey(bytes(public))).encrypt(sodium_pad(plain, size))


def open_ballot(ciphertext, *, box, size):
    """
    Return the answers of a sealed ballot; ``box`` is a SealedBox of the poll's private key.

    :raises Unreadable: when it was damaged or not made by the portal.
    """
    try:
        return json.loads(sodium_unpad(box.decrypt(bytes(ciphertext)), size).decode())
    except (CryptoError, ValueError, RecursionError) as error:
        raise Unreadable from error


def box_of(private):
    """Return what opens the ballots sealed to a private key's public half."""
    return SealedBox(private)


def tracker_of(ciphertext):
    """Return the receipt of a ballot: it proves that the ballot is in the box, and nothing of what is on it."""
    return hashlib.sha256(bytes(ciphertext)).hexdigest()[:TRACKER_LENGTH]


def fingerprint(parts):
    """Return the SHA-256 of a list of texts, one a line: what is printed to compare."""
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()
