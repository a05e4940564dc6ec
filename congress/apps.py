from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class CongressConfig(AppConfig):
    name = "congress"
    label = "congress"
    verbose_name = _("Workers' congress")

    def ready(self):
        from portal.accounts.own_data import register_share

        from . import channels, evidence, indicators, navigation, owner, registrations
        from .queries.delegates import share_of
        from .queries.motions import share_of_motions

        registrations.register()
        navigation.register()
        owner.register()
        channels.register()
        indicators.register()
        evidence.register()
        register_share("congress", share_of)
        register_share("congress_motions", share_of_motions)
