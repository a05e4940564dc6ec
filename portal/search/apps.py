from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class SearchConfig(AppConfig):
    name = "portal.search"
    label = "search"
    verbose_name = _("Search")

    def ready(self):
        from portal.kernel.navigation import register_item

        register_item("search.search", _("Search"), "search:search", "search", order=5, group="tools", is_public=True)
