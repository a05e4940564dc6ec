// Keeps a reply's draft on the server while it is being written, and says when it did.
//
// <form data-autosave="/…/draft/">        posts its fields there, with the page's own CSRF field, a moment after the last key
// <… data-autosave-words>                 says what the server answered; data-autosave-failed on the form when it did not

const PAUSE = 2500;

const start = (form) => {
  const words = form.querySelector("[data-autosave-words]");
  const base = form.elements.base;
  let waiting;
  let isBusy = false;
  let isStopped = false;

  const save = async () => {
    window.clearTimeout(waiting);
    if (isBusy || isStopped || form.dataset.sending) return;
    isBusy = true;
    const data = new FormData(form);
    data.delete("act");
    // Files travel once, when the form is sent.
    Array.from(data.keys()).forEach((name) => {
      if (name === "files") data.delete(name);
    });
    try {
      const response = await fetch(form.dataset.autosave, {
        method: "POST",
        body: data,
        credentials: "same-origin",
        headers: { Accept: "application/json" },
        redirect: "error",
      });
      const answer = await response.json();
      if (response.ok) {
        base.value = answer.base;
        words.textContent = answer.said;
      } else {
        // Refused: somebody else has the draft, or it has left the desk. Saving on would not help.
        isStopped = true;
        words.textContent = answer.refused || form.dataset.autosaveFailed;
      }
    } catch (error) {
      words.textContent = form.dataset.autosaveFailed;
    }
    isBusy = false;
  };

  form.addEventListener("input", (event) => {
    if (event.target.type === "file") return;
    window.clearTimeout(waiting);
    waiting = window.setTimeout(save, PAUSE);
  });
};

document.querySelectorAll("form[data-autosave]").forEach(start);
