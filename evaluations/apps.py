from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class EvaluationsConfig(AppConfig):
    name = "evaluations"
    label = "evaluations"
    verbose_name = _("Evaluations")

    def ready(self):
        from . import assessment_channel, evidence, navigation, navigation_assessments, owner, registrations
        from .operations.assessing import hear_answer

        registrations.register()
        navigation.register()
        owner.register()
        navigation.register()
        evidence.register()
        assessment_channel.register(hears={"delivered": hear_answer, "closed": hear_answer})
        navigation_assessments.register()
