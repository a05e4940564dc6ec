"""Real PostgreSQL, Redis and Chromium: where they are, and what to do when they are not."""

import os
import shutil
from pathlib import Path

import pytest

# The shell first: it draws the same pages and takes half the time, having no windows, menus and tabs of its own.
CHROMIUM_PLACES = (
    "/usr/bin/chromium-headless-shell",
    "/usr/bin/chromium",
    "/usr/bin/chromium-browser",
    "/usr/bin/google-chrome",
)


def must_have_services():
    """Whether a missing service is a failure; on a developer's machine it is a reason to skip."""
    return os.environ.get("CI", "").lower() in {"1", "true", "yes"}


def absent(what):
    """Skip the test because ``what`` is not here; fail it in CI, where everything must be."""
    if must_have_services():
        pytest.fail(f"{what}; CI=true, so nothing may be skipped", pytrace=False)
    pytest.skip(what)


def find_chromium():
    """Return the path of a Chromium without windows, or of any, or None."""
    places = [os.environ.get("CHROMIUM"), *CHROMIUM_PLACES, shutil.which("chromium"), shutil.which("google-chrome")]
    return next((place for place in places if place and Path(place).exists()), None)


# A test that must hold on both engines: ``make test`` asks the first, the service-backed suite the second.
both_engines = pytest.mark.parametrize(
    "engine", ["sqlite", pytest.param("postgresql", marks=pytest.mark.services)], indirect=True
)
