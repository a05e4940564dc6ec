"""Work calendar, promises with a due time, the sweep."""

from django.apps import AppConfig
from django.db.models.signals import post_delete, post_migrate, post_save
from django.utils.translation import gettext_lazy as _


class DeadlinesConfig(AppConfig):
    name = "portal.deadlines"
    label = "deadlines"
    verbose_name = _("Deadlines")

    def ready(self):
        from portal.accounts.models import RuleValue

        from . import pulse, registrations
        from .models import CalendarEdition
        from .queries import forget

        registrations.register()
        pulse.listen()
        for model in (CalendarEdition, RuleValue):
            for signal in (post_save, post_delete):
                signal.connect(forget, sender=model, dispatch_uid="deadlines.forget")
        post_migrate.connect(registrations.seed_calendar, sender=self, dispatch_uid="deadlines.seed_calendar")
