/*
 * The operator's console: every few seconds the page is asked for, and what has changed is put in place of the old.
 * What is being typed stays, and the focus stays where it is. Without this script a reload does the same.
 */

const PERIOD = 4_000;
const PATIENCE = 8_000; // for one answer

const root = document.querySelector("[data-console]");
const parts = (scope) => Array.from(scope.querySelectorAll("[data-live]"));

const chosen = document.querySelector("[autofocus]");
if (chosen) {
  chosen.focus();
  if (chosen.select) chosen.select(); // the next scan replaces what could not be found
}

const mark = (element) => {
  if (!element || !element.name) return "";
  const form = element.closest("[data-form]");
  return `${form ? form.dataset.form : ""}/${element.name}/${element.type === "submit" ? element.value : ""}`;
};

const keepTyped = (from, to) => {
  from.querySelectorAll("textarea, input:not([type=hidden])").forEach((field) => {
    const twin = to.querySelector(`[name="${CSS.escape(field.name)}"]`);
    if (twin && field.value !== field.defaultValue) twin.value = field.value;
  });
};

const put = (page) => {
  const next = page.querySelector("[data-console]");
  if (!next) throw new Error("no console");
  const isSame = next.dataset.stamp === root.dataset.stamp;
  const focused = document.activeElement;
  const where = mark(focused);
  for (const part of parts(root)) {
    const twin = next.querySelector(`[data-live="${part.dataset.live}"]`);
    if (!twin || (isSame && part.dataset.live !== "asof")) continue;
    const fresh = document.importNode(twin, true);
    fresh.querySelectorAll("[autofocus]").forEach((one) => one.removeAttribute("autofocus"));
    keepTyped(part, fresh);
    const hadFocus = part.contains(focused);
    part.replaceWith(fresh);
    if (!hadFocus) continue;
    const back = Array.from(fresh.querySelectorAll("[name]")).find((one) => mark(one) === where);
    const step = fresh.querySelector(".console-next .btn-primary");
    if (back && !back.disabled) back.focus();
    else if (step) step.focus();
  }
  root.dataset.stamp = next.dataset.stamp;
  root.querySelectorAll("[data-form] [name=seen]").forEach((field) => {
    field.value = next.dataset.stamp;
  });
};

async function look() {
  try {
    // A form that is on its way is not disturbed.
    if (!root.querySelector("[data-sending]")) {
      const answer = await fetch(location.pathname, { cache: "no-store", signal: AbortSignal.timeout(PATIENCE) });
      if (!answer.ok || answer.redirected) throw new Error("no console");
      put(new DOMParser().parseFromString(await answer.text(), "text/html"));
    }
    root.querySelector("[data-lost]").hidden = true;
  } catch {
    root.querySelector("[data-lost]").hidden = false;
  }
  setTimeout(look, PERIOD);
}

if (root) setTimeout(look, PERIOD);
