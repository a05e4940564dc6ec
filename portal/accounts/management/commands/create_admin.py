from django.core.management.base import BaseCommand, CommandError
from django.db import transaction
from django.utils import timezone

from portal.accounts.enums import Role
from portal.accounts.models import Person
from portal.accounts.operations.founding import found_portal
from portal.accounts.operations.slips import reset_secret
from portal.kernel.texts import clean_code, clean_line
from portal.kernel.verdicts import OperationRefused


class Command(BaseCommand):
    help = (
        "Begin a fresh installation: the enterprise, its first system administrator and its first security "
        "administrator, each with a first secret printed once. With --reset JOBNO, print a new first secret "
        "for an administrator who lost theirs."
    )

    def add_arguments(self, parser):
        parser.add_argument("--company", help="name of the enterprise")
        parser.add_argument("--code", default="00", help="its code (default: 00)")
        parser.add_argument("--system", metavar="JOBNO:NAME", help="the system administrator")
        parser.add_argument("--security", metavar="JOBNO:NAME", help="the security administrator, another person")
        parser.add_argument("--reset", metavar="JOBNO", help="only print a new first secret for this person")

    def handle(self, *, company, code, system, security, reset, **options):
        at = timezone.now()
        if reset:
            person = Person.objects.filter(job_no=clean_code(reset), is_active=True).first()
            if person is None:
                raise CommandError(f"Nobody on the roster has the job number {reset}.")
            self._print([reset_secret(person_id=person.pk, actor="system", at=at)])
            return
        if not (company and system and security):
            raise CommandError("Give --company, --system JOBNO:NAME and --security JOBNO:NAME.")
        people = {Role.SYSTEM_ADMIN: self._person(system), Role.SECURITY_ADMIN: self._person(security)}
        try:
            with transaction.atomic():
                made = found_portal(company=clean_line(company), code=clean_code(code), people=people, at=at)
        except OperationRefused as refusal:
            raise CommandError(str(refusal.reason)) from refusal
        self._print([reset_secret(person_id=person.pk, actor="system", at=at) for person in made])

    def _person(self, text):
        job_no, _colon, name = text.partition(":")
        job_no, name = clean_code(job_no), clean_line(name)
        if not (job_no.isascii() and job_no.isalnum() and name):
            raise CommandError(f"{text!r} is not JOBNO:NAME.")
        return job_no, name

    def _print(self, slips):
        for slip in slips:
            self.stdout.write(f"{slip.person.job_no}  {slip.person.name}  first password: {' '.join(slip.groups)}")
        self.stdout.write("Each password is shown only now and must be changed at the first sign-in.")
