"""
The message catalogue without gettext's binaries: find, set, check and compile.

English is the source language, ``locale/zh_Hans`` holds the Chinese. Messages
are found by reading Python's syntax tree and Django's ``templatize``, so a
machine without ``xgettext`` and ``msgfmt`` can do all of it.
"""

import ast
import contextlib
import fcntl
import os
import re
import tempfile
import warnings
from dataclasses import dataclass, field
from pathlib import Path

import polib

BASE_DIR = Path(__file__).resolve().parents[2]
LOCALE_DIR = BASE_DIR / "locale"
CHINESE = LOCALE_DIR / "zh_Hans" / "LC_MESSAGES" / "django.po"
ENGLISH = LOCALE_DIR / "en" / "LC_MESSAGES" / "django.po"
SOURCES = ("portal", "feedback", "disclosures", "congress", "evaluations", "templates")

# Which arguments of a call are context, message and plural.
SHAPES = {
    "gettext": ("msgid",),
    "ngettext": ("msgid", "plural"),
    "pgettext": ("context", "msgid"),
    "npgettext": ("context", "msgid", "plural"),
}
SHAPES |= {f"{name}_lazy": shape for name, shape in SHAPES.items()} | {"gettext_noop": ("msgid",)}
DEFAULT_ALIASES = {name: name for name in SHAPES} | {"_": "gettext"}

CONTEXT_MARK = "\u0004"
PLURAL_MARK = "|||"
PLACEHOLDER = re.compile(r"%\((\w+)\)[#0 +-]*\d*(?:\.\d+)?[a-zA-Z]|\{(\w*)[^{}]*\}")
POSITIONAL = re.compile(r"(?<!%)(?:%%)*%(?![%(])[#0 +-]*\d*(?:\.\d+)?[sdifr]")
UNTRIMMED = re.compile(r"{%\s*blocktrans(?:late)?\b(?![^%]*\btrimmed\b)(?!.*{%\s*endblocktrans)")
TEMPLATE_CALL = re.compile(r"(?<![\w.])(gettext|ngettext|pgettext|npgettext|_)\(")
TEMPLATE_STRING = re.compile(r"""\s*[uU]?('(?:\\.|[^'\\])*'|"(?:\\.|[^"\\])*")\s*,?""", re.S)


@dataclass(frozen=True, order=True)
class Key:
    """What identifies a message: its text, its plural (or "") and its context (or None)."""

    msgid: str
    plural: str = ""
    context: str | None = None

    @classmethod
    def parse(cls, text):
        """Read ``"msgid"``, ``"ctx\\u0004msgid"`` or ``"one|||many"``."""
        context, mark, rest = text.partition(CONTEXT_MARK)
        if not mark:
            context, rest = None, text
        msgid, _mark, plural = rest.partition(PLURAL_MARK)
        return cls(msgid, plural, context)

    @classmethod
    def of(cls, entry):
        return cls(entry.msgid, entry.msgid_plural or "", entry.msgctxt)

    def __str__(self):
        context = "" if self.context is None else self.context + CONTEXT_MARK
        return context + self.msgid + (PLURAL_MARK + self.plural if self.plural else "")

    @property
    def place(self):
        """Where the entry stands in the file: msgid and context alone tell messages apart for gettext."""
        return (self.msgid, self.context or "", self.context is not None)


@dataclass
class Found:
    """All messages of the sources, with the files they stand in, and what could not be read."""

    messages: dict = field(default_factory=dict)
    faults: list = field(default_factory=list)

    def add(self, key, file):
        self.messages.setdefault(key, set()).add(file)


def source_files(paths=()):
    """Yield the Python files and templates below the given paths (default: all of the portal)."""
    for start in paths or SOURCES:
        start = BASE_DIR / start
        candidates = [start] if start.is_file() else sorted(start.rglob("*"))
        for path in candidates:
            is_template = path.suffix in {".html", ".txt", ".xml"} and "templates" in path.parts
            if is_template or (path.suffix == ".py" and "migrations" not in path.parts):
                yield path


def find_messages(paths=()):
    """Return every message of the sources below ``paths`` as Found."""
    found = Found()
    for path in source_files(paths):
        name = path.relative_to(BASE_DIR).as_posix() if path.is_relative_to(BASE_DIR) else str(path)
        text = path.read_text(encoding="utf-8")
        try:
            if path.suffix == ".py":
                _read_python(text, name, found)
            else:
                _read_template(text, name, found)
        except SyntaxError as error:
            found.faults.append(f"{name}: cannot be read: {error}")
    return found


