import json
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError

from portal.kernel import catalogue


class Command(BaseCommand):
    help = "Keep the Chinese catalogue: set FILE.json, missing, sync, check, compile."
    requires_system_checks = []

    def add_arguments(self, parser):
        verbs = parser.add_subparsers(dest="verb", required=True)
        put = verbs.add_parser("set", help='put translations from a JSON file {"English": "中文"} and compile')
        put.add_argument("files", nargs="+", metavar="FILE.json")
        missing = verbs.add_parser("missing", help="print what has no Chinese yet as JSON, ready for set")
        missing.add_argument("paths", nargs="*", metavar="PATH")
        verbs.add_parser("sync", help="drop what no source uses, refresh where the rest stands")
        verbs.add_parser("check", help="fail on missing, empty, fuzzy and stale entries and differing placeholders")
        verbs.add_parser("compile", help="write the .mo files")

    def handle(self, *, verb, **options):
        getattr(self, f"do_{verb}")(**options)

    def do_set(self, *, files, **options):
        translations = {}
        for file in files:
            try:
                translations |= json.loads(Path(file).read_text(encoding="utf-8"))
            except (OSError, ValueError) as error:
                raise CommandError(f"{file}: {error}") from error
        if not all(isinstance(chinese, str) for chinese in translations.values()):
            raise CommandError("every translation must be a string")
        faults = catalogue.set_messages(translations)
        self.stdout.write(f"{len(translations) - len(faults)} messages set")
        if faults:
            raise CommandError("left out:\n" + "\n".join(faults))

    def do_missing(self, *, paths, **options):
        missing = catalogue.missing_messages(paths)
        self.stdout.write(json.dumps({str(key): "" for key in sorted(missing, key=str)}, ensure_ascii=False, indent=1))
        self.stderr.write(f"{len(missing)} without Chinese")

    def do_sync(self, **options):
        try:
            stale = catalogue.sync()
        except ValueError as error:
            raise CommandError(str(error)) from error
        for key in stale:
            self.stdout.write(f"dropped {key!r}")
        self.stdout.write(f"{len(catalogue.read_catalogue())} messages kept, {len(stale)} dropped")

    def do_check(self, **options):
        if faults := catalogue.check():
            raise CommandError("\n".join([*faults, f"{len(faults)} faults in the catalogue"]))
        self.stdout.write(f"{len(catalogue.read_catalogue())} messages, complete in Chinese")

    def do_compile(self, **options):
        catalogue.compile_catalogues()
