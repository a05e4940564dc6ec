"""The living style page: every part as it is drawn now, in both modes."""

from django.views.generic import TemplateView

from portal.home import samples
from portal.home.rules import may_see_styleguide
from portal.kernel.paging import KeysetPage
from portal.kernel.views import VerdictRequiredMixin


class StyleguideView(VerdictRequiredMixin, TemplateView):
    """Show every part with its name; ``?mode=elder`` shows them in elder mode without changing the reader's choice."""

    template_name = "home/styleguide.html"
    may = staticmethod(may_see_styleguide)

    def get_context_data(self, **kwargs):
        is_elder = self.request.GET.get("mode") == "elder"
        self.request.is_elder_mode = is_elder
        faulty = samples.SampleForm(
            {"text": "夜班十一点后吃不上热饭", "number": "", "on": "2026年13月1日", "count": "很多"}
        )
        return super().get_context_data(
            is_elder=is_elder,
            samples={
                name: getattr(samples, name) for name in ("CLOCKS", "STAGES", "EVENTS", "FILES", "PAIRS", "ROWS", "DAY")
            }
            | {"RICH": samples.RICH, "RICH_BEFORE": samples.RICH_BEFORE},
            rich_form=samples.SampleTextForm(auto_id="rich_%s"),
            charts=samples.sample_charts(),
            fresh=samples.SampleForm(auto_id="fresh_%s"),
            faulty=faulty,
            lamps=["grey", "blue", "yellow", "red", "green", "orange"],
            tones=["grey", "ink", "blue", "yellow", "red", "green", "orange", "seal"],
            colours=[
                "ink-950",
                "ink-900",
                "ink-700",
                "ink-600",
                "ink-500",
                "ink-300",
                "ink-100",
                "seal-600",
                "seal-100",
                "paper",
                "line",
            ],
            tabs=[
                {"label": "待受理", "url": "#tabs", "is_current": True, "count": 12},
                {"label": "待答复", "url": "#tabs", "count": 38},
                {"label": "已超期", "url": "#tabs", "count": 3, "tone": "red"},
            ],
            sample_page=KeysetPage([], "next", is_first=False),
            **kwargs,
        )
