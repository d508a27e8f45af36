// CSV and PNG of a heat map, which itself is a table that needs no script.
import { css, ratio } from "./chart-draw.js";
import { cell, save } from "./chart-tools.js";

const words = (part) => part.querySelector(".hidden, .wide")?.textContent ?? part.textContent;

function png(section) {
  const r = ratio(), table = section.querySelector("table"), box = table.getBoundingClientRect(), top = 46;
  const sheet = document.createElement("canvas"), c = sheet.getContext("2d");
  sheet.width = (box.width + 32) * r;
  sheet.height = (box.height + top + 16) * r;
  c.scale(r, r);
  c.fillStyle = css("card");
  c.fillRect(0, 0, sheet.width, sheet.height);
  c.fillStyle = css("ink");
  c.font = `600 15px ${css("font")}`;
  c.fillText(section.dataset.title, 16, 26);
  c.font = `12px ${css("font")}`;
  for (const one of table.querySelectorAll("th, td")) {
    const at = one.getBoundingClientRect(), x = at.left - box.left + 16, y = at.top - box.top + top;
    if (one.tagName === "TD") { c.fillStyle = getComputedStyle(one).backgroundColor; c.fillRect(x, y, at.width, at.height); continue; }
    c.fillStyle = css("muted");
    if (one.scope === "row" || !one.querySelector(".hidden")) c.fillText(words(one), x, y + at.height / 2 + 4);
  }
  sheet.toBlob((blob) => save(blob, `${section.dataset.heat}.png`), "image/png");
}

function csv(section) {
  const rows = [...section.querySelectorAll("tr")].map((row) => [...row.cells].map((one) => cell(words(one))).join(","));
  save(new Blob(["\ufeff", rows.join("\r\n")], { type: "text/csv" }), `${section.dataset.heat}.csv`);
}

export function heatTools(section) {
  section.querySelector("[data-heat-csv]")?.addEventListener("click", () => csv(section));
  section.querySelector("[data-heat-png]")?.addEventListener("click", () => png(section));
}
