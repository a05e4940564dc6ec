"""One running portal and one Chromium for all journeys, a fresh visitor for each test."""

import pytest

from tests.services import absent

from .running import RunningPortal
from .visitor import PATIENCE_MS, Visitor

# Without the background flags Chromium asks its maker's servers at every start.
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-software-rasterizer",
    "--disable-gpu-compositing",
    "--disable-gpu-rasterization",
    "--disable-site-isolation-trials",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-auto-reload",
    "--lang=zh-CN",
]
PHONE, DESKTOP = (390, 844), (1440, 900)


def pytest_collection_modifyitems(items):
    for item in items:
        if item.nodeid.startswith("tests/browser/"):
            item.add_marker(pytest.mark.browser)


@pytest.fixture(scope="session")
def portal(chromium, tmp_path_factory):
    """The running portal (RunningPortal)."""
    with RunningPortal(tmp_path_factory.mktemp("portal")) as running:
        yield running


@pytest.fixture(scope="package")
def browser(chromium):
    """A Chromium, whose start costs as much as fifty pages; Playwright's event loop ends with the folder's tests."""
    try:
        from playwright.sync_api import expect, sync_playwright
    except ImportError:
        absent("needs playwright: make .venv/dev.stamp")
    # Long, because a machine may have other things to do: what is waited for comes as soon as it is there.
    expect.set_options(timeout=PATIENCE_MS)
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=chromium, args=FLAGS)
        yield started
        started.close()


@pytest.fixture
def visit(portal, browser):
    """Return a function that lets a new visitor come: ``visit(size=PHONE, **context options) -> Visitor``."""
    come = []

    def arrive(size=PHONE, **options):
        visitor = Visitor(portal, browser, size=size, **options)
        come.append(visitor)
        return visitor

    yield arrive
    for visitor in come:
        visitor.leave()
    # After the test's own words: a page that broke a rule on the way fails the test that passed it.
    said = [line for visitor in come for line in visitor.complaints]
    assert said == []


@pytest.fixture(params=[PHONE, DESKTOP], ids=["phone", "desktop"])
def size(request):
    """Both sizes in which every journey is walked."""
    return request.param
