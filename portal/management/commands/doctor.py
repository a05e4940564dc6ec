import dataclasses
import json
import sys

from django.core.management.base import BaseCommand
from django.utils import timezone

from portal.home.doctor import CHECKS, FAIL, OK, WARN, examine


class Command(BaseCommand):
    help = "Examine the installation: one line a check; exit 0 when all is well, 1 for warnings, 2 for failures."
    requires_system_checks = []

    def add_arguments(self, parser):
        parser.add_argument("--json", action="store_true", help="print a list of findings as JSON")
        parser.add_argument("--only", action="append", choices=sorted(CHECKS), default=[], help="run this check only")

    def handle(self, *, only, **options):
        findings = examine(at=timezone.now(), only=only)
        if options["json"]:
            self.stdout.write(json.dumps([dataclasses.asdict(finding) for finding in findings], ensure_ascii=False))
        else:
            styles = {OK: self.style.SUCCESS, WARN: self.style.WARNING, FAIL: self.style.ERROR}
            for finding in findings:
                line = f"{finding.state:<5}{finding.name:<14}{finding.note}"
                if finding.state != OK and finding.advice:
                    line += f"  → {finding.advice}"
                self.stdout.write(styles[finding.state](line.rstrip()))
        states = {finding.state for finding in findings}
        sys.exit(2 if FAIL in states else 1 if WARN in states else 0)
