// The quarantine queue: tick all rows of the page at once, and say how many are ticked.
for (const form of document.querySelectorAll("form[data-queue]")) {
  const all = form.querySelector("[data-all]"), rows = [...form.querySelectorAll("input[name=rows]")];
  if (!all) continue;
  const everything = form.querySelector("input[name=everything]");
  const settle = () => {
    const ticked = rows.filter((row) => row.checked).length;
    all.checked = rows.length > 0 && ticked === rows.length;
    all.indeterminate = ticked > 0 && ticked < rows.length;
    for (const button of form.querySelectorAll("button[name=wish]")) button.disabled = ticked === 0 && !everything.checked;
  };
  all.addEventListener("change", () => { rows.forEach((row) => { row.checked = all.checked; }); settle(); });
  form.addEventListener("change", settle);
  settle();
}
