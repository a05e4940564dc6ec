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
import hashlib
import json
import re
import sys
from dataclasses import dataclass
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
    moment = at.astimezone(dt.UTC).isoformat(timespec="microseconds").removesuffix("+00:00") + "Z"
    return (
        f'{{"actor":{encode_basestring(actor)},"at":"{moment}","day_only":{"true" if is_day_only else "false"}'
        f',"facts":{_FACTS(facts) if facts else "{}"},"id":"{id}","subject":{encode_basestring(subject)}'
        f',"v":{FORMAT},"verb":{encode_basestring(verb)}}}'
    )


def digest_of(text):
    """Return the fingerprint of an entry's canonical text."""
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def link(previous, digest):
    """Return the hash that chains an entry to the one before."""
    return hashlib.sha256(f"{previous}\n{digest}".encode()).hexdigest()


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
        if isinstance(row, Fault):
            return stop(row)
        found, hash_, digest, entry = row
        if found != seq + 1:
            return stop(_misplaced(found, entry, seq + 1, rows))
        if entry and entry in seen:
            return stop(Fault(found, "duplicate", entry))
        if hash_ != link(last, digest):
            return stop(Fault(found, "changed", entry))
        seen.add(entry)
        seq, last, count = found, hash_, count + 1
        for anchor in by_seq.get(seq, ()):
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
