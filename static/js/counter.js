// Says how many characters are left, counted as the server counts them; quiet until the last fifth.

document.querySelectorAll("[data-counter-for]").forEach((counter) => {
  const field = document.getElementById(counter.dataset.counterFor);
  if (!field) return;
  const max = Number(field.dataset.countMax);
  let spoken;
  const live = document.createElement("span");
  live.className = "visually-hidden";
  live.setAttribute("aria-live", "polite");
  const shown = document.createElement("span");
  shown.setAttribute("aria-hidden", "true");
  counter.replaceChildren(shown, live);
  const count = () => {
    // The editor of rich text keeps markup in its field, and beside it the words that are counted.
    const words = field.portalWords === undefined ? field.value : field.portalWords;
    const left = max - Array.from(words.replace(/\r\n/g, "\n").trim()).length;
    const sentence = left < 0 ? counter.dataset.over : counter.dataset.left;
    shown.textContent = sentence.replace("{n}", String(Math.abs(left)));
    counter.classList.toggle("is-over", left < 0);
    counter.classList.toggle("is-near", left >= 0 && left < max / 5);
    window.clearTimeout(spoken);
    // A screen reader hears it only after a pause, and only near the end.
    spoken = window.setTimeout(() => {
      live.textContent = left < max / 5 ? shown.textContent : "";
    }, 1000);
  };
  field.addEventListener("input", count);
  document.addEventListener("portal:restored", count);
  count();
});
