from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from portal.kernel import navigation


class LedgerConfig(AppConfig):
    name = "portal.ledger"
    label = "ledger"
    verbose_name = _("Ledger")

    def ready(self):
        from portal.accounts import acts

        from .recording import record, record_many
        from .registry import register_verb

        acts.connect(record=record, record_many=record_many, register_verb=register_verb)
        navigation.register_item(
            "ledger.audit",
            _("Ledger entries"),
            "ledger:audit",
            "scroll-text",
            roles=["auditor"],
            order=80,
            group="manage",
        )
