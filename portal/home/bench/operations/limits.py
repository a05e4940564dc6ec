"""The operations that belong to no app: the limits themselves, and the smallest page of the portal."""

from portal.home.bench.limits import shot_of
from portal.home.bench.registry import register


@register("limit: one select")
def one_select(bench):
    """What reading 25 rows costs at least."""
    return shot_of("one_select", size=10 * 1024)


@register("limit: signed in")
def signed_in(bench):
    """The same with a session and a person."""
    return shot_of("signed_in", size=10 * 1024, cookies=bench.cookies(bench.person()))


@register("limit: one insert")
def one_insert(bench):
    """What storing one row costs at least."""
    return shot_of("one_insert", size=1024)


@register("livez", statements=0)
def livez(bench):
    """The whole stack of middleware around three bytes."""
    return bench.page("/livez")
