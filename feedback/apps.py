from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class FeedbackConfig(AppConfig):
    name = "feedback"
    label = "feedback"
    verbose_name = _("Feedback")

    def ready(self):
        from . import desk_navigation, indicators, navigation, registrations, searching

        registrations.register_channels()
        registrations.register_kinds()
        registrations.register_verbs()
        registrations.register_notices()
        navigation.register()
        desk_navigation.register()
        searching.register()
        indicators.register()
