from django.apps import AppConfig
from django.db.models.signals import post_migrate
from django.utils.translation import gettext_lazy as _


class DisclosuresConfig(AppConfig):
    name = "disclosures"
    label = "disclosures"
    verbose_name = _("Disclosures")

    def ready(self):
        from . import (
            board_cards,
            channels,
            evidence,
            indicators,
            navigation,
            registrations,
            searching,
            searching_briefings,
            searching_consultations,
            searching_majors,
            searching_regulations,
        )

        registrations.register()
        navigation.register()
        channels.register()
        indicators.register()
        evidence.register()
        searching.register()
        searching_briefings.register()
        searching_consultations.register()
        board_cards.register()
        searching_majors.register()
        searching_regulations.register()
        post_migrate.connect(registrations.seed, sender=self, dispatch_uid="disclosures.seed")
