"""One stage for the tests of this folder, one savepoint for each test, a frozen clock."""

import pytest
from django.core.cache import cache
from django.test import Client

from tests.matrix.asking import Asker
from tests.matrix.opening import kept_for
from tests.matrix.stage import Stage

# tests/conftest.py keeps the folder's tests together, so that a worker sets its stage once.
frozen, uploads, open_database = kept_for("package")


@pytest.fixture(autouse=True)
def private_uploads():
    """Leave the uploads where the stage has put them."""


@pytest.fixture(scope="package")
def whole_stage(open_database):
    """Set the stage."""
    cache.clear()
    return Stage()


@pytest.fixture
def stage(whole_stage, db):
    """Hand out the stage; what a test writes is taken back."""
    return whole_stage


@pytest.fixture
def ask(stage):
    """Hand out the asker of the stage."""
    return Asker(stage)


@pytest.fixture
def ask_fully(stage):
    """Hand out an asker whose answers have their contexts, and whose pages are looked at."""
    asker = Asker(stage)
    asker.client_class = Client
    return asker
