/* A shared kiosk signs itself out after a minute without a touch; while somebody writes, it tells the server so. */

const place = document.querySelector("[data-kiosk]");
const LIMIT = 60_000;
const PING = 20_000;

if (place) {
  let last = Date.now();
  let told = last;

  const touched = () => {
    last = Date.now();
    if (last - told < PING) return;
    told = last;
    const body = new URLSearchParams({ csrfmiddlewaretoken: place.dataset.kioskToken });
    fetch(place.dataset.kioskPing, { method: "POST", body, credentials: "same-origin", redirect: "manual" }).catch(() => {});
  };

  for (const kind of ["keydown", "pointerdown", "touchstart", "scroll", "input"]) {
    document.addEventListener(kind, touched, { passive: true, capture: true });
  }
  // Browsers bring back what was typed when somebody presses Back, but not into forms that say so.
  document.querySelectorAll("form").forEach((form) => form.setAttribute("autocomplete", "off"));

  // Ends the session on the server and not on this screen only; what is shown goes first, however slow the network is.
  const end = () => {
    window.clearInterval(watch);
    document.body.replaceChildren();
    const body = new URLSearchParams({ csrfmiddlewaretoken: place.dataset.kioskToken });
    fetch(place.dataset.kioskOut, { method: "POST", body, credentials: "same-origin", redirect: "manual", keepalive: true })
      .catch(() => {})
      .finally(() => window.location.replace(place.dataset.kioskEnd));
  };

  // A page brought back from the browser's memory belongs to nobody any more.
  window.addEventListener("pageshow", (event) => {
    if (event.persisted) end();
  });
  const watch = window.setInterval(() => {
    if (Date.now() - last >= LIMIT) end();
  }, 1000);
}
