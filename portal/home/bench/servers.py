"""Private servers for a bench, where their programs are installed: PostgreSQL and Redis."""

import contextlib


@contextlib.contextmanager
def servers():
    """Start what is installed and give the switches that point to it; all of it is gone afterwards."""
    from tests.servers import Missing, Postgres, Redis  # a checkout's own; the wheel has neither tests nor a bench

    class Steady(Postgres):
        settings = ("max_connections=60", "shared_buffers=512MB", "max_wal_size=4GB", "log_min_error_statement=panic")

    switches = {}
    with contextlib.ExitStack() as stack:
        for name, server in (("DATABASE_URL", Steady), ("REDIS_URL", Redis)):
            with contextlib.suppress(Missing):
                switches[name] = stack.enter_context(server()).url
        yield switches
