// On a long form of answers: says how many are given and leads to the first that is not. Nothing is sent from here.
//
// <form data-answers>              its answers are the fields "s01i01", "s01i01-dk" …, without what is written freely
// <… data-unanswered hidden>       shown by this script alone: without it the faults of a sent form lead the same way
//   [data-given] [data-asked]      the two numbers
//   <button data-next>             to the first answer that is missing

const isAnswer = (field) => field.name && !["hidden", "submit", "button", "textarea"].includes(field.type);
const isGiven = (field) => (["radio", "checkbox"].includes(field.type) ? field.checked : field.value.trim() !== "");

const start = (form) => {
  const place = form.querySelector("[data-unanswered]");
  if (!place) return;
  const next = place.querySelector("[data-next]");
  const asked = () => {
    const found = new Map();
    Array.from(form.elements)
      .filter(isAnswer)
      .forEach((field) => {
        const name = field.name.split("-")[0];
        found.set(name, [...(found.get(name) || []), field]);
      });
    return [...found.values()];
  };
  const tell = () => {
    const all = asked();
    const given = all.filter((fields) => fields.some(isGiven)).length;
    place.querySelector("[data-given]").textContent = given;
    place.querySelector("[data-asked]").textContent = all.length;
    next.disabled = given === all.length;
  };
  next.addEventListener("click", () => {
    const missing = asked().find((fields) => !fields.some(isGiven));
    if (!missing) return;
    missing[0].focus({ preventScroll: true });
    (missing[0].closest(".field") || missing[0]).scrollIntoView({ block: "center" });
  });
  form.addEventListener("change", tell);
  document.addEventListener("portal:restored", tell);
  tell();
  place.hidden = false;
};

document.querySelectorAll("form[data-answers]").forEach(start);
