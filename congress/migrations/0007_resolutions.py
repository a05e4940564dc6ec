import django.db.models.deletion
import uuid
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0002_secrecy_reviewer"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
        ("congress", "0006_paper_reads"),
        ("deadlines", "0002_promise_open_by_due"),
        ("files", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="FrozenSheet",
            fields=[
                (
                    "session",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        primary_key=True,
                        related_name="frozen_sheet",
                        serialize=False,
                        to="congress.session",
                    ),
                ),
                ("lines", models.JSONField()),
                ("at", models.DateTimeField()),
            ],
        ),
        migrations.CreateModel(
            name="Resolution",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("year", models.PositiveSmallIntegerField(null=True)),
                ("serial", models.PositiveIntegerField(null=True)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("draft", "being worded"),
                            ("issued", "being carried out"),
                            ("done", "carried out"),
                            ("replaced", "replaced by a later one"),
                        ],
                        default="draft",
                        max_length=10,
                    ),
                ),
                ("issued_at", models.DateTimeField(null=True)),
                (
                    "item",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT, related_name="resolution", to="congress.agendaitem"
                    ),
                ),
                (
                    "replaces",
                    models.OneToOneField(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="replaced_by",
                        to="congress.resolution",
                    ),
                ),
                (
                    "session",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="resolutions", to="congress.session"
                    ),
                ),
                (
                    "unit",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="accounts.unit"
                    ),
                ),
            ],
            options={
                "ordering": ("-issued_at", "pk"),
                "indexes": [models.Index(fields=["state", "-issued_at"], name="congress_resolution_newest")],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("unit", "year", "serial"), name="congress_resolution_number_is_unique"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("issued_at__isnull", True), ("serial__isnull", True), ("state", "draft")),
                            models.Q(
                                models.Q(("state", "draft"), _negated=True),
                                ("issued_at__isnull", False),
                                ("serial__isnull", False),
                                ("year__isnull", False),
                            ),
                            _connector="OR",
                        ),
                        name="congress_resolution_issued_has_number",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("replaces__isnull", True),
                            models.Q(("replaces", models.F("id")), _negated=True),
                            _connector="OR",
                        ),
                        name="congress_resolution_replaces_another",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="ImplementationReport",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("report", "report on how it was carried out"),
                            ("reason", "reason why there is no report yet"),
                        ],
                        max_length=8,
                    ),
                ),
                ("text", models.CharField(max_length=2000)),
                ("is_final", models.BooleanField(default=False)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("given", "waits for the delegates"),
                            ("approved", "approved by the delegates"),
                            ("rejected", "not approved by the delegates"),
                            ("examined", "examined by the delegates"),
                        ],
                        default="given",
                        max_length=10,
                    ),
                ),
                ("written_at", models.DateTimeField()),
                ("decided_at", models.DateTimeField(null=True)),
                (
                    "item",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="implementation",
                        to="congress.agendaitem",
                    ),
                ),
                (
                    "motion",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="reports",
                        to="congress.motion",
                    ),
                ),
                (
                    "session",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="implementation",
                        to="congress.session",
                    ),
                ),
                (
                    "written_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "resolution",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="reports",
                        to="congress.resolution",
                    ),
                ),
            ],
            options={
                "ordering": ("written_at", "pk"),
                "constraints": [
                    models.UniqueConstraint(fields=("session", "resolution"), name="congress_reported_once_a_session"),
                    models.UniqueConstraint(
                        fields=("session", "motion"), name="congress_motion_reported_once_a_session"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("motion__isnull", False), ("resolution__isnull", True)),
                            models.Q(("motion__isnull", True), ("resolution__isnull", False)),
                            _connector="OR",
                        ),
                        name="congress_report_is_on_one_thing",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("text", ""), _negated=True), name="congress_report_says_something"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("is_final", False),
                            models.Q(("kind", "report"), ("resolution__isnull", False)),
                            _connector="OR",
                        ),
                        name="congress_final_report_is_on_a_resolution",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("state", "given"), ("decided_at__isnull", False), _connector="OR"),
                        name="congress_report_decided_has_time",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="ResolutionSeries",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("year", models.PositiveSmallIntegerField()),
                ("last", models.PositiveIntegerField()),
                (
                    "unit",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="accounts.unit",
                    ),
                ),
            ],
            options={
                "verbose_name_plural": "resolution series",
                "constraints": [
                    models.UniqueConstraint(fields=("unit", "year"), name="congress_register_of_year_is_one")
                ],
            },
        ),
        migrations.CreateModel(
            name="ResolutionTask",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("title", models.CharField(max_length=120, verbose_name="what has to be done")),
                ("due_on", models.DateField(verbose_name="by")),
                (
                    "state",
                    models.CharField(
                        choices=[("open", "under way"), ("done", "done"), ("dropped", "no longer owed")],
                        default="open",
                        max_length=8,
                    ),
                ),
                ("percent", models.PositiveSmallIntegerField(default=0)),
                ("reason", models.CharField(blank=True, max_length=300)),
                ("set_at", models.DateTimeField()),
                ("idempotency_key", models.UUIDField(unique=True)),
                (
                    "person",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "promise",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="resolution_task",
                        to="deadlines.promise",
                    ),
                ),
                (
                    "resolution",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="tasks", to="congress.resolution"
                    ),
                ),
                (
                    "set_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "unit",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="accounts.unit"
                    ),
                ),
            ],
            options={
                "ordering": ("due_on", "set_at", "pk"),
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("percent__lte", 100),
                            models.Q(models.Q(("state", "done"), _negated=True), ("percent", 100), _connector="OR"),
                        ),
                        name="congress_task_done_is_whole",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state", "dropped"), _negated=True),
                            models.Q(("reason", ""), _negated=True),
                            _connector="OR",
                        ),
                        name="congress_task_dropped_says_why",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="ResolutionVersion",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("number", models.PositiveSmallIntegerField()),
                ("title", models.CharField(max_length=120, verbose_name="title")),
                ("text", models.TextField()),
                ("reason", models.CharField(blank=True, max_length=300, verbose_name="what was corrected and why")),
                ("written_at", models.DateTimeField()),
                ("issued_at", models.DateTimeField(null=True)),
                ("sha256", models.CharField(blank=True, max_length=64)),
                (
                    "issued_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "resolution",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="versions", to="congress.resolution"
                    ),
                ),
                (
                    "written_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
            ],
            options={
                "ordering": ("resolution", "number"),
                "constraints": [
                    models.UniqueConstraint(fields=("resolution", "number"), name="congress_wording_is_unique"),
                    models.UniqueConstraint(
                        condition=models.Q(("issued_at__isnull", True)),
                        fields=("resolution",),
                        name="congress_one_wording_waits",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("issued_at__isnull", True),
                            models.Q(
                                ("issued_by__isnull", False),
                                models.Q(("sha256", ""), _negated=True),
                                models.Q(("issued_by", models.F("written_by")), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="congress_wording_issued_by_another",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("number", 1), models.Q(("reason", ""), _negated=True), _connector="OR"),
                        name="congress_correction_has_reason",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="TaskEntry",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("percent", models.PositiveSmallIntegerField(verbose_name="per cent")),
                ("text", models.CharField(max_length=500)),
                ("on", models.DateField(verbose_name="as of")),
                ("at", models.DateTimeField()),
                ("idempotency_key", models.UUIDField(unique=True)),
                (
                    "by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "task",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="entries",
                        to="congress.resolutiontask",
                    ),
                ),
            ],
            options={
                "verbose_name_plural": "task entries",
                "ordering": ("task", "pk"),
                "constraints": [
                    models.CheckConstraint(condition=models.Q(("percent__lte", 100)), name="congress_entry_is_a_share")
                ],
            },
        ),
        migrations.CreateModel(
            name="TaskEvidence",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "entry",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="evidence", to="congress.taskentry"
                    ),
                ),
                (
                    "file",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="files.storedfile"
                    ),
                ),
            ],
            options={
                "verbose_name_plural": "task evidence",
                "ordering": ("pk",),
            },
        ),
    ]
