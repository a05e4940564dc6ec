from django.apps import AppConfig


class PortalConfig(AppConfig):
    name = "portal"
    label = "portal"

    def ready(self):
        from portal import checks  # noqa: F401 -- importing registers them
