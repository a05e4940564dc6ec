// Keeps what is being written on this device until it has been sent. Nothing is ever sent from here.
//
// <form data-draft="key">              kept under the key; make it hold the person's id on shared machines
// <form data-draft-off="field=value">  nothing is kept, and what was kept is dropped, while the field has the value
// <div data-draft-status>              says what is kept (template tag draft_status)
// <… data-draft-sent="key">            on the page after sending: drops the kept text
// <form data-forget-drafts>            signing out drops every kept text

const PREFIX = "portal-draft:";
const DAYS_KEPT = 14;

const store = {
  read(key) {
    try {
      const kept = JSON.parse(localStorage.getItem(PREFIX + key));
      const isFresh = kept && Date.now() - kept.at < DAYS_KEPT * 86400000;
      return isFresh ? kept.fields : null;
    } catch (error) {
      return null;
    }
  },
  write(key, fields) {
    try {
      localStorage.setItem(PREFIX + key, JSON.stringify({ at: Date.now(), fields }));
      return true;
    } catch (error) {
      return false;
    }
  },
  drop(key) {
    try {
      localStorage.removeItem(PREFIX + key);
    } catch (error) {
      // A browser without storage kept nothing.
    }
  },
  dropAll() {
    try {
      Object.keys(localStorage)
        .filter((key) => key.startsWith(PREFIX))
        .forEach((key) => localStorage.removeItem(key));
    } catch (error) {
      // A browser without storage kept nothing.
    }
  },
};

const isKept = (field) => field.name && !["hidden", "password", "file", "submit", "button"].includes(field.type);

const gather = (form) => {
  const fields = {};
  Array.from(form.elements)
    .filter(isKept)
    .forEach((field) => {
      if (field.type === "checkbox" || field.type === "radio") {
        if (field.checked) (fields[field.name] = fields[field.name] || []).push(field.value);
      } else if (field.value) {
        fields[field.name] = [field.value];
      }
    });
  return fields;
};

// What is said about the kept text moves the buttons below it: never under a finger that is pressing one of them,
// or the press would miss its button and nothing would be sent.
let isPressing = false;
const untold = new Map();
const tellAll = () => {
  if (isPressing) return;
  untold.forEach((tell) => tell());
  untold.clear();
};
document.addEventListener(
  "pointerdown",
  () => {
    isPressing = true;
  },
  true,
);
["pointerup", "pointercancel"].forEach((name) =>
  document.addEventListener(
    name,
    () => {
      isPressing = false;
      window.setTimeout(tellAll, 0);
    },
    true,
  ),
);

const isUntouched = (form) => !form.querySelector(".has-fault") && !form.hasAttribute("data-draft-ignore");

const fill = (form, fields) => {
  let hasChanged = false;
  Array.from(form.elements)
    .filter(isKept)
    .forEach((field) => {
      const values = fields[field.name];
      if (!values) return;
      if (field.type === "checkbox" || field.type === "radio") {
        const isChecked = values.includes(field.value);
        if (field.checked !== isChecked) hasChanged = true;
        field.checked = isChecked;
      } else if (!field.value && values[0]) {
        field.value = values[0];
        hasChanged = true;
      }
    });
  return hasChanged;
};

const start = (form) => {
  const key = form.dataset.draft;
  const status = form.querySelector("[data-draft-status]");
  const words = status && status.querySelector("[data-draft-words]");
  const clear = status && status.querySelector("[data-draft-clear]");
  const say = (text, canClear) => {
    untold.set(form, () => {
      if (words) words.textContent = text || "";
      if (clear) clear.hidden = !canClear;
    });
    window.setTimeout(tellAll, 0);
  };
  const isOff = () => {
    if (!form.dataset.draftOff) return false;
    const [name, value] = form.dataset.draftOff.split("=");
    return Array.from(form.elements).some((field) => field.name === name && field.value === value && (field.checked || field.type === "hidden"));
  };

  const kept = isOff() ? null : store.read(key);
  if (kept && isUntouched(form) && fill(form, kept)) {
    say(status && status.dataset.restored, true);
    document.dispatchEvent(new CustomEvent("portal:restored"));
  }

  let waiting;
  const keep = () => {
    window.clearTimeout(waiting);
    if (isOff()) {
      store.drop(key);
      say(status && status.dataset.off, false);
      return;
    }
    const fields = gather(form);
    if (Object.keys(fields).length && store.write(key, fields)) say(status && status.dataset.saved, true);
  };
  form.addEventListener("input", () => {
    window.clearTimeout(waiting);
    waiting = window.setTimeout(keep, 600);
  });
  form.addEventListener("change", keep);
  window.addEventListener("pagehide", () => {
    if (waiting && !form.dataset.sending) keep();
  });
  if (clear) {
    clear.addEventListener("click", () => {
      store.drop(key);
      form.reset();
      say(status.dataset.off, false);
      document.dispatchEvent(new CustomEvent("portal:restored"));
    });
  }
};

document.querySelectorAll("[data-draft-sent]").forEach((mark) => store.drop(mark.dataset.draftSent));
document.querySelectorAll("form[data-draft]").forEach(start);
document.querySelectorAll("form[data-forget-drafts]").forEach((form) => form.addEventListener("submit", store.dropAll));
