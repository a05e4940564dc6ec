"""
Charts as SVG made on the server: no script, no inline style, readable in print and without colour.

Each function returns a Chart, which holds the drawing and the same numbers as
a table; {% chart_with_table chart %} shows both. Series differ by colour and
by pattern, so that a grey copy still tells them apart.
"""

from .columns import bar_chart, line_chart, sparkline, stacked_bar_chart
from .drawing import WIDE, WIDTH, Chart
from .rings import donut_chart, radar_chart

__all__ = [
    "WIDE",
    "WIDTH",
    "Chart",
    "bar_chart",
    "donut_chart",
    "line_chart",
    "radar_chart",
    "sparkline",
    "stacked_bar_chart",
]
