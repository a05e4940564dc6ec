from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class HomeConfig(AppConfig):
    name = "portal.home"
    label = "home"
    verbose_name = _("Portal")

    def ready(self):
        from portal.kernel.keeping import frames, surroundings
        from portal.kernel.navigation import register_item

        from .context import Frame, shown_around

        frames[:] = [Frame]
        if shown_around not in surroundings:
            surroundings.append(shown_around)
        register_item("home.home", _("Home"), "home:home", "house", order=10)
        register_item(
            "home.styleguide",
            _("Style page"),
            "home:styleguide",
            "swatch-book",
            roles=["system_admin"],
            group="manage",
            order=900,
        )
