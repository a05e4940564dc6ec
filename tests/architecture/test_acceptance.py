"""Every acceptance test that is demanded exists under its id, is asked in CI, and on real services where it must be."""

import ast
import re
from collections import defaultdict

import pytest
from django.conf import settings

# How many there are of each letter: reliability, privacy, security, data, load, use.
LAST = {"r": 20, "p": 10, "s": 11, "d": 8, "l": 4, "u": 12}
# What concerns the parts that are built; later parts add theirs here.
DEMANDED = (
    *(["r01", "r02", "r03", "r04", "r06", "r07", "r08", "r09", "r10", "r11", "r12", "r14", "r15", "r16", "r17"]),
    *(["p01", "p02", "p03", "p04", "p05", "p06", "p09", "p10"]),
    *(["s01", "s02", "s03", "s04", "s05", "s06", "s08", "s09", "s10", "s11"]),
    *(["d03", "d04", "d05", "d06", "d07", "d08", "l01", "l04", "s07", "u01", "u02", "u03", "u04", "u07"]),
)
# These speak of killed, flushed or doubled processes, or of both databases: one test at least needs real services.
ON_SERVICES = {
    *("r01", "r02", "r03", "r04", "r06", "r12", "r14", "r16", "r17", "p01", "p02", "p03", "p09", "p10"),
    *("s10", "d03", "d04"),
}
IN_CHROMIUM = {"s07", "u01", "u02", "u03"}

NAME = re.compile(r"^test_([a-z])(\d\d)_[a-z]")
ALMOST = re.compile(r"^test_[A-Za-z]\d+(_|$)")


def marks_of(module, function):
    """Return the words in whatever marks a test: its decorators and the module's own mark."""
    named = {
        target.id: ast.unparse(statement.value)
        for statement in module.body
        if isinstance(statement, ast.Assign)
        for target in statement.targets
        if isinstance(target, ast.Name)
    }
    sources = [ast.unparse(decorator) for decorator in function.decorator_list]
    sources = [named.get(source, source) for source in sources]
    # A slow size among others leaves the others to CI.
    sources = [source if "parametrize" not in source else source.replace("mark.slow", "") for source in sources]
    sources.append(named.get("pytestmark", ""))
    return set(re.findall(r"\w+", " ".join(sources)))


def collect():
    """Return {id: [(place, marks)]} of all tests with an id, and the names that only look like one."""
    found, odd = defaultdict(list), []
    for path in sorted((settings.BASE_DIR / "tests").rglob("test_*.py")):
        module = ast.parse(path.read_text(encoding="utf-8"))
        for function in ast.walk(module):
            if not isinstance(function, ast.FunctionDef) or not ALMOST.match(function.name):
                continue
            place = f"{path.relative_to(settings.BASE_DIR)}::{function.name}"
            match = NAME.match(function.name)
            if not match or not 1 <= int(match[2]) <= LAST.get(match[1], 0):
                odd.append(place)
                continue
            marks = marks_of(module, function) | ({"browser"} if "browser" in path.parts else set())
            found[match[1] + match[2]].append((place, marks))
    return found, odd


FOUND, ODD = collect()


def test_names_of_acceptance_tests_are_written_in_one_way():
    assert ODD == [], "test_<letter><two digits>_<what must hold>"
    assert len(FOUND) >= len(DEMANDED)


@pytest.mark.parametrize("wanted", DEMANDED)
def test_what_is_demanded_is_asked(wanted):
    tests = FOUND.get(wanted, [])
    in_time = [place for place, marks in tests if "slow" not in marks]
    assert in_time, f"no test of {wanted} runs in CI; there are {[place for place, _ in tests]}"
    if wanted in ON_SERVICES:
        assert [place for place, marks in tests if marks & {"services", "both_engines"}], "none on real services"
    if wanted in IN_CHROMIUM:
        assert [place for place, marks in tests if "browser" in marks], "none in Chromium"
