// The one chart of all pages: reads what `charts.html` wrote beside it and draws it with uPlot.
import { bars, css, holes, level, nowLine, ratio, tallest } from "./chart-draw.js";
import { tools } from "./chart-tools.js";
import { offsetOf, timeFormats, timeMarks } from "./ticks.js";

export const charts = new Map();
const MANY = 400;

export function numberFormat(language, digits) {
  const format = new Intl.NumberFormat(language, { minimumFractionDigits: digits, maximumFractionDigits: digits });
  return (value) => (value == null ? "—" : format.format(value).replace("-", "−"));
}

class Chart {
  constructor(figure, spec) {
    Object.assign(this, { figure, spec });
    this.host = figure.querySelector(".chart-plot");
    this.times = spec.x.kind === "time" ? timeFormats(spec.language, spec.zone) : null;
    this.offset = spec.x.kind === "time" ? offsetOf(spec.zone) : null;
    this.write = spec.series.map((one) => numberFormat(spec.language, one.digits ?? spec.digits));
    if (spec.src) this.fetch(); else this.begin();
  }

  begin() {
    this.host.querySelectorAll(".loading, .state").forEach((part) => part.remove());
    this.draw();
    tools(this);
    new ResizeObserver(() => this.plot?.setSize(this.size())).observe(this.host);
  }

  // Long curves come after the page, as columns.
  async fetch() {
    try {
      const response = await fetch(this.spec.src, { headers: { accept: "application/json" } });
      if (!response.ok) throw new Error(response.status);
      const { x, series, holes: found } = await response.json();
      Object.assign(this.spec.x, x);
      series.forEach((values, i) => { this.spec.series[i].values = values; });
      this.spec.holes = found ?? [];
      const empty = series.every((values) => values.every((value) => value == null));
      if (empty) this.say(this.spec.texts.empty); else this.begin();
    } catch { this.say(this.spec.texts.failed, true); }
  }

  say(text, again = false) {
    const box = document.createElement("div"), line = document.createElement("p");
    box.className = `state ${again ? "error" : "empty"}`;
    line.textContent = text;
    box.append(line);
    if (again) {
      const button = document.createElement("button");
      button.className = "quiet";
      button.textContent = this.spec.texts.again;
      button.addEventListener("click", () => { box.remove(); this.fetch(); });
      box.append(button);
    }
    this.host.querySelectorAll(".loading, .state").forEach((part) => part.remove());
    this.host.append(box);
  }

  get count() { return this.spec.x.n ?? (this.spec.x.labels ?? this.spec.x.values).length; }
  size() { return { width: this.host.clientWidth, height: this.host.clientHeight }; }

  xs() {
    const { x } = this.spec;
    if (x.kind === "time") return Array.from({ length: x.n }, (_, i) => x.t0_s + (i + 0.5) * x.step_s);
    return x.kind === "buckets" ? x.labels.map((_, i) => i) : x.values;
  }

  /** The name of a position: a stretch of time, a bucket, a number. */
  nameOf(at) {
    const { x } = this.spec;
    if (x.kind === "buckets") return (x.names ?? x.labels)[at];
    if (x.kind === "number") return `${numberFormat(this.spec.language, x.digits)(x.values[at])} ${x.unit}`;
    const from = x.t0_s + at * x.step_s, clock = `${this.times.hour(from)}–${this.times.hour(from + x.step_s)}`;
    return x.n * x.step_s > 90_000 ? `${this.times.weekday(from)} ${clock}` : clock;
  }

  whole() {
    const { x } = this.spec;
    if (x.kind === "time") return [x.t0_s, x.t0_s + x.n * x.step_s];
    return x.kind === "buckets" ? [-0.5, x.labels.length - 0.5] : [x.values[0], x.values.at(-1)];
  }

  range() {
    const { y, limits } = this.spec, seen = this.spec.series.flatMap((one) => (one.style === "bar" || one.off ? [] : [one.values, one.low ?? []])).concat([tallest(this.spec)]);
    let least = Infinity, most = -Infinity;
    for (const values of seen) for (const value of values) if (value != null) { if (value < least) least = value; if (value > most) most = value; }
    for (const limit of limits ?? []) if (limit.counts !== false) { least = Math.min(least, limit.value); most = Math.max(most, limit.value); }
    if (y?.from_zero !== false) least = Math.min(0, least);
    if (y?.most != null) most = y.most;
    if (y?.least != null) least = Math.min(least, y.least);
    if (!Number.isFinite(most) || !Number.isFinite(least)) return [0, 1];
    const room = (most - least || Math.abs(most) || 1) * 0.1;
    return [y?.from_zero === false && y?.least == null ? least - room : least < 0 ? least - room : least, y?.most != null ? most : most + room];
  }

