// Around a chart: the tip under pointer, finger and arrow keys; the table; CSV and PNG.
import { css, ratio } from "./chart-draw.js";

function lines(chart, at) {
  const { spec } = chart, found = [];
  spec.series.forEach((one, i) => {
    const value = one.values[at];
    if (one.off || (value == null && one.optional)) return;
    const unit = one.unit ?? spec.unit, part = one.estimated?.[at] ?? 0;
    let text = `${one.label} ${chart.write[i](value)}${value == null || !unit ? "" : ` ${unit}`}`;
    if (one.low?.[at] != null) text = `${one.label} ${chart.write[i](one.low[at])}–${chart.write[i](value)} ${unit}`;
    if (part > 0) text += ` (${spec.texts.estimated_part} ${chart.write[i](part)} ${unit})`;
    if (one.rings?.includes(at)) text += ` (${spec.texts.partly})`;
    if (one.notes?.[at]) text += ` · ${one.notes[at]}`;
    found.push([one.colour, text]);
  });
  if (spec.x.kind === "time") {
    const from = spec.x.t0_s + at * spec.x.step_s, hole = (spec.holes ?? []).find((h) => from >= h.from_s && from < h.to_s);
    if (hole) found.push([null, hole.text]);
  }
  return found;
}

function tip(chart) {
  const { host } = chart, box = document.createElement("div"), spoken = document.createElement("p");
  box.className = "tip";
  box.setAttribute("aria-hidden", "true");
  spoken.className = "hidden";
  spoken.setAttribute("aria-live", "polite");
  let here = false, at = null;
  chart.showTip = (u) => {
    if (!here || u.cursor.idx == null) { box.classList.remove("on"); return; }
    at = u.cursor.idx;
    const head = document.createElement("b");
    head.textContent = chart.nameOf(at);
    box.replaceChildren(head);
    for (const [colour, text] of lines(chart, at)) {
      const row = document.createElement("div");
      if (colour) { const mark = document.createElement("i"); mark.dataset.colour = colour; mark.style.background = css(colour); row.append(mark); }
      row.append(text);
      box.append(row);
    }
    box.classList.add("on");
    const x = u.bbox.left / ratio() + u.cursor.left, room = host.clientWidth - box.offsetWidth - 8;
    box.style.transform = `translate(${Math.max(0, Math.min(x + 14, room))}px, 8px)`;
  };
  const leave = () => { here = false; chart.plot.setCursor({ left: -10, top: -10 }); box.classList.remove("on"); };
  chart.onDrawn = () => {
    const { over } = chart.plot;
    over.addEventListener("pointerenter", () => { here = true; });
    over.addEventListener("pointerleave", leave);
    over.addEventListener("touchmove", (event) => {
      here = true;
      const rect = over.getBoundingClientRect(), finger = event.touches[0];
      chart.plot.setCursor({ left: finger.clientX - rect.left, top: finger.clientY - rect.top });
    }, { passive: true });
  };
  chart.onDrawn();
  host.addEventListener("keydown", (event) => {
    const last = chart.count - 1, start = Math.max(0, chart.spec.series.find((one) => !one.off)?.values.findLastIndex((v) => v != null) ?? last);
    const steps = { ArrowLeft: -1, ArrowRight: 1, PageUp: -Math.ceil(last / 12), PageDown: Math.ceil(last / 12) };
    if (event.key === "Escape") { leave(); return; }
    if (event.key in steps) at = at == null || !here ? start : Math.min(last, Math.max(0, at + steps[event.key]));
    else if (event.key === "Home") at = 0;
    else if (event.key === "End") at = last;
    else return;
    event.preventDefault();
    here = true;
    chart.plot.setCursor({ left: chart.plot.valToPos(chart.plot.data[0][at], "x"), top: 20 });
    spoken.textContent = [chart.nameOf(at), ...lines(chart, at).map(([, text]) => text)].join(", ");
  });
  host.addEventListener("blur", leave);
  host.append(box, spoken);
}

function columns(chart) {
  const { spec } = chart, found = [];
  spec.series.forEach((one, i) => {
    if (one.low) found.push([`${one.label} ↓`, one.low, chart.write[i], one]);
    found.push([one.label, one.values, chart.write[i], one]);
    if (one.estimated?.some((v) => v > 0)) found.push([`${one.label}, ${spec.texts.estimated_part}`, one.estimated, chart.write[i], one]);
  });
  return found.map(([label, values, write, one]) => [one.unit === "" ? label : `${label}, ${one.unit ?? spec.unit}`, values, write]);
}

