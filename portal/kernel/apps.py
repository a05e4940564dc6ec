from django.apps import AppConfig
from django.db.models.signals import post_migrate
from django.utils.translation import gettext_lazy as _


class KernelConfig(AppConfig):
    name = "portal.kernel"
    label = "kernel"
    verbose_name = _("Kernel")

    def ready(self):
        from .statistics import forget_statistics

        # Of every app: this one has no tables, so that nothing is said of it.
        post_migrate.connect(forget_statistics, dispatch_uid="kernel.forget_statistics")
