// The finder in the head of every page: "/" goes there, what is typed is looked up as it is typed.
const form = document.querySelector("form.finder");
if (form) {
  const field = form.querySelector("input"), list = form.querySelector("ul");
  let waiting, asked = 0;
  const options = () => [...list.querySelectorAll("[data-href]")];
  const chosen = () => options().find((one) => one.getAttribute("aria-selected") === "true");

  const close = () => { list.hidden = true; field.setAttribute("aria-expanded", "false"); field.removeAttribute("aria-activedescendant"); };
  const choose = (option) => {
    options().forEach((one) => one.setAttribute("aria-selected", String(one === option)));
    if (!option) return;
    field.setAttribute("aria-activedescendant", option.id);
    option.scrollIntoView({ block: "nearest" });
  };
  const show = (html) => {
    list.innerHTML = html; // written by our own server, names escaped
    list.hidden = !list.firstElementChild;
    field.setAttribute("aria-expanded", String(!list.hidden));
    choose(options()[0]);
  };
  async function look() {
    const words = field.value.trim(), number = ++asked;
    if (!words) { close(); return; }
    try {
      const response = await fetch(`${form.dataset.options}?q=${encodeURIComponent(words)}`);
      if (number === asked && response.ok && !response.redirected) show(await response.text());
    } catch {
      const line = document.createElement("li");
      line.setAttribute("role", "option");
      line.setAttribute("aria-disabled", "true");
      line.textContent = form.dataset.failed;
      list.replaceChildren(line);
      list.hidden = false;
    }
  }
  const go = (option) => { if (option) location.href = option.dataset.href; };

  field.addEventListener("input", () => { clearTimeout(waiting); waiting = setTimeout(look, 120); });
  field.addEventListener("focus", () => { if (field.value.trim()) look(); });
  field.addEventListener("keydown", (event) => {
    const all = options(), at = all.indexOf(chosen());
    if (event.key === "ArrowDown") choose(all[(at + 1) % all.length]);
    else if (event.key === "ArrowUp") choose(all[(at - 1 + all.length) % all.length]);
    else if (event.key === "Enter" && !list.hidden && chosen()) go(chosen());
    else if (event.key === "Escape") { if (list.hidden) field.blur(); close(); }
    else return;
    event.preventDefault();
  });
  list.addEventListener("pointerdown", (event) => { event.preventDefault(); go(event.target.closest("[data-href]")); });
  field.addEventListener("blur", () => setTimeout(close, 100));
  addEventListener("keydown", (event) => {
    const typing = event.target.closest?.("input, textarea, select, [contenteditable]");
    if (event.key !== "/" || typing || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    if (field.offsetParent) field.focus(); else location.href = form.getAttribute("action");
  });
}
