from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class AccountsConfig(AppConfig):
    name = "portal.accounts"
    label = "accounts"
    verbose_name = _("People")

    def ready(self):
        from django.contrib.auth.signals import user_logged_in

        from . import places, tasks  # noqa: F401 -- a task rung for by name must be known by then

        # Django would note the second of every sign-in; operations.signing notes the day (trust A6).
        user_logged_in.disconnect(dispatch_uid="update_last_login")
        places.register()
