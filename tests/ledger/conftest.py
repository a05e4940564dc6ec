"""The ledger's tests have verbs of their own."""

import pytest

from portal.ledger import registry
from tests.ledger.acts import VERBS


@pytest.fixture(autouse=True)
def verbs_of_tests(monkeypatch):
    """Know the verbs of tests.ledger.acts for one test, and forget them after it."""
    for verb in VERBS:
        monkeypatch.setitem(registry._VERBS, verb.code, verb)
