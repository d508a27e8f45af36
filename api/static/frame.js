// What every page has: forms that send themselves, ages that tick, the finder, menus that close.
import "./age.js";
import "./finder.js";

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

const menus = document.querySelectorAll("details.any-days");
addEventListener("click", (event) => menus.forEach((menu) => { if (!menu.contains(event.target)) menu.open = false; }));
addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  for (const menu of menus) if (menu.open) { menu.open = false; menu.querySelector("summary").focus(); }
});
