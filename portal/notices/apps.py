from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class NoticesConfig(AppConfig):
    name = "portal.notices"
    label = "notices"
    verbose_name = _("Notices")

    def ready(self):
        from portal.deadlines import telling

        from .outbox import post, ring
        from .registry import register_notice

        telling.register_teller(post=post, ring=ring)
        for text in telling.NOTICES:
            register_notice(text.code, title=text.title, url=text.url, label=text.label)
