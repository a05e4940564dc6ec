"""
Check a ledger export with nothing but Python: no database, no portal, no network.

Run ``python verifying.py FILE`` (or ``python -m portal.ledger.verifying FILE``).
A line is ``seq<TAB>hash<TAB>content``; the content is the entry's canonical
JSON or, where the entry is not for everybody, only its SHA-256. In both cases

    digest = sha256(canonical JSON as UTF-8)
    hash   = sha256(previous hash + LF + digest)      all in lower-case hex

and the chain begins at sixty-four zeros. A file of one day begins with
``# start <seq> <hash>``: the end of the day before, to be compared with the head
on the notice board. Heads given by ``--head DAY:SEQ:HASH`` are compared too;
they alone show that the end was cut off or the whole chain made anew.

This module must stay free of other imports than the standard library's.
"""

import argparse
import datetime as dt
import json
import re
import sys
from dataclasses import dataclass
from hashlib import sha256
from json.encoder import encode_basestring

FORMAT = 1
GENESIS = "0" * 64
HEX64 = re.compile("[0-9a-f]{64}")

WORDS = {
    "changed": ("the entry or its hash was changed", "记录内容或哈希值被改动"),
    "missing": ("an entry is missing", "缺少记录"),
    "duplicate": ("an entry appears twice", "记录重复出现"),
    "order": ("entries have changed places", "记录顺序被调换"),
    "malformed": ("the line cannot be read", "该行无法读取"),
    "truncated": ("the end was cut off", "末尾被截断"),
    "remade": ("the chain differs from a published head", "哈希链与已公布的链头不一致"),
    "unsealed": ("the entry was never sealed", "记录始终未入链"),
    "unguarded": ("a trigger that protects the ledger is missing", "缺少保护台账的触发器"),
}

