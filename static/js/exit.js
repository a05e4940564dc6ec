// Leaves an anonymous page at once: by its button, or by pressing Shift three times. The page is not left in the history.

const way = document.querySelector("[data-exit]");
let presses = 0;
let forget;

const leave = () => {
  document.body.replaceChildren();
  window.location.replace(way.href);
};

if (way) {
  way.addEventListener("click", (event) => {
    event.preventDefault();
    leave();
  });
  document.addEventListener("keyup", (event) => {
    if (event.key !== "Shift") {
      presses = 0;
      return;
    }
    presses += 1;
    window.clearTimeout(forget);
    forget = window.setTimeout(() => {
      presses = 0;
    }, 2000);
    if (presses >= 3) leave();
  });
}
