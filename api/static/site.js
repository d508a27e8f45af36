// A site's page: four curves of one day, kept up to date while it is today.
import { clockFormat, curve, numberFormat, tableView } from "./curves.js";
import { follow } from "./live.js";

const read = (id) => JSON.parse(document.getElementById(id).textContent);
const day = read("chart-data"), phases = read("phase-data"), texts = read("chart-texts");
const clock = clockFormat(day.language, day.zone);
const whole = numberFormat(day.language, 0), tenth = numberFormat(day.language, 1), fine = numberFormat(day.language, 3);
const host = (kind) => document.getElementById(`${kind}-chart`);
let plots = [];

function loadSeries() {
  const series = [];
  if (day.compare_kw) series.push({ label: texts.compare, unit: " kW", colour: "compare", values: day.compare_kw, width: 1.3, optional: true });
  series.push({ label: texts.estimated, unit: " kW", colour: "load", values: estimated(), width: 1.8, dash: [2, 4], optional: true });
  series.push({ label: texts.load, unit: " kW", colour: "load", fill: "load-fill", values: day.load_kw, width: 2.3, points: marks() });
  return series;
}

// The dotted stretch meets the measured curve at both ends.
function estimated() {
  return day.estimated_kw.map((value, i) => value ?? (day.estimated_kw[i - 1] != null || day.estimated_kw[i + 1] != null ? day.load_kw[i] : null));
}

// Quarter hours whose energy is in part estimated carry a ring.
function marks() {
  const partly = new Set(day.partly.filter((i) => day.load_kw[i] != null));
  return { show: () => partly.size > 0, filter: () => [...partly], size: 6 };
}

function top(u, low, high) {
  const seen = [day.contract_kw ?? 0, high ?? 0, ...day.load_kw.map((v) => v ?? 0), ...(day.compare_kw ?? []).map((v) => v ?? 0)];
  const most = Math.max(...seen);
  return [0, most > 0 ? most * 1.1 : 1];
}

function around(limits) {
  return (u, low, high) => {
    const least = Math.min(low ?? Infinity, limits?.[0] ?? Infinity), most = Math.max(high ?? -Infinity, limits?.[1] ?? -Infinity);
    if (!Number.isFinite(least)) return [0, 1];
    const room = (most - least || 1) * 0.12;
    return [least - room, most + room];
  };
}

function draw() {
  plots.forEach((plot) => plot.destroy());
  document.querySelectorAll(".plot .tip").forEach((tip) => tip.remove());
  const common = { clock };
  const contract = day.contract_kw == null ? [] : [
    { value: day.contract_kw, colour: "limit", text: `${texts.contract} ${whole(day.contract_kw)} kW` },
    { value: day.contract_kw * 0.9, colour: "warn", dash: [6, 4], text: "90 %" },
  ];
  const three = (kind, unit) => ["a", "b", "c"].map((p, i) => ({ label: texts[p], unit, colour: `phase-${p}`, values: phases[kind][i] }));
  const limits = texts.limits?.map((value) => ({ value, colour: "limit", dash: [5, 4], text: `${whole(value)} V` })) ?? [];
  plots = [
    curve(host("load"), day, loadSeries(), { ...common, write: tenth, writeAxis: whole, range: top, limits: contract, now: texts.is_today ? texts.now : "", axis: 54 }),
    curve(host("voltage"), day, three("voltage", " V"), { ...common, write: tenth, writeAxis: whole, range: around(texts.limits), limits, axis: 50 }),
    curve(host("current"), day, three("current", " A"), { ...common, write: tenth, writeAxis: whole, range: (u, a, b) => [0, (b ?? 1) * 1.12], axis: 50 }),
    curve(host("factor"), day, [{ label: texts.factor, unit: "", colour: "load", values: phases.factor[0] }], {
      ...common, write: fine, writeAxis: numberFormat(day.language, 2),
      range: (u, low) => [Math.min(0.85, Math.max(0, (low ?? 1) - 0.03)), 1], limits: [{ value: 0.9, colour: "warn", dash: [6, 4] }], axis: 44,
    }),
  ];
}

function tables() {
  const views = document.querySelectorAll("[data-table]");
  for (const view of views) {
    const kind = view.dataset.table;
    const heads = kind === "load" ? [`${texts.load}, kW`, `${texts.estimated}, kW`, ...(day.compare_kw ? [`${texts.compare}, kW`] : [])]
      : kind === "factor" ? [texts.factor] : ["a", "b", "c"].map((p) => `${texts[p]}, ${kind === "voltage" ? "V" : "A"}`);
    const columns = kind === "load" ? [day.load_kw, day.estimated_kw, ...(day.compare_kw ? [day.compare_kw] : [])] : phases[kind];
    tableView(view, day, heads, columns, kind === "factor" ? fine : tenth, clock, texts.time);
  }
}

// New quarter hours go into the curve where they belong; what they fill is a hole no longer.
function update(news) {
  day.now_s = Math.floor(news.now_ms / 1000);
  for (const [start_s, power_kw] of news.quarters) {
    const at = (start_s - day.t0_s) / day.step_s;
    if (at >= 0 && at < day.n) day.load_kw[at] = power_kw;
  }
  const last = plots[0].data.length - 1;
  plots[0].setData(plots[0].data.map((column, i) => (i === last ? day.load_kw : column)));
  plots.slice(1).forEach((plot) => plot.redraw(false));
}

draw();
tables();
matchMedia("(prefers-color-scheme: dark)").addEventListener("change", draw);
follow(texts.live, texts.is_today ? update : () => {});
window.loadstone = { plots: () => plots, day };