_FACTS = json.JSONEncoder(sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode
_parse = json.JSONDecoder().raw_decode
# What _FACTS makes anew for every text; Python without its C encoder has only the slower way.
_make = getattr(json.encoder, "c_make_encoder", None)
_pieces = _make and _make(None, None, encode_basestring, None, ":", ",", True, False, True)
_TEXT = f'{{"actor":%s,"at":"%sZ","day_only":%s,"facts":%s,"id":"%s","subject":%s,"v":{FORMAT},"verb":%s}}'
# By key, so that 1 and 0 will do, but nothing else that merely counts as true.
_FLAGS = {True: "true", False: "false"}


@dataclass(frozen=True)
class Anchor:
    """A published head: the chain's last entry and hash at the close of a day."""

    day: str
    seq: int
    hash: str

    @classmethod
    def parse(cls, text):
        """
        Read ``DAY:SEQ:HASH``.

        :raises ValueError: when it is something else.
        """
        day, seq, hash_ = text.strip().split(":")
        if not HEX64.fullmatch(hash_.lower()):
            raise ValueError("the hash of a head has 64 hexadecimal digits")
        return cls(dt.date.fromisoformat(day).isoformat(), int(seq), hash_.lower())


@dataclass(frozen=True)
class Fault:
    """The first thing that is wrong, and where."""

    seq: int
    what: str
    entry: str = ""
    detail: str = ""

    def __str__(self):
        english, chinese = WORDS[self.what]
        place = f"#{self.seq}" + (f" ({self.entry})" if self.entry else "")
        return f"{place}: {english} / {chinese}" + (f" [{self.detail}]" if self.detail else "")


@dataclass(frozen=True)
class Report:
    """What a check has found: how many entries hold, where the chain ends, and the first fault or None."""

    count: int
    seq: int
    hash: str
    fault: Fault | None = None


def canonical(*, id, verb, subject, actor, at, is_day_only, facts):
    """Return the one text of an entry: sorted keys, no spaces, UTC with microseconds, with the format's number."""
    return _TEXT % (
        encode_basestring(actor),
        _moment(at),
        "true" if is_day_only else "false",
        _FACTS(facts) if facts else "{}",
        id,
        encode_basestring(subject),
        encode_basestring(verb),
    )


def canonical_of_columns(id, verb, subject, actor, at, is_day_only, facts):
    """
    Return the same text from columns as a database prints them: a fifth of the time that a model's values take.

    ``id`` has dashes, ``at`` is in UTC unless it says otherwise ("2026-11-20 04:00:00.125000", or another form of
    ISO 8601), ``facts`` is JSON text. Whatever else stands there gives a text that no seal fits, or none.

    :raises ValueError: when a column cannot be read at all.
    """
    try:
        facts_read, end = _parse(facts, 0)
        if end != len(facts):
            raise ValueError("more than one JSON value")
        return _TEXT % (
            encode_basestring(actor),
            at.replace(" ", "T") if len(at) == 26 else _moment(dt.datetime.fromisoformat(at)),
            _FLAGS[is_day_only],
            "".join(_pieces(facts_read, 0)) if _pieces else _FACTS(facts_read),
            id,
            encode_basestring(subject),
            encode_basestring(verb),
        )
    except (AttributeError, KeyError, RecursionError, TypeError) as error:
        raise ValueError("the columns are no entry") from error


def _moment(at):
    moment = at.astimezone(dt.UTC) if at.tzinfo else at
    return moment.isoformat(timespec="microseconds").removesuffix("+00:00")


def digest_of(text):
    """Return the fingerprint of an entry's canonical text."""
    return sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def link(previous, digest):
    """Return the hash that chains an entry to the one before."""
    return sha256(f"{previous}\n{digest}".encode()).hexdigest()


def verify_rows(rows, anchors=(), *, start=(0, GENESIS)):
    """
    Walk the chain and stop at the first fault.

    ``rows`` yields ``(seq, hash, digest, entry id)`` in the order found; a row
    that is a Fault is reported as it is. Anchors are compared as they are passed.
    """
    seq, last = start
    by_seq = {}
    for anchor in anchors:
        by_seq.setdefault(anchor.seq, []).append(anchor)
    proven = seq
    seen = set()
    rows = iter(rows)
    count = 0

    def stop(fault):
        return Report(count, seq, last, fault)

    for row in rows:
        if row.__class__ is Fault:
            return stop(row)
        found, hash_, digest, entry = row
        if found != seq + 1:
            return stop(_misplaced(found, entry, seq + 1, rows))
        if entry and entry in seen:
            return stop(Fault(found, "duplicate", entry))
        # link() spelled out, as the call would cost a tenth of the walk
        if hash_ != sha256(f"{last}\n{digest}".encode()).hexdigest():
            return stop(Fault(found, "changed", entry))
        seen.add(entry)
        seq, last, count = found, hash_, count + 1
        if seq in by_seq:
            for anchor in by_seq[seq]:
                if anchor.hash != last:
                    return stop(Fault(seq, "remade", entry, f"{anchor.day}, {proven + 1}-{seq}"))
                proven = seq
    for anchor in sorted(anchors, key=lambda anchor: anchor.seq):
        if anchor.seq > seq:
            return stop(Fault(seq + 1, "truncated", "", f"{anchor.day}: {seq} < {anchor.seq}"))
    return stop(None)


def _misplaced(found, entry, expected, rest):
    if found < expected:
        return Fault(found, "duplicate", entry)
    following = next(rest, None)
    if following is not None and not isinstance(following, Fault) and following[0] == expected:
        return Fault(expected, "order", following[3], f"{found} < {expected}")
    return Fault(expected, "missing", "", f"{expected}-{found - 1}")


def read_lines(lines):
    """Yield the rows of an export for :func:`verify_rows`; a line that cannot be read becomes a Fault."""
    seq = 0
    for raw in lines:
        line = raw.rstrip("\r\n")
        if not line or line.startswith("#"):
            continue
        try:
            number, hash_, content = line.split("\t")
            seq = int(number)
        except ValueError:
            yield Fault(seq + 1, "malformed")
            return
        if content.startswith("{"):
            # Facts come before the id, subject and verb hold no quotes: the last match is the entry's own.
            begin = content.rfind('"id":"') + 6
            yield seq, hash_, digest_of(content), content[begin : begin + 36]
        else:
            yield seq, hash_, content, ""


def verify_file(file, anchors=()):
    """Check an open export (text mode); see :func:`verify_rows`."""
    start = (0, GENESIS)
    first = file.readline()
    if first.startswith("# start "):
        try:
            _mark, _word, seq, hash_ = first.split()
            start = (int(seq), hash_)
        except ValueError:
            return Report(0, 0, GENESIS, Fault(0, "malformed"))

    def lines():
        yield first
        yield from file

    return verify_rows(read_lines(lines()), anchors, start=start)


def main(arguments=None):
    """Check one file from the command line; exit 0 when it holds, 1 when not, 2 when it cannot be read."""
    parser = argparse.ArgumentParser(description="Check a ledger export / 核验台账导出文件")
    parser.add_argument("file")
    parser.add_argument("--head", action="append", default=[], type=Anchor.parse, metavar="DAY:SEQ:HASH")
    options = parser.parse_args(arguments)
    try:
        with open(options.file, encoding="utf-8", errors="surrogateescape", newline="\n") as file:
            report = verify_file(file, options.head)
    except OSError as error:
        print(f"{options.file}: {error.strerror}", file=sys.stderr)
        return 2
    if report.fault:
        print(report.fault)
        return 1
    print(f"{report.count} entries hold / {report.count} 条记录核验无误")
    print(f"#{report.seq} {report.hash}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
