"""The surroundings of a child process of the portal."""

import os

from portal.env import SWITCHES


def clean_environment(**switches):
    """Return this process's environment without any switch of the portal but those given."""
    own = {*SWITCHES, *(f"{name}_FILE" for name in SWITCHES), "DJANGO_SETTINGS_MODULE"}
    kept = {name: value for name, value in os.environ.items() if name not in own}
    return kept | {name: str(value) for name, value in switches.items()}
