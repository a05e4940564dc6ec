// Single-key shortcuts, all optional and switchable (WCAG 2.1.4): ? / j k, and data-key="a" on links and buttons.

const SWITCH = "portal-keys-off";
const read = () => {
  try {
    return localStorage.getItem(SWITCH) !== "yes";
  } catch (error) {
    return true;
  }
};
let isOn = read();

const dialog = document.getElementById("keys");
const box = document.querySelector("[data-keys-switch]");
if (box) {
  box.checked = isOn;
  box.addEventListener("change", () => {
    isOn = box.checked;
    try {
      localStorage.setItem(SWITCH, isOn ? "no" : "yes");
    } catch (error) {
      // Without storage the choice lasts as long as the page.
    }
  });
}

const isWriting = (target) => target.closest("input, textarea, select, [contenteditable], dialog");

const step = (direction) => {
  const rows = Array.from(document.querySelectorAll("[data-row]")).filter((row) => row.offsetParent !== null);
  if (!rows.length) return;
  const at = rows.findIndex((row) => row.contains(document.activeElement));
  const row = rows[Math.min(Math.max(at + direction, 0), rows.length - 1)];
  const target = row.matches("a, button") ? row : row.querySelector("a, button");
  if (target) target.focus();
};

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing || isWriting(event.target)) return;
  if (event.key === "?" && dialog && dialog.showModal) {
    event.preventDefault();
    dialog.showModal();
    return;
  }
  if (!isOn) return;
  if (event.key === "/") {
    const search = document.querySelector("[data-search], input[type=search]");
    if (search) {
      event.preventDefault();
      const filters = search.closest("[data-filters]");
      const fold = filters ? filters.querySelector("details") : search.closest("details");
      if (fold) fold.open = true;
      search.focus();
    }
  } else if (event.key === "j") {
    step(1);
  } else if (event.key === "k") {
    step(-1);
  } else if (event.key.length === 1) {
    const scope = (document.activeElement && document.activeElement.closest("[data-row]")) || document;
    const pressed =
      scope.querySelector(`[data-key="${CSS.escape(event.key)}"]`) || document.querySelector(`[data-key="${CSS.escape(event.key)}"]:not([data-row] *)`);
    if (pressed) {
      event.preventDefault();
      pressed.click();
    }
  }
});