def _read_python(text, name, found):
    tree = ast.parse(text)
    aliases = dict(DEFAULT_ALIASES)
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and node.module == "django.utils.translation":
            aliases |= {alias.asname or alias.name: alias.name for alias in node.names if alias.name in SHAPES}
    for node in ast.walk(tree):
        if not isinstance(node, ast.Call):
            continue
        called = getattr(node.func, "id", "") or getattr(node.func, "attr", "")
        if (function := aliases.get(called)) is None:
            continue
        shape = SHAPES[function]
        values = [a.value if isinstance(a, ast.Constant) and isinstance(a.value, str) else None for a in node.args]
        texts = [value for value in values[: len(shape)] if value is not None]
        if len(texts) < len(shape):
            # A name is looked up elsewhere (enum labels, verbs); a built-up text would never be found.
            if values and isinstance(node.args[0], (ast.JoinedStr, ast.BinOp)):
                found.faults.append(f"{name}:{node.lineno}: the text of {called}() must be one plain literal")
            continue
        found.add(Key(**dict(zip(shape, texts, strict=True))), name)


def _read_template(text, name, found):
    from django.utils.translation.template import templatize

    if "trans" not in text and "_(" not in text:
        return
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        readable = templatize(text, origin=name)
    for match in TEMPLATE_CALL.finditer(readable):
        shape = SHAPES["gettext" if match[1] == "_" else match[1]]
        at, values = match.end(), []
        for _part in shape:
            if (literal := TEMPLATE_STRING.match(readable, at)) is None:
                break
            values.append(ast.literal_eval(literal[1]))
            at = literal.end()
        if len(values) == len(shape):
            found.add(Key(**dict(zip(shape, values, strict=True))), name)
    for line, body in enumerate(text.splitlines(), 1):
        if UNTRIMMED.search(body):
            found.faults.append(f"{name}:{line}: blocktranslate over several lines without trimmed")


# --- the file ---------------------------------------------------------------------------------------------------


def new_catalogue(language):
    """Return an empty catalogue whose header never changes, so that the file is a function of its entries."""
    catalogue = polib.POFile(wrapwidth=118)
    catalogue.metadata = {
        "Project-Id-Version": "factory-transparency-portal",
        "Language": language,
        "MIME-Version": "1.0",
        "Content-Type": "text/plain; charset=UTF-8",
        "Content-Transfer-Encoding": "8bit",
        "Plural-Forms": "nplurals=1; plural=0;" if language == "zh_Hans" else "nplurals=2; plural=(n != 1);",
    }
    return catalogue


def read_catalogue(path=CHINESE):
    """Return the entries of a catalogue file by their place."""
    if not path.exists():
        return {}
    return {Key.of(entry).place: entry for entry in polib.pofile(str(path), encoding="utf-8")}


def write_catalogue(entries, path=CHINESE, language="zh_Hans"):
    """Write the entries sorted by msgid; the same entries always make the same bytes."""
    catalogue = new_catalogue(language)
    for place in sorted(entries):
        entry = entries[place]
        entry.flags = sorted({flag for flag in entry.flags if flag == "fuzzy"} | _format_flags(entry))
        catalogue.append(entry)
    _replace(path, lambda target: catalogue.save(target))


def _format_flags(entry):
    return {"python-format"} if re.search(r"%\(\w+\)", entry.msgid + (entry.msgid_plural or "")) else set()


def _replace(path, write):
    """Let readers see the old file or the whole new one, never half."""
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, target = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    os.close(handle)
    try:
        write(target)
        Path(target).chmod(0o644)
        Path(target).replace(path)
    except BaseException:
        Path(target).unlink(missing_ok=True)
        raise


@contextlib.contextmanager
def locked():
    """Keep other writers of the catalogue out; several people translate at once."""
    LOCALE_DIR.mkdir(exist_ok=True)
    descriptor = os.open(LOCALE_DIR, os.O_RDONLY)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        os.close(descriptor)


