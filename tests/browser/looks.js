// Measures the open page; looks.py says what of it is a fault.
(options) => {
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
  const words = (text) => (text.replace(/https?:\S+|\b[a-z_]+(?:\.[a-z_]+)+\b|\b(?:[0-9a-f]{8,}|[0-9A-F]{8})\b/g, "").match(/[A-Za-z][A-Za-z']{2,}/g) || []).filter((word) => !allowed.has(word));
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
  // A sheet of paper keeps the sizes it is printed in: type and targets are those of the bar above it.
  const paper = document.querySelector("body.sheet-body > main.sheet");
  const onPaper = (element) => paper !== null && !element.closest(".sheet-acts");
  if (options.type) {
    const seen = new Set();
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    while (walker.nextNode()) {
      const node = walker.currentNode;
      const element = node.parentElement;
      if (!node.data.trim() || !visible(element) || onPaper(element)) continue;
      if (element.closest("svg, .visually-hidden, .skip, .days, .month")) continue;
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
      if (!visible(element) || onPaper(element) || element.closest(".visually-hidden, .skip")) return;
      const box = element.getBoundingClientRect();
      if (box.height + 0.5 < options.target || box.width + 0.5 < Math.min(options.target, 44)) {
        found.small.push(`${Math.round(box.width)}×${Math.round(box.height)}: ${name(element)}`);
      }
    });
  }
  return found;
}
