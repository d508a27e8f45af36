// What every page has: forms that send themselves, and ages that tick.
import "./age.js";

document.documentElement.classList.add("scripted");

for (const form of document.querySelectorAll("form[data-auto-submit]")) {
  let waiting;
  form.addEventListener("change", () => form.requestSubmit());
  form.querySelector("input[type=search]")?.addEventListener("input", () => {
    clearTimeout(waiting);
    waiting = setTimeout(() => form.requestSubmit(), 400);
  });
  form.addEventListener("submit", () => {
    for (const field of form.elements) if (field.name && field.value === "") field.disabled = true;
  });
}
