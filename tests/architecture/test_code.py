"""Floors, sizes and habits that import-linter and ruff cannot see."""

import re
from pathlib import Path

from django.apps import apps
from django.conf import settings

OURS = ("portal", "feedback", "disclosures", "congress", "evaluations")
# Higher may point at lower, never the other way (docs: the house's floors).
RANKS = {
    "contenttypes": -1,
    "auth": 0,
    "sessions": 0,
    "kernel": 1,
    "accounts": 2,
    "ledger": 3,
    "deadlines": 4,
    "notices": 5,
    "files": 6,
    "exports": 6,
    "search": 6,
    "ballots": 7,
    "feedback": 8,
    "disclosures": 9,
    "congress": 9,
    "evaluations": 10,
    "home": 11,
}


def _sources():
    for name in OURS:
        yield from sorted((settings.BASE_DIR / name).rglob("*.py"))


def test_relations_point_down_the_floors():
    upward = []
    for model in apps.get_models(include_auto_created=True):
        if model._meta.app_label not in RANKS:
            continue  # a library's own table
        for field in model._meta.get_fields():
            target = field.related_model
            if not field.is_relation or field.auto_created or target is None:
                continue
            here, there = model._meta.app_label, target._meta.app_label
            if here != there and RANKS[there] >= RANKS[here]:
                upward.append(f"{model._meta.label}.{field.name} -> {target._meta.label}")
    assert upward == []


def test_every_table_of_ours_has_a_floor():
    ours = {config.label for config in apps.get_app_configs() if config.name.split(".")[0] in OURS} - {"portal"}
    assert ours - set(RANKS) == set()


def test_files_stay_readable():
    """A file past 400 lines becomes a folder of the same name."""
    long = {
        str(path.relative_to(settings.BASE_DIR)): count
        for path in _sources()
        if "migrations" not in path.parts and (count := len(path.read_text(encoding="utf-8").splitlines())) > 400
    }
    assert long == {}


def test_nothing_is_left_for_later():
    # Put together from parts, so that this file does not find itself.
    words = re.compile(r"\b(" + "|".join(("TO" + "DO", "FIX" + "ME", "XX" + "X", "HA" + "CK")) + r")\b")
    assert [str(path) for path in _sources() if words.search(path.read_text(encoding="utf-8"))] == []


def test_every_silenced_linter_says_why():
    bare = []
    for path in _sources():
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
            if re.search(r"#\s*noqa", line) and not re.search(r"#\s*noqa: [A-Z0-9, ]+ -- \S", line):
                bare.append(f"{path.name}:{number}")
    assert bare == []


def test_committed_files_name_no_machine():
    # Package indexes and home folders tell where something was made; neither belongs to the project.
    parts = ("py" + "pi[.]org", "pythonho" + "sted", "/ho" + "me/[a-z]", "/ro" + "ot/", "/wo" + "rk/")
    pattern = re.compile(r"(?<![\w.])(" + "|".join(parts) + ")")
    places = [Path(settings.BASE_DIR) / name for name in (*OURS, "tests", "templates", "docs", "deploy", ".ci")]
    files = [path for place in places for path in place.rglob("*") if path.is_file()]
    files += [
        settings.BASE_DIR / n for n in ("README.md", "Makefile", "Dockerfile", "docker-compose.yml", "pyproject.toml")
    ]
    text = {".py", ".md", ".html", ".txt", ".toml", ".yml", ".conf", ".sh", ".service", ""}
    named = [
        str(path.relative_to(settings.BASE_DIR))
        for path in files
        if path.suffix in text and path.exists() and pattern.search(path.read_text(encoding="utf-8", errors="replace"))
    ]
    assert named == []
