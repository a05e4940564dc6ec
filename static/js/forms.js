// Small helps on forms: one sending at a time, copying a code, printing, short addresses for searches.

document.addEventListener("submit", (event) => {
  const form = event.target;
  if (form.method !== "post") return;
  if (form.dataset.sending) {
    event.preventDefault();
    return;
  }
  form.dataset.sending = "yes";
  // On a shared machine the browser's Back button must not bring back what was typed; browsers keep no such fields.
  if (form.elements.is_shared && form.elements.is_shared.checked) form.setAttribute("autocomplete", "off");
  const pressed = event.submitter;
  if (pressed && pressed.dataset.busy) {
    pressed.setAttribute("aria-disabled", "true");
    const word = pressed.querySelector("span") || pressed;
    pressed.dataset.word = word.textContent;
    word.textContent = pressed.dataset.busy;
  }
});

// Coming back with the browser's Back button finds the page as it was left: let it be sent again.
window.addEventListener("pageshow", () => {
  document.querySelectorAll("form[data-sending]").forEach((form) => {
    delete form.dataset.sending;
    form.querySelectorAll("[data-word]").forEach((pressed) => {
      pressed.removeAttribute("aria-disabled");
      (pressed.querySelector("span") || pressed).textContent = pressed.dataset.word;
    });
  });
});

document.querySelectorAll("form[data-filters]").forEach((form) => {
  form.addEventListener("submit", () => {
    form.querySelectorAll("input, select").forEach((field) => {
      if (!field.value) field.disabled = true;
    });
  });
});

const copy = async (text) => {
  if (navigator.clipboard && window.isSecureContext) return navigator.clipboard.writeText(text);
  // A plant's LAN may have no TLS yet, and then there is no clipboard: fall back to a selected field.
  const field = document.createElement("textarea");
  field.value = text;
  document.body.append(field);
  field.select();
  document.execCommand("copy");
  field.remove();
  return undefined;
};

document.addEventListener("click", async (event) => {
  const copier = event.target.closest("[data-copy]");
  if (copier) {
    await copy(copier.dataset.copy);
    const word = copier.querySelector("span") || copier;
    word.textContent = copier.dataset.copied;
  }
  if (event.target.closest("[data-print]")) window.print();
});
