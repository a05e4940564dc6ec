"""What every page must keep, measured in the browser: width, headings, language, sizes of type and targets, axe."""

import datetime as dt
from pathlib import Path
from zoneinfo import ZoneInfo

import axe_playwright_python

AXE = Path(axe_playwright_python.__file__).with_name("axe.min.js").read_text(encoding="utf-8")
# Words that Chinese offices write in Latin letters, and names that are the same in both languages.
LATIN = set(
    """
    Aa Android CSV Chrome ChromeOS Ctrl DOCX DingTalk EMAIL EMAIL_HOST Edge English Enter Excel Firefox
    GPS HMAC HOST HTML HTTPS HarmonyOS Headless HeadlessChrome ICS JPEG JPG JSON Linux MB OUTBOUND
    Outlook PDF PNG PORTAL PROXY Python QR RSS SHA Safari Shift TXT UTC WPS WeChat WeCom WebP
    Webhook Windows Word XLSX beat csv doc docx iOS ics jpg json macOS pdf png ppt pptx txt xls xlsx
    """.split()  # noqa: SIM905 -- a list of a hundred quoted words is harder to read
)

MEASURE = Path(__file__).with_suffix(".js").read_text(encoding="utf-8")

# Main controls: what a page is used with; links within text are not among them.
CONTROLS = (
    "main .btn:not(.btn-small), main select, main input:not([type=hidden]):not([type=checkbox]):not([type=radio]), "
    "main textarea, main summary, main .pick, .sheet-acts .btn, .sheet-acts .back, "
    "header .strip-act, header .top-act, header .nav-row > li > a, .nav-button"
)
ALL_CONTROLS = f"{CONTROLS}, main .btn-small, main .tabs a, .foot li a, .menu-body a"


def measure(page, *, language=False, type_px=0, target_px=0, controls=CONTROLS):
    """Return what is measured on the open page: title, h1, wide, latin, tiny, small."""
    options = {
        "latin": sorted(LATIN),
        "language": language,
        "type": type_px,
        "target": target_px,
        "controls": controls,
    }
    return page.evaluate(MEASURE, options)


def axe(page):
    """Return what axe finds serious or critical on the open page, as lines."""
    page.evaluate(AXE)  # by the debugger, which the page's own policy does not bind
    result = page.evaluate(
        """() => axe.run(document, {resultTypes: ["violations"], runOnly: {type: "tag", values:
            ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}})"""
    )
    return [
        f"{found['id']} ({found['impact']}): {node['target']} {node['html'][:160]}"
        for found in result["violations"]
        if found["impact"] in ("serious", "critical")
        for node in found["nodes"][:3]
    ]


def faults_of(page):
    """Return what a story must not meet on the open page: wider than the screen, or, on a phone, serious to axe."""
    wide = measure(page)["wide"]
    return wide + axe(page) if page.viewport_size["width"] < 768 else wide


def today():
    """Return the day that the portal's clock shows."""
    return dt.datetime.now(ZoneInfo("Asia/Shanghai")).date()
