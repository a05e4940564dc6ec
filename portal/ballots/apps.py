from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class BallotsConfig(AppConfig):
    name = "portal.ballots"
    label = "ballots"
    verbose_name = _("Ballot box")

    def ready(self):
        from . import registrations

        registrations.register()
