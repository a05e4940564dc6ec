"""What ``manage.py check --deploy`` asks beyond Django's own questions."""

from celery.schedules import crontab
from django.conf import settings
from django.core.checks import Error, Tags, Warning, register
from django.utils import timezone

MADE_UP = "run with PORTAL_MODE=production and secrets of your own; see docs/operations.md"


@register(Tags.security, deploy=True)
def mode_is_fit_for_workers_data(app_configs, **kwargs):
    """No demo, no embedded database, no made-up secret, no debug page."""
    faults = []
    if not settings.PRODUCTION:
        faults.append(Error(f"PORTAL_MODE is {settings.MODE}.", hint=MADE_UP, id="portal.E001"))
    if settings.DATABASES["default"]["ENGINE"].endswith("sqlite3"):
        faults.append(
            Error("The database is SQLite.", hint="set DATABASE_URL to a PostgreSQL server", id="portal.E002")
        )
    for name in ("SECRET_KEY", "TAG_KEY"):
        if len(getattr(settings, name)) < 50:
            faults.append(Error(f"PORTAL_{name} has fewer than 50 characters.", hint=MADE_UP, id="portal.E003"))
    if settings.SECRET_KEY == settings.TAG_KEY:
        faults.append(Error("PORTAL_SECRET_KEY and PORTAL_TAG_KEY are the same.", hint=MADE_UP, id="portal.E004"))
    if settings.DEBUG:
        faults.append(Error("DEBUG shows code and values to visitors.", id="portal.E005"))
    if not settings.HTTPS:
        faults.append(Warning("PORTAL_HTTPS is no.", hint="use deploy/make-ca.sh for a certificate", id="portal.W006"))
    return faults


@register(Tags.security, deploy=True)
def logs_leak_nothing(app_configs, **kwargs):
    """Every log handler keeps quiet about anonymous pages, and no error report carries a form."""
    faults = []
    for name, handler in settings.LOGGING["handlers"].items():
        if "quiet_paths" not in handler.get("filters", ()):
            faults.append(Error(f"Log handler {name} lacks the quiet_paths filter.", id="portal.E010"))
        if handler["class"].endswith("AdminEmailHandler"):
            faults.append(Error(f"Log handler {name} mails requests around.", id="portal.E011"))
    if settings.DEFAULT_EXCEPTION_REPORTER_FILTER != "portal.kernel.logs.SilentReporterFilter":
        faults.append(Error("Error reports are not silent about people.", id="portal.E012"))
    if settings.SESSION_SAVE_EVERY_REQUEST:
        faults.append(Error("Sessions saved at every request tell when somebody was here.", id="portal.E013"))
    return faults


@register(Tags.security, deploy=True)
def tasks_run_apart_and_once(app_configs, **kwargs):
    """Tasks run in workers, end before the broker hands them out again, and do not pile up."""
    faults = []
    if settings.CELERY_TASK_ALWAYS_EAGER:
        faults.append(Error("Tasks run inside requests.", id="portal.E020"))
    visible = settings.CELERY_BROKER_TRANSPORT_OPTIONS.get("visibility_timeout")
    if visible is not None and visible <= settings.CELERY_TASK_TIME_LIMIT:
        faults.append(Error("A long task would be handed out twice.", id="portal.E021"))
    for name, entry in settings.CELERY_BEAT_SCHEDULE.items():
        if not isinstance(entry["schedule"], crontab):
            faults.append(Error(f"{name} has an interval, which restarts postpone for ever.", id="portal.E022"))
        if "expires" not in entry.get("options", {}):
            faults.append(Error(f"{name} never expires; a stopped worker would find a pile.", id="portal.E023"))
    return faults


@register(Tags.database, deploy=True)
def beat_is_alive(app_configs, databases, **kwargs):
    """The sweep ran lately; asked only with ``check --deploy --database default``."""
    if not databases:
        return []
    from portal.home.health import OK, sweep_is_recent

    finding = sweep_is_recent(timezone.now())
    if finding.state == OK:
        return []
    return [Warning(f"The deadline sweep {finding.note}.", hint=finding.advice, id="portal.W030")]
