"""The locks install what pyproject.toml asks for, from wherever the machine gets its packages."""

import re
import subprocess
import sys
import tomllib

import pytest
from django.conf import settings

CHECK = settings.BASE_DIR / ".ci" / "check-locks"
LOCKS = ("requirements.lock", "requirements-dev.lock")


def _pins(name):
    text = (settings.BASE_DIR / name).read_text(encoding="utf-8")
    return {match[1]: match[0] for match in re.finditer(r"^([a-z0-9._-]+)(?:\[[^\]]*\])?==[^\s;]+", text, re.M)}


def test_locks_name_no_place():
    done = subprocess.run([sys.executable, CHECK], capture_output=True, text=True)
    assert (done.returncode, done.stdout) == (0, "2 locks name no place\n")


@pytest.mark.parametrize(
    "line",
    [
        "--index-url https://example.lan/simple",
        "thing @ file:///srv/thing.whl",
        "thing==1",
        "-e /srv/thing",
        "# from example.com",
    ],
)
def test_a_lock_that_names_a_place_is_refused(tmp_path, line):
    path = tmp_path / "requirements.lock"
    path.write_text(line + "\n")
    assert subprocess.run([sys.executable, CHECK, path], capture_output=True).returncode == 1


def test_everything_asked_for_is_pinned():
    project = tomllib.loads((settings.BASE_DIR / "pyproject.toml").read_text(encoding="utf-8"))["project"]

    def names(requirements):
        return {re.match(r"[A-Za-z0-9._-]+", text)[0].lower().replace("_", "-") for text in requirements}

    asked = names(project["dependencies"])
    extra = set().union(*(names(group) for group in project["optional-dependencies"].values()))
    run, dev = (_pins(name) for name in LOCKS)
    assert asked - set(run) == set()
    assert (asked | extra) - set(dev) == set()
    # What is tested is what runs.
    assert {name: pin for name, pin in dev.items() if name in run} == run
