"""The living style page: every component as it is drawn now, in both modes."""

from django.views.generic import TemplateView

from portal.home.rules import may_see_styleguide
from portal.kernel.views import VerdictRequiredMixin


class StyleguideView(VerdictRequiredMixin, TemplateView):
    template_name = "home/styleguide.html"
    may = staticmethod(may_see_styleguide)
