// What every page does first. Not a module: the class must stand before the body is drawn, or the menu would flash.

document.documentElement.classList.add("has-js");

document.addEventListener("DOMContentLoaded", () => {
  const faults = document.querySelector("[data-focus]");
  if (faults) faults.focus();

  document.querySelectorAll("[data-nav-button]").forEach((button) => {
    button.addEventListener("click", () => {
      const isOpen = button.getAttribute("aria-expanded") === "true";
      button.setAttribute("aria-expanded", String(!isOpen));
    });
  });
});

// A menu closes when the reader turns elsewhere.
document.addEventListener("click", (event) => {
  document.querySelectorAll("details.menu[open]").forEach((menu) => {
    if (!menu.contains(event.target)) menu.open = false;
  });
});
document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  document.querySelectorAll("details.menu[open]").forEach((menu) => {
    menu.open = false;
    menu.querySelector("summary").focus();
  });
});
