/*
 * The turn of a delegate who waits to speak: the page is asked for every ten seconds and loaded anew when it says
 * something else. Without a connection what was said last stays.
 */

const PERIOD = 10_000;
const PATIENCE = 8_000; // for one answer

const said = (page) => {
  const turn = page.querySelector("[data-turn]");
  return turn ? turn.textContent.replace(/\s+/g, " ").trim() : "";
};

async function look() {
  try {
    const answer = await fetch(location.href, { cache: "no-store", signal: AbortSignal.timeout(PATIENCE) });
    if (answer.ok && !answer.redirected) {
      const next = said(new DOMParser().parseFromString(await answer.text(), "text/html"));
      if (next && next !== said(document)) {
        location.replace(location.href);
        return;
      }
    }
  } catch {
    // No network: the next look may find it.
  }
  setTimeout(look, PERIOD);
}

if (document.querySelector("[data-turn]")) setTimeout(look, PERIOD);
