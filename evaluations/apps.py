from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class EvaluationsConfig(AppConfig):
    name = "evaluations"
    label = "evaluations"
    verbose_name = _("Evaluations")

    def ready(self):
        from . import (
            assessment_channel,
            evidence,
            navigation,
            navigation_assessments,
            owner,
            registrations,
            satisfaction_evidence,
            satisfaction_owner,
        )
        from .operations.assessing import hear_answer

        registrations.register()
        navigation.register()
        owner.register()
        satisfaction_owner.register()
        evidence.register()
        satisfaction_evidence.register()
        assessment_channel.register(hears={"delivered": hear_answer, "closed": hear_answer})
        navigation_assessments.register()