def set_messages(translations):
    """
    Put translations into the Chinese catalogue and compile it.

    Returns the faults of what was written (placeholders that differ); those
    entries are left out.
    """
    faults = []
    with locked():
        entries = read_catalogue()
        for text, chinese in translations.items():
            key = Key.parse(text)
            entry = entries.get(key.place) or polib.POEntry(msgid=key.msgid, msgctxt=key.context)
            candidate = polib.POEntry(
                msgid=key.msgid, msgctxt=key.context, occurrences=entry.occurrences, comment=entry.comment
            )
            if key.plural:
                candidate.msgid_plural, candidate.msgstr_plural = key.plural, {0: chinese}
            else:
                candidate.msgstr = chinese
            if problems := entry_faults(candidate):
                faults += problems
                continue
            entries[key.place] = candidate
        write_catalogue(entries)
        compile_catalogues()
    return faults


def missing_messages(paths=()):
    """Return the found messages that have no finished Chinese, with their files."""
    entries = read_catalogue()
    return {key: files for key, files in find_messages(paths).messages.items() if not _is_finished(entries, key)}


def _is_finished(entries, key):
    entry = entries.get(key.place)
    return entry is not None and Key.of(entry) == key and bool(_chinese(entry)) and not entry.fuzzy


def _chinese(entry):
    return entry.msgstr_plural.get(0, "") if entry.msgid_plural else entry.msgstr


def sync():
    """Drop entries no source uses, refresh where the others stand; return the dropped keys."""
    with locked():
        found = find_messages()
        if found.faults:
            raise ValueError("\n".join(found.faults))
        entries = read_catalogue()
        places = {key.place: sorted(files) for key, files in found.messages.items()}
        stale = [str(Key.of(entries.pop(place))) for place in sorted(set(entries) - set(places))]
        for place, entry in entries.items():
            entry.occurrences = [(name, "") for name in places[place]]
        write_catalogue(entries)
        write_catalogue({}, path=ENGLISH, language="en")
        compile_catalogues()
    return stale


def entry_faults(entry):
    """Return what is wrong with one entry, in words."""
    name, chinese = str(Key.of(entry)), _chinese(entry)
    if not chinese.strip():
        return [f"empty: {name!r}"]
    faults = []
    if entry.fuzzy:
        faults.append(f"fuzzy: {name!r}")
    wanted, given = _placeholders(entry.msgid_plural or entry.msgid), _placeholders(chinese)
    if wanted != given:
        faults.append(f"placeholders differ: {name!r} has {sorted(wanted)}, the Chinese {sorted(given)}")
    if POSITIONAL.search(entry.msgid) and len(POSITIONAL.findall(entry.msgid)) > 1:
        faults.append(f"placeholders must have names: {name!r}")
    if entry.msgid.startswith("\n") != chinese.startswith("\n") or entry.msgid.endswith("\n") != chinese.endswith("\n"):
        faults.append(f"line breaks at the ends differ: {name!r}")
    return faults


def _placeholders(text):
    return {"".join(groups) for groups in PLACEHOLDER.findall(text)} | {
        f"positional {number}" for number, _match in enumerate(POSITIONAL.findall(text))
    }


def check():
    """Return everything that keeps the Chinese from being complete and right, in words."""
    found = find_messages()
    entries = read_catalogue()
    faults = list(found.faults)
    by_place = {}
    for key in sorted(found.messages, key=lambda key: (key.place, key.plural)):
        if by_place.setdefault(key.place, key) != key:
            faults.append(f"two plurals for one message: {str(key)!r}")
        entry = entries.get(key.place)
        if entry is None or Key.of(entry) != key:
            faults.append(f"missing: {str(key)!r} ({', '.join(sorted(found.messages[key]))})")
    for place in sorted(entries):
        if place not in by_place:
            faults.append(f"stale: {str(Key.of(entries[place]))!r}")
        else:
            faults += entry_faults(entries[place])
    return faults


def compile_catalogues():
    """Write the .mo files beside the catalogues; untouched ones stay as they are."""
    for path in sorted(LOCALE_DIR.glob("*/LC_MESSAGES/*.po")):
        target = path.with_suffix(".mo")
        if not target.exists() or target.stat().st_mtime_ns < path.stat().st_mtime_ns:
            _replace(target, polib.pofile(str(path), encoding="utf-8").save_as_mofile)


if __name__ == "__main__":  # `make` compiles before Django's settings can be read
    compile_catalogues()
