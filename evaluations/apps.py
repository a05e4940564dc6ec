from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class EvaluationsConfig(AppConfig):
    name = "evaluations"
    label = "evaluations"
    verbose_name = _("Evaluations")

    def ready(self):
        from . import navigation, owner, registrations

        registrations.register()
        owner.register()
        navigation.register()
