"""A frozen clock, and one transaction around all tests that share a stage."""

import pytest
import time_machine
from django.db import transaction

from tests.matrix.stage import NOW


def frozen():
    """Stop the clock, so that sessions stay proved and due days stay where they are."""
    with time_machine.travel(NOW, tick=False):
        yield


def uploads(tmp_path_factory):
    """Keep the files of a stage."""
    from django.conf import settings
    from django.test import override_settings

    storages = {**settings.STORAGES}
    storages["default"] = {**storages["default"], "OPTIONS": {"location": tmp_path_factory.mktemp("uploads")}}
    with override_settings(STORAGES=storages):
        yield


def open_database(django_db_setup, django_db_blocker, frozen, uploads):
    """Open one transaction, and take everything back at its end."""
    with django_db_blocker.unblock():
        around = transaction.atomic()
        around.__enter__()
        yield
        transaction.set_rollback(True)
        around.__exit__(None, None, None)


def kept_for(scope):
    """Return the three as fixtures that last as long as a module, or as a package."""
    return [pytest.fixture(scope=scope)(made) for made in (frozen, uploads, open_database)]