  axes() {
    const { x, language } = this.spec, common = { stroke: css("muted"), grid: { stroke: css("line"), width: 1 }, ticks: { show: false }, font: `12px ${css("font")}` };
    const wide = (u) => u.bbox.width / ratio();
    const bottom = { ...common, size: 24 };
    if (x.kind === "time") {
      let unit = "hour";
      bottom.splits = (u) => { const found = timeMarks(u.scales.x.min, u.scales.x.max, Math.max(3, Math.floor(wide(u) / 64)), this.offset); unit = found.unit; return found.marks; };
      bottom.values = (u, all) => all.map((at) => (unit === "hour" && this.times.hour(at) === "00:00" && x.n * x.step_s > 90_000 ? this.times.day(at) : this.times[unit](at)));
    } else if (x.kind === "buckets") {
      const longest = Math.max(...x.labels.map((label) => [...label].reduce((sum, c) => sum + (c > "\u2e80" ? 13 : 7), 0)), 1) + 10;
      bottom.grid = { show: false };
      bottom.splits = (u) => { const skip = Math.max(1, Math.ceil(x.labels.length * longest / wide(u))); return x.labels.map((_, i) => i).filter((i) => i % skip === 0); };
      bottom.values = (u, all) => all.map((at) => x.labels[at]);
    } else bottom.values = (u, all) => all.map((at) => `${numberFormat(language, 0)(at)} ${x.unit}`);
    const left = { ...common, gap: 4, values: (u, all, _, __, step) => all.map(numberFormat(language, step >= 1 ? 0 : Math.min(3, Math.ceil(-Math.log10(step))))), size: (u, values) => 16 + Math.max(4, ...(values ?? []).map((text) => text.length)) * 7 };
    return [bottom, left];
  }

  draw() {
    const { spec } = this, from = this.plot ? [this.plot.scales.x.min, this.plot.scales.x.max] : null;
    this.plot?.destroy();
    const bands = [], columns = [], series = [{}];
    for (const one of this.backToFront()) {
      if (one.low) { columns.push(one.low); series.push(this.seriesOf({ ...one, width: 0, fill: null })); bands.push({ series: [columns.length + 1, columns.length], fill: css(one.fill) }); }
      columns.push(one.values);
      series.push(this.seriesOf(one));
    }
    const [low, high] = this.range();
    this.plot = new uPlot({
      ...this.size(), legend: { show: false }, padding: [12, spec.x.kind === "time" && spec.x.n * spec.x.step_s > 90_000 ? 32 : 22, 0, 0], bands,
      cursor: { sync: spec.sync ? { key: spec.sync } : undefined, y: false, drag: { x: spec.x.kind !== "buckets" && this.count > MANY, y: false, setScale: true }, points: { size: 7, show: spec.x.kind === "buckets" ? false : undefined } },
      scales: { x: { time: false, range: (u, a, z) => (this.zoomed ? [a, z] : this.whole()) }, y: { range: [low, high] } },
      axes: this.axes(), series,
      hooks: {
        drawClear: [(u) => holes(u, spec)],
        draw: [(u) => { if (spec.x.kind === "buckets") bars(u, spec); (spec.limits ?? []).forEach((limit) => level(u, limit)); nowLine(u, spec); }],
        setCursor: [(u) => this.showTip?.(u)],
        setSelect: [(u) => { if (u.select.width > 4) { this.zoomed = true; this.figure.classList.add("zoomed"); } }],
      },
    }, [this.xs(), ...columns], this.host);
    if (from && this.zoomed) this.plot.setScale("x", { min: from[0], max: from[1] });
    this.plot.over.addEventListener("dblclick", () => this.showAll());
    this.onDrawn?.();
  }

  showAll() {
    this.zoomed = false;
    this.figure.classList.remove("zoomed");
    this.plot.setData(this.plot.data, true);
  }

  // The first series is what the chart is about: it is drawn last, on top.
  backToFront() { return this.spec.series.toReversed(); }

  seriesOf(one) {
    if (one.style === "bar") return { paths: () => null, points: { show: false } };
    const ring = one.rings?.length ? { show: true, filter: () => one.rings.filter((i) => one.values[i] != null), size: 6, fill: css("card"), stroke: css(one.colour) } : { show: this.count < MANY ? lonely : false, size: 5, fill: css(one.colour) };
    return { stroke: css(one.colour), width: one.width ?? 1.6, dash: one.dash, spanGaps: false, fill: one.fill && !one.low ? css(one.fill) : undefined, points: ring, show: !one.off };
  }

  /** Draws again after values in the spec changed. */
  refresh() {
    this.plot.setData([this.plot.data[0], ...this.backToFront().flatMap((one) => (one.low ? [one.low, one.values] : [one.values]))], !this.zoomed);
    this.plot.redraw(false);
  }
}

// A single value between two holes has no line: it is drawn as a point.
function lonely(u, at) {
  const values = u.data[at];
  return values.some((v, i) => v != null && values[i - 1] == null && values[i + 1] == null);
}

/** Draws the charts of a part of the page that has come. */
export function drawIn(part) {
  for (const figure of part.querySelectorAll("[data-chart]")) {
    const spec = figure.querySelector("script");
    if (spec) charts.set(figure.dataset.chart, new Chart(figure, JSON.parse(spec.textContent)));
  }
}

drawIn(document);
const again = () => charts.forEach((chart) => chart.plot && chart.draw());
matchMedia("(prefers-color-scheme: dark)").addEventListener("change", again);
matchMedia("print").addEventListener("change", again);
window.loadstone = { ...window.loadstone, charts };
