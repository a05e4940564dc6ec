"""Fill the search index from what the apps say may be found."""

from django.core.management.base import BaseCommand, CommandError

from portal.search.checking import drifts
from portal.search.operations import mend, reindex
from portal.search.registry import known_kinds


class Command(BaseCommand):
    help = (
        "File all that can be found anew and take out the rest, while the portal is in use; may be broken off and"
        " begun again. With --check only say what differs; exit status 1 when something does."
    )

    def add_arguments(self, parser):
        parser.add_argument("kinds", nargs="*", help="only these kinds, such as feedback.inquiry")
        parser.add_argument("--check", action="store_true", help="change nothing")

    def handle(self, *args, kinds, check, verbosity, **options):
        known = [kind.code for kind in known_kinds()]
        if unknown := sorted(set(kinds) - set(known)):
            raise CommandError(f"No kind is called {', '.join(unknown)}; there are {', '.join(known)}.")
        if check:
            found = drifts()
            for drift in found:
                self.stdout.write(str(drift))
            if found:
                raise CommandError("The index differs; run manage.py reindex_search.", returncode=1)
            return
        for kind in kinds or known:
            count = reindex(kind, say=self.stderr.write if verbosity > 1 else lambda line: None)
            self.stdout.write(f"{kind}: {count}")
        for drift in drifts() if not kinds else ():
            mend(kind=drift.kind)
