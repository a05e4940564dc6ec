"""What every page must keep, measured in the browser: width, headings, language, sizes of type and targets, axe."""

from pathlib import Path

import axe_playwright_python

AXE = Path(axe_playwright_python.__file__).with_name("axe.min.js").read_text(encoding="utf-8")
# Words that Chinese offices write in Latin letters, and names that are the same in both languages.
LATIN = {
    "Android", "Aa", "Chrome", "ChromeOS", "CSV", "DingTalk", "Edge", "English", "EMAIL", "EMAIL_HOST", "Enter", "Excel", "Firefox", "GPS", "HarmonyOS",
    "Headless", "HeadlessChrome", "HMAC", "HOST", "OUTBOUND", "PORTAL", "PROXY", "HTML", "HTTPS", "ICS", "JPEG", "JSON", "Linux", "MB", "Outlook", "PDF", "PNG", "Python", "QR", "RSS", "Safari",
    "SHA", "Shift", "TXT", "UTC", "Webhook", "WeChat", "WeCom", "Windows", "Word", "WPS", "WebP", "DOCX", "XLSX", "JPG", "docx", "doc", "iOS", "ics", "jpg", "json", "macOS",
    "pdf", "png", "ppt", "pptx", "xls", "xlsx", "txt", "csv",
}  # fmt: skip

MEASURE = r"""(options) => {
  const visible = (node) => {
    const element = node.nodeType === 1 ? node : node.parentElement;
    if (!element || !element.checkVisibility({ checkOpacity: true, checkVisibilityCSS: true })) return false;
    const box = element.getBoundingClientRect();
    return box.width > 1 && box.height > 1;
  };
  const name = (element) => {
    const words = (element.innerText || element.getAttribute("aria-label") || element.name || "").trim().slice(0, 30);
    return `${element.tagName.toLowerCase()}.${String(element.className).split(" ").join(".")} “${words}”`;
  };
  const root = document.documentElement;
  const found = { title: document.title, lang: root.lang, h1: document.querySelectorAll("h1").length, wide: [], latin: [], small: [], tiny: [] };
  if (root.scrollWidth > root.clientWidth) {
    found.wide.push(`page ${root.scrollWidth} > ${root.clientWidth}`);
    document.querySelectorAll("body *").forEach((element) => {
      const box = element.getBoundingClientRect();
      if (box.right > root.clientWidth + 1 && visible(element) && found.wide.length < 4) found.wide.push(name(element));
    });
  }
  const skipped = "script, style, code, pre, kbd, samp, svg, .mono, [translate=no], [lang]:not(html), .figures, .foot-hash, .slip-print, .slip-address, .foot-print";
  const allowed = new Set(options.latin);
  const words = (text) => (text.replace(/https?:\S+|\b[a-z_]+(?:\.[a-z_]+)+\b|\b[0-9a-f]{8,}\b/g, "").match(/[A-Za-z][A-Za-z']{2,}/g) || []).filter((word) => !allowed.has(word));
  if (options.language) {
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    while (walker.nextNode()) {
      const node = walker.currentNode;
      if (!node.data.trim() || node.parentElement.closest(skipped) || node.parentElement.closest("script, style, template, noscript")) continue;
      if (words(node.data).length) found.latin.push(node.data.trim().slice(0, 80));
    }
    document.querySelectorAll("[aria-label], [placeholder], [alt], [title]").forEach((element) => {
      if (element.closest(skipped)) return;
      ["aria-label", "placeholder", "alt", "title"].forEach((attribute) => {
        const text = element.getAttribute(attribute) || "";
        if (words(text).length) found.latin.push(`${attribute}: ${text.slice(0, 80)}`);
      });
    });
    if (words(document.title).length) found.latin.push(`title: ${document.title}`);
  }
  if (options.type) {
    const seen = new Set();
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    while (walker.nextNode()) {
      const node = walker.currentNode;
      const element = node.parentElement;
      if (!node.data.trim() || !visible(element) || element.closest("svg, .visually-hidden, .skip, .days, .month")) continue;
      const size = parseFloat(getComputedStyle(element).fontSize);
      const key = `${element.tagName}.${element.className}`;
      if (size + 0.05 < options.type && !seen.has(key)) {
        seen.add(key);
        found.tiny.push(`${size} px: ${name(element)}`);
      }
    }
  }
  if (options.target) {
    document.querySelectorAll(options.controls).forEach((element) => {
      if (!visible(element) || element.closest(".visually-hidden, .skip")) return;
      const box = element.getBoundingClientRect();
      if (box.height + 0.5 < options.target || box.width + 0.5 < Math.min(options.target, 44)) {
        found.small.push(`${Math.round(box.width)}×${Math.round(box.height)}: ${name(element)}`);
      }
    });
  }
  return found;
}"""

# Main controls: what a page is used with; links within text are not among them.
CONTROLS = (
    "main .btn:not(.btn-small), main select, main input:not([type=hidden]):not([type=checkbox]):not([type=radio]), "
    "main textarea, main summary, main .pick, header .strip-act, header .top-act, header .nav-row > li > a, .nav-button"
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
