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
  // A page brought back from the browser's memory belongs to nobody any more.
  window.addEventListener("pageshow", (event) => {
    if (event.persisted) window.location.replace(place.dataset.kioskEnd);
  });
  window.setInterval(() => {
    if (Date.now() - last >= LIMIT) window.location.replace(place.dataset.kioskEnd);
  }, 1000);
}
