/*
 * A display board: one card after the other, for days. One timer drives everything; one card stands in the page;
 * what is kept (the last feed, what was shown since the last pulse) has a bound.
 *
 * A lost network changes nothing but a line: the last cards go on, with the time of their data. What has ended by the
 * clock leaves the board without a network, too; what was withdrawn leaves with the next answer.
 */

const POLL = 25_000;
const PULSE = 60_000;
const PATIENCE = 12_000; // for one answer
const LOST = 60_000; // two asked in vain: whoever looks up is told within a minute (trust-and-experience.md U10)
const HOLD = 300_000; // a board that somebody stopped and left goes on by itself
const MOST_KEPT = 2_000_000;
const MOST_LINES = 300;
const DAY_MS = 86_400_000;
const SIZES = ["grow-2", "grow-1", "fit-0", "fit-1", "fit-2", "fit-3"]; // the largest that fits

const root = document.querySelector("[data-board]");

if (root) {
  const find = (name) => root.querySelector(`[data-${name}]`);
  const stage = find("stage");
  const parts = {
    time: find("time"),
    day: find("day"),
    age: find("age"),
    lost: find("lost"),
    asOf: find("as-of"),
    progress: find("progress"),
    number: find("number"),
    count: find("count"),
    pause: find("pause"),
    pauseOff: find("pause-off"),
    pauseOn: find("pause-on"),
  };
  const keys = { feed: `board:${root.dataset.board}`, shown: `board:${root.dataset.board}:shown` };
  const isLive = Boolean(root.dataset.feed);

  const state = {
    cards: [...stage.children].map((node) => {
      node.hidden = false;
      return { key: node.dataset.key, until: Number(node.dataset.until), text: node.dataset.text, html: node.innerHTML };
    }),
    content: root.dataset.content,
    seconds: Number(root.dataset.seconds),
    isUrgent: root.dataset.urgent === "1",
    dataAt: Number(root.dataset.at), // by the portal's clock
    // The portal's clock at a moment of the browser's own steady one.
    clock: { portal: Number(root.dataset.at), steady: performance.now() },
    place: -1,
    shownAt: 0,
    isPaused: false,
    pausedAt: 0,
    answeredAt: performance.now(),
    askedAt: performance.now(),
    toldAt: performance.now(),
    isAsking: false,
    isTelling: false,
    unknown: 0,
    shown: {},
  };

  const now = () => state.clock.portal + performance.now() - state.clock.steady;
  // The plant's hours whatever the browser thinks of zones: eight hours before Greenwich, no summer time.
  const local = (at) => new Date(at + 8 * 3_600_000);
  const hhmm = (at) => local(at).toISOString().slice(11, 16);
  const dayOf = (at) => local(at).toISOString().slice(0, 10);
  const write = (node, text) => {
    if (node.textContent !== text) node.textContent = text;
  };

  // Kept on this device --------------------------------------------------------------------------------------

  const keep = (key, value) => {
    try {
      const text = JSON.stringify(value);
      if (text.length <= MOST_KEPT) localStorage.setItem(key, text);
      else localStorage.removeItem(key);
    } catch {
      // No room, or not allowed: the board goes on from memory.
    }
  };
  const kept = (key) => {
    try {
      return JSON.parse(localStorage.getItem(key));
    } catch {
      return null;
    }
  };
  const keepFeed = () => {
    const { content, seconds, isUrgent, cards, dataAt } = state;
    keep(keys.feed, { content, seconds, isUrgent, cards, dataAt });
  };

  const restore = () => {
    try {
      // Of another board, or of an address before this one.
      for (const key of Object.keys(localStorage)) {
        if (key.startsWith("board:") && key !== keys.feed && key !== keys.shown) localStorage.removeItem(key);
      }
    } catch {
      return;
    }
    const feed = kept(keys.feed);
    if (feed && Array.isArray(feed.cards) && feed.dataAt > state.dataAt) {
      // The page came out of the browser's own memory: what was received last is newer.
      Object.assign(state, feed);
      state.clock = { portal: Math.max(Date.now(), feed.dataAt), steady: performance.now() };
    }
    const shown = kept(keys.shown);
    if (shown && typeof shown === "object") state.shown = shown;
  };

  // Showing --------------------------------------------------------------------------------------------------

  const isOver = (card) => card.until > 0 && card.until <= now();

  const fit = () => {
    const body = stage.querySelector("[data-fit]");
    if (!body) return;

    for (const name of SIZES) {
      body.classList.remove(...SIZES);
      body.classList.add(name);
      if (body.scrollHeight <= body.clientHeight + 1 && body.scrollWidth <= body.clientWidth + 1) return;
    }
  };

  const draw = (card) => {
    const section = document.createElement("section");
    section.className = "board-card";
    section.dataset.key = card.key;
    section.innerHTML = card.html;
    stage.replaceChildren(section);
    fit();
  };

  // Adds up what the card on the board was shown for; called whenever it leaves.
  const note = () => {
    const card = state.cards[state.place];
    if (!isLive || !card || !card.text || !state.shownAt) return;
    const seconds = Math.round((performance.now() - state.shownAt) / 1000);
    if (seconds < 1) return;
    const line = `${card.text}|${dayOf(now())}`;
    const [times, before] = state.shown[line] || [0, 0];
    const first = state.cards.findIndex((one) => one.text === card.text);
    state.shown[line] = [times + (first === state.place ? 1 : 0), Math.min(before + seconds, DAY_MS / 1000)];
    const lines = Object.keys(state.shown);
    if (lines.length > MOST_LINES) delete state.shown[lines[0]];
    keep(keys.shown, state.shown);
  };

  const show = (place) => {
    note();
    const count = state.cards.length;
    let next = count ? ((place % count) + count) % count : -1;
    for (let step = 0; step < count && isOver(state.cards[next]); step += 1) next = (next + 1) % count;
    state.place = next;
    state.shownAt = performance.now();
    if (next < 0 || isOver(state.cards[next])) {
      stage.replaceChildren();
      state.place = -1;
    } else {
      draw(state.cards[next]);
    }
    write(parts.number, String(state.place + 1));
    write(parts.count, String(count));
    parts.progress.max = state.seconds;
    parts.progress.value = 0;
  };

  const take = (feed) => {
    const before = state.cards[state.place];
    const { content, seconds, isUrgent, cards } = feed;
    const place = before ? cards.findIndex((card) => card.key === before.key) : -1;
    const isElsewhere = place < 0 || isUrgent !== state.isUrgent;
    if (isElsewhere) note();
    root.classList.toggle("board-urgent", isUrgent);
    const goOn = isUrgent !== state.isUrgent || !before ? 0 : Math.max(state.place, 0);
    Object.assign(state, { content, seconds, isUrgent, cards });
    if (isElsewhere) {
      // What was on the board is gone: another one takes its place at once.
      state.shownAt = 0;
      show(goOn);
      return;
    }
    state.place = place;
    if (cards[place].html !== before.html) draw(cards[place]);
    write(parts.number, String(place + 1));
    write(parts.count, String(cards.length));
  };

  const sayGone = () => {
    const paragraph = document.createElement("p");
    paragraph.className = "board-gone";
    paragraph.textContent = root.dataset.gone;
    state.shownAt = 0;
    Object.assign(state, { cards: [], place: -1, content: "" });
    stage.replaceChildren(paragraph);
    for (const key of Object.values(keys)) localStorage.removeItem(key);
  };

  // Asking and telling -----------------------------------------------------------------------------------------

  const ask = async () => {
    const askedAt = performance.now();
    Object.assign(state, { isAsking: true, askedAt });
    try {
      const headers = state.content ? { "If-None-Match": `"${state.content}"` } : {};
      const options = { headers, cache: "no-store", credentials: "omit", redirect: "error" };
      const answer = await fetch(root.dataset.feed, { ...options, signal: AbortSignal.timeout(PATIENCE) });
      if (answer.status === 404) {
        // Twice, because a portal that is just being started may not know its own addresses for a moment.
        state.unknown += 1;
        if (state.unknown === 2) sayGone();
        return;
      }
      if (answer.status !== 200 && answer.status !== 304) return;
      const feed = answer.status === 200 ? await answer.json() : null;
      const portal = Number(answer.headers.get("X-Portal-Time"));
      state.clock = { portal, steady: performance.now() };
      state.dataAt = portal;
      state.unknown = 0;
      // As old as its question: an answer that was long on its way does not make the board live for longer.
      state.answeredAt = askedAt;
      if (feed && feed.edition !== root.dataset.edition) {
        // The portal has been renewed; the new page brings the new script, and nothing is lost.
        note();
        location.reload();
        return;
      }
      if (feed) take(feed);
      keepFeed();
    } catch {
      // No network, no portal: the next try is the next turn.
    } finally {
      state.isAsking = false;
    }
  };

  const tell = async () => {
    state.isTelling = true;
    state.toldAt = performance.now();
    const sent = structuredClone(state.shown);
    try {
      const body = JSON.stringify({ content: state.content, shown: sent });
      const headers = { "Content-Type": "application/json" };
      const options = { method: "POST", body, headers, credentials: "omit", redirect: "error" };
      const answer = await fetch(root.dataset.pulse, { ...options, signal: AbortSignal.timeout(PATIENCE) });
      if (answer.ok) {
        // What was shown while the answer was on its way stays for the next time.
        const rest = {};
        for (const [line, [times, seconds]] of Object.entries(state.shown)) {
          const [before, long] = sent[line] || [0, 0];
          if (seconds > long) rest[line] = [times - before, seconds - long];
        }
        state.shown = rest;
        keep(keys.shown, rest);
      }
    } catch {
      // Told the next time.
    } finally {
      state.isTelling = false;
    }
  };

  // The one timer ----------------------------------------------------------------------------------------------

  const pause = (isPaused) => {
    state.isPaused = isPaused;
    state.pausedAt = performance.now();
    parts.pause.setAttribute("aria-pressed", String(isPaused));
    parts.pauseOff.hidden = isPaused;
    parts.pauseOn.hidden = !isPaused;
    root.classList.toggle("board-paused", isPaused);
  };

  const turn = () => {
    const steady = performance.now();
    if (state.isPaused && steady - state.pausedAt >= HOLD) pause(false);
    const gone = steady - state.shownAt;
    const current = state.cards[state.place];
    if (current ? isOver(current) || (!state.isPaused && gone >= state.seconds * 1000) : state.cards.length > 0) {
      show(state.place + 1);
    } else if (!state.isPaused) {
      parts.progress.value = Math.min(gone / 1000, state.seconds);
    }
    write(parts.time, hhmm(now()));
    const date = local(now());
    write(parts.day, parts.day.dataset.form.replace("M", date.getUTCMonth() + 1).replace("D", date.getUTCDate()));
    if (!isLive) return;
    if (!state.isAsking && steady - state.askedAt >= POLL) ask();
    if (!state.isTelling && steady - state.toldAt >= PULSE) tell();
    const isLost = steady - state.answeredAt >= LOST;
    root.classList.toggle("board-lost-link", isLost);
    parts.lost.hidden = !isLost;
    const old = dayOf(state.dataAt) === dayOf(now()) ? "" : `${dayOf(state.dataAt).slice(5)} `;
    write(parts.asOf, old + hhmm(state.dataAt));
  };

  if (isLive) restore();
  show(0);
  find("acts").hidden = false;
  parts.pause.addEventListener("click", () => pause(!state.isPaused));
  find("previous").addEventListener("click", () => show(state.place - 1));
  find("next").addEventListener("click", () => show(state.place + 1));
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key === "ArrowRight") show(state.place + 1);
    else if (event.key === "ArrowLeft") show(state.place - 1);
    else if (event.key === "p" || (event.key === " " && event.target === document.body)) pause(!state.isPaused);
    else return;
    event.preventDefault();
  });
  window.addEventListener("resize", fit);
  window.addEventListener("pagehide", note);
  window.setInterval(turn, 1000);
  turn();
  if (isLive) {
    ask();
    tell();
  }
}
