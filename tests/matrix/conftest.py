"""One stage for the tests of a module, one savepoint for each test, a frozen clock."""

import pytest
import time_machine
from django.core.cache import cache
from django.db import transaction
from django.test import Client

from tests.matrix.asking import Asker
from tests.matrix.stage import NOW, Stage


@pytest.fixture(scope="module")
def frozen():
    """Stop the clock for a module, so that sessions stay proved and due days stay where they are."""
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture(scope="module")
def uploads(tmp_path_factory):
    """Keep the files of a module's stage."""
    from django.conf import settings
    from django.test import override_settings

    storages = {**settings.STORAGES}
    storages["default"] = {**storages["default"], "OPTIONS": {"location": tmp_path_factory.mktemp("uploads")}}
    with override_settings(STORAGES=storages):
        yield


@pytest.fixture(autouse=True)
def private_uploads():
    """Leave the uploads where the stage has put them."""


@pytest.fixture(scope="module")
def open_database(django_db_setup, django_db_blocker, frozen, uploads):
    """Open one transaction around a module, and take everything back at its end."""
    with django_db_blocker.unblock():
        around = transaction.atomic()
        around.__enter__()
        yield
        transaction.set_rollback(True)
        around.__exit__(None, None, None)


@pytest.fixture(scope="module")
def whole_stage(open_database):
    """Set the stage of a module."""
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
