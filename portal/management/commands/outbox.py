"""Look at what waits to leave the portal, and try failed messages again."""

from django.core.management.base import BaseCommand
from django.utils import timezone

from portal.notices.models import Dispatch, DispatchState
from portal.notices.operations.caring import retry_failed
from portal.notices.operations.sending import drain


class Command(BaseCommand):
    help = (
        "List what waits or has failed in the outbox; retry sends failed messages again; drain sends what is due now."
    )

    def add_arguments(self, parser):
        parser.add_argument("action", choices=["list", "retry", "drain"])
        parser.add_argument("--limit", type=int, default=50, help="how many rows to list (default 50)")

    def handle(self, *, action, limit, **options):
        at = timezone.now()
        if action == "retry":
            self.stdout.write(f"{retry_failed(at=at)} to be tried again")
            return
        if action == "drain":
            self.stdout.write(f"{drain(at=at)} sent")
            return
        rows = Dispatch.objects.filter(state__in=[DispatchState.WAITING, DispatchState.FAILED]).order_by("created_at")
        for row in rows[: max(limit, 0)]:
            self.stdout.write(
                f"{row.pk} {row.channel:<8} {row.state:<7} tries {row.attempts:>2}"
                f" next {row.next_at:%Y-%m-%d %H:%M} UTC {row.last_error}".rstrip()
            )
