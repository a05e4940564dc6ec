from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from portal.accounts.models import Person
from portal.accounts.operations.signing import end_all_sessions, end_sessions


class Command(BaseCommand):
    help = "Sign one person or everybody out, from the next request on."

    def add_arguments(self, parser):
        who = parser.add_mutually_exclusive_group(required=True)
        who.add_argument("--user", metavar="JOBNO", help="the person's job number")
        who.add_argument("--all", action="store_true", help="everybody; asks twice unless --yes is given")
        parser.add_argument("--yes", action="store_true", help="do not ask")

    def handle(self, *, user, yes, **options):
        at = timezone.now()
        if options["all"]:
            if not yes and input("Sign everybody out? Type yes: ").strip() != "yes":
                raise CommandError("Nobody was signed out.")
            self.stdout.write(f"{end_all_sessions(at=at)} people were signed in somewhere; now nobody is.")
            return
        person = Person.objects.filter(job_no=user).first()
        if person is None:
            raise CommandError(f"Nobody has the job number {user}.")
        end_sessions(person_id=person.pk, actor="system", at=at)
        self.stdout.write(f"{person.job_no} is signed out everywhere.")
