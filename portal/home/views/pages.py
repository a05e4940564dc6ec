"""The front page, the home after signing in, help and privacy."""

from django.shortcuts import redirect
from django.utils.decorators import method_decorator
from django.views.generic import TemplateView

from portal.accounts.middleware import public_view


@method_decorator(public_view, name="dispatch")
class FrontView(TemplateView):
    """What a visitor sees: one main act, the progress box, the lamps."""

    template_name = "home/front.html"


class HomeView(TemplateView):
    """The home of somebody signed in; what waits for them comes from the apps."""

    template_name = "home/home.html"

    def dispatch(self, request, *args, **kwargs):
        if not request.user.is_authenticated:
            return redirect("home:front")
        return super().dispatch(request, *args, **kwargs)


@method_decorator(public_view, name="dispatch")
class HelpView(TemplateView):
    """How to do the few things that most people come for, and whom to ask."""

    template_name = "home/help.html"


@method_decorator(public_view, name="dispatch")
class PrivacyView(TemplateView):
    """What is stored for how long, and which identity mode reveals what."""

    template_name = "home/privacy.html"
