/*
 * The screen of the hall: its scene is asked for every three seconds and put in place of the old one. While there is
 * no connection the last scene stays, with the moment of its data.
 */

const PERIOD = 3_000;
const PATIENCE = 8_000; // for one answer

const scene = () => document.querySelector("[data-scene]");

async function draw() {
  try {
    const answer = await fetch(location.href, { cache: "no-store", signal: AbortSignal.timeout(PATIENCE) });
    if (!answer.ok || answer.redirected) throw new Error("no scene");
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const next = page.querySelector("[data-scene]");
    if (!next) throw new Error("no scene");
    scene().replaceWith(document.importNode(next, true));
  } catch {
    scene().querySelector("[data-lost]").hidden = false;
  }
  setTimeout(draw, PERIOD);
}

if (document.querySelector("[data-hall]")) setTimeout(draw, PERIOD);