const LONGEST_TABLE = 3000;

function table(chart, details) {
  details.addEventListener("toggle", () => {
    const box = details.querySelector(".table-box");
    if (!details.open || box.firstChild) return;
    const { spec } = chart, sheet = document.createElement("table"), head = sheet.createTHead().insertRow(), found = columns(chart);
    sheet.createCaption().textContent = chart.figure.dataset.title;
    sheet.caption.className = "hidden";
    for (const text of [spec.texts.position, ...found.map(([label]) => label)]) { const th = document.createElement("th"); th.scope = "col"; th.textContent = text; head.append(th); }
    const body = sheet.createTBody(), step = Math.ceil(chart.count / LONGEST_TABLE);
    for (let i = 0; i < chart.count; i += step) {
      if (spec.x.kind === "time" && !spec.ahead && spec.now_s != null && spec.x.t0_s + i * spec.x.step_s > spec.now_s) break;
      const row = body.insertRow(), th = document.createElement("th");
      th.scope = "row";
      th.textContent = spec.x.kind === "time" && spec.x.n * spec.x.step_s <= 90_000 ? chart.times.hour(spec.x.t0_s + i * spec.x.step_s) : chart.nameOf(i);
      row.append(th);
      for (const [, values, write] of found) row.insertCell().textContent = write(values[i]);
    }
    box.append(sheet);
  });
}

export function save(blob, name) {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(blob);
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
}

// What a spreadsheet would take for a formula begins with an apostrophe.
export const cell = (value) => {
  const text = value == null ? "" : typeof value === "number" ? String(value) : /^[=+\-@\t\r]/.test(value) ? `'${value}` : value;
  return /[",\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
};

function csv(chart) {
  const { spec } = chart, found = columns(chart), rows = [[spec.texts.position, ...found.map(([label]) => label)]];
  for (let i = 0; i < chart.count; i++) rows.push([spec.x.kind === "time" ? new Date((spec.x.t0_s + i * spec.x.step_s) * 1000).toISOString() : chart.nameOf(i), ...found.map(([, values]) => values[i])]);
  save(new Blob(["\ufeff", rows.map((row) => row.map(cell).join(",")).join("\r\n")], { type: "text/csv" }), `${spec.file}.csv`);
}

function png(chart) {
  const source = chart.host.querySelector("canvas"), r = ratio(), pad = 16 * r, top = 46 * r, bottom = 44 * r;
  const sheet = document.createElement("canvas"), c = sheet.getContext("2d");
  sheet.width = source.width + 2 * pad;
  sheet.height = source.height + top + bottom;
  c.fillStyle = css("card");
  c.fillRect(0, 0, sheet.width, sheet.height);
  c.drawImage(source, pad, top);
  c.fillStyle = css("ink");
  c.font = `600 ${15 * r}px ${css("font")}`;
  c.fillText(`${chart.figure.dataset.title}  (${chart.spec.unit})`, pad, 26 * r, sheet.width - 2 * pad);
  c.font = `${12 * r}px ${css("font")}`;
  let x = pad;
  for (const one of chart.spec.series) {
    if (one.off) continue;
    c.fillStyle = css(one.colour);
    c.fillRect(x, sheet.height - 33 * r, 12 * r, 9 * r);
    c.fillStyle = css("muted");
    c.fillText(one.label, x + 17 * r, sheet.height - 25 * r);
    x += c.measureText(one.label).width + 36 * r;
  }
  c.fillText([document.title, chart.spec.zone].filter(Boolean).join(" · "), pad, sheet.height - 8 * r, sheet.width - 2 * pad);
  sheet.toBlob((blob) => save(blob, `${chart.spec.file}.png`), "image/png");
}

export function tools(chart) {
  if (chart.hasTools) return;
  chart.hasTools = true;
  tip(chart);
  const { figure } = chart, details = figure.querySelector(".table-view");
  if (details) table(chart, details);
  figure.querySelector("[data-png]")?.addEventListener("click", () => png(chart));
  figure.querySelector("[data-csv]")?.addEventListener("click", () => csv(chart));
  figure.querySelector("[data-whole]")?.addEventListener("click", () => chart.showAll());
}
