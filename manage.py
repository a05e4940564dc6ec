#!/usr/bin/env python
"""Run a management command of the portal."""

import os
import sys

# These are for trying out and for builders: they need no configured production portal.
MADE_UP_SECRETS_WILL_DO = {"demo", "catalogue", "bench", "describe"}


def main():
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings")
    if MADE_UP_SECRETS_WILL_DO.intersection(sys.argv[1:2]):
        os.environ.setdefault("PORTAL_MODE", "demo")
    from django.core.management import execute_from_command_line

    execute_from_command_line(sys.argv)


if __name__ == "__main__":
    main()
