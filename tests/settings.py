"""
The portal's settings in test mode, whatever the shell around pytest says.

PORTAL_TEST_DATABASE_URL chooses PostgreSQL; without it the suite runs on SQLite.
"""

import os

from portal.env import SWITCHES

for _name in SWITCHES:
    if _name != "PORTAL_VAR":
        os.environ.pop(_name, None)
        os.environ.pop(f"{_name}_FILE", None)
os.environ["PORTAL_MODE"] = "test"
os.environ.setdefault("PORTAL_VAR", "build/test")  # never the demo's own data
if _worker := os.environ.get("PYTEST_XDIST_WORKER"):
    # Files, locks and databases of workers side by side stay apart.
    os.environ["PORTAL_VAR"] = f"{os.environ['PORTAL_VAR'].removesuffix(f'/{_worker}')}/{_worker}"
if _url := os.environ.get("PORTAL_TEST_DATABASE_URL"):
    os.environ["DATABASE_URL"] = _url

from portal.kernel.catalogue import compile_catalogues  # noqa: E402 -- the switches come first
from portal.settings import *  # noqa: E402, F403 -- one settings module, in another mode

INSTALLED_APPS = [*INSTALLED_APPS, "django_migration_linter"]  # noqa: F405 -- lintmigrations is its command

# Each client of a test builds the whole chain anew; looking for static files then is a sixth of the suite.
WHITENOISE_AUTOREFRESH = True

compile_catalogues()
