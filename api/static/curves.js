// Curves in site time: axes, hatched holes, limits, a tip under the pointer. Colours come from CSS.
const uPlot = window.uPlot;
export const css = (name) => getComputedStyle(document.documentElement).getPropertyValue(`--${name}`).trim();
const ratio = () => window.devicePixelRatio || 1;

export function numberFormat(language, digits) {
  const format = new Intl.NumberFormat(language, { minimumFractionDigits: digits, maximumFractionDigits: digits });
  return (value) => (value == null ? "—" : format.format(value));
}

export function clockFormat(language, zone) {
  const format = new Intl.DateTimeFormat(language, { hour: "2-digit", minute: "2-digit", hourCycle: "h23", timeZone: zone });
  return (at_s) => format.format(new Date(at_s * 1000));
}

function axes(day, widthOfY, writeY) {
  const common = { stroke: css("muted"), grid: { stroke: css("line"), width: 1 }, ticks: { show: false }, font: `12px ${css("font")}` };
  const hours = new Map(day.ticks);
  const wide = (u) => u.bbox.width / ratio() > 520;
  return [
    { ...common, size: 24, splits: (u) => day.ticks.map(([at]) => at).filter((_, i) => wide(u) || i % 2 === 0), values: (u, all) => all.map((at) => hours.get(at)) },
    { ...common, size: widthOfY, gap: 4, values: (u, all) => all.map(writeY) },
  ];
}

function hatch(u, day) {
  const c = u.ctx, { top, height } = u.bbox, step = 8 * ratio();
  for (const hole of day.holes) {
    const left = u.valToPos(hole.from_s, "x", true), right = u.valToPos(hole.to_s, "x", true);
    c.save();
    c.beginPath();
    c.rect(left, top, right - left, height);
    c.clip();
    c.strokeStyle = css("missing");
    c.globalAlpha = 0.55;
    c.lineWidth = ratio();
    for (let x = left - height; x < right; x += step) {
      c.beginPath();
      c.moveTo(x, top + height);
      c.lineTo(x + height, top);
      c.stroke();
    }
    c.restore();
  }
}

function level(u, limit) {
  const c = u.ctx, { left, width, top, height } = u.bbox, y = u.valToPos(limit.value, "y", true);
  if (y < top || y > top + height) return;
  c.save();
  c.strokeStyle = c.fillStyle = css(limit.colour);
  c.lineWidth = 1.5 * ratio();
  c.setLineDash((limit.dash ?? []).map((part) => part * ratio()));
  c.beginPath();
  c.moveTo(left, y);
  c.lineTo(left + width, y);
  c.stroke();
  if (limit.text) {
    c.font = `600 ${12 * ratio()}px ${css("font")}`;
    const narrow = width / ratio() < 520; // there the evening's curve needs the right side
    c.textAlign = narrow ? "left" : "right";
    c.fillText(limit.text, narrow ? left + 6 * ratio() : left + width - 6 * ratio(), y - 5 * ratio());
  }
  c.restore();
}

function nowLine(u, day, text) {
  const x = u.valToPos(day.now_s, "x", true), { left, width, top, height } = u.bbox;
  if (x < left || x > left + width) return;
  const c = u.ctx;
  c.save();
  c.strokeStyle = c.fillStyle = css("ink");
  c.globalAlpha = 0.75;
  c.lineWidth = ratio();
  c.setLineDash([2 * ratio(), 3 * ratio()]);
  c.beginPath();
  c.moveTo(x, top);
  c.lineTo(x, top + height);
  c.stroke();
  if (text) {
    c.font = `${11.5 * ratio()}px ${css("font")}`;
    c.textAlign = x > left + width - 60 * ratio() ? "right" : "left";
    c.fillText(text, x + (c.textAlign === "left" ? 5 : -5) * ratio(), top + height - 8 * ratio()); // away from the limits' names
  }
  c.restore();
}

function tip(host, day, series, write, clock) {
  const box = document.createElement("div");
  box.className = "tip";
  box.setAttribute("aria-hidden", "true");
  let hovered = false;
  const show = (u) => {
    const at = u.cursor.idx;
    if (!hovered || at == null) { box.classList.remove("on"); return; }
    box.replaceChildren();
    const head = document.createElement("b"), from = day.t0_s + at * day.step_s;
    head.textContent = `${clock(from)}–${clock(from + day.step_s)}`;
    box.append(head);
    for (const [position, one] of series.entries()) {
      const value = u.data[position + 1][at];
      if (value == null && one.optional) continue;
      const row = document.createElement("div"), mark = document.createElement("i");
      mark.style.background = css(one.colour);
      row.append(mark, `${one.label} ${write(value)}${one.unit}`);
      box.append(row);
    }
    const hole = day.holes.find((h) => from >= h.from_s && from < h.to_s);
    if (hole) { const why = document.createElement("div"); why.textContent = hole.text; box.append(why); }
    box.classList.add("on");
    const x = u.bbox.left / ratio() + u.cursor.left, room = host.clientWidth - box.offsetWidth - 8;
    box.style.transform = `translate(${Math.max(0, Math.min(x + 14, room))}px, 8px)`;
  };
  return { box, show, watch(u) {
    const leave = () => { hovered = false; u.setCursor({ left: -10, top: -10 }); box.classList.remove("on"); };
    u.over.addEventListener("pointerenter", () => { hovered = true; });
    u.over.addEventListener("pointerleave", leave);
    u.over.addEventListener("touchmove", (event) => {
      hovered = true;
      const rect = u.over.getBoundingClientRect(), finger = event.touches[0];
      u.setCursor({ left: finger.clientX - rect.left, top: finger.clientY - rect.top });
    }, { passive: true });
  } };
}

/** Draws `series` (each {label, unit, colour, values, …}) of one day into `host`; returns the uPlot. */
export function curve(host, day, series, options) {
  const middle = day.step_s / 2;
  const xs = Array.from({ length: day.n }, (_, i) => day.t0_s + i * day.step_s + middle);
  const pointer = tip(host, day, series, options.write, options.clock);
  const plot = new uPlot({
    width: host.clientWidth,
    height: host.clientHeight,
    legend: { show: false },
    padding: [8, 20, 0, 0],
    cursor: { sync: { key: "day" }, y: false, drag: { x: false, y: false }, points: { size: 7 } },
    scales: { x: { time: false, range: [day.t0_s, day.t0_s + day.n * day.step_s] }, y: { range: options.range } },
    axes: axes(day, options.axis ?? 48, options.writeAxis ?? options.write),
    series: [{}, ...series.map((one) => ({
      stroke: css(one.colour), width: one.width ?? 1.6, dash: one.dash, spanGaps: false,
      fill: one.fill ? css(one.fill) : undefined, points: one.points ? { fill: css("card"), stroke: css(one.colour), ...one.points } : { show: lonely, size: 5, fill: css(one.colour) },
    }))],
    hooks: {
      drawClear: [(u) => hatch(u, day)],
      draw: [(u) => { (options.limits ?? []).forEach((limit) => level(u, limit)); nowLine(u, day, options.now); }],
      setCursor: [pointer.show],
    },
  }, [xs, ...series.map((one) => one.values)], host);
  host.append(pointer.box);
  pointer.watch(plot);
  new ResizeObserver(() => plot.setSize({ width: host.clientWidth, height: host.clientHeight })).observe(host);
  return plot;
}

// A single value between two holes has no line: it is drawn as a point.
function lonely(u, at) {
  const values = u.data[at];
  return values.some((v, i) => v != null && values[i - 1] == null && values[i + 1] == null);
}

/** Fills the table behind "Table" when it is opened first. */
export function tableView(details, day, heads, columns, write, clock, timeHead) {
  details.addEventListener("toggle", () => {
    const box = details.querySelector(".table-box");
    if (!details.open || box.firstChild) return;
    const table = document.createElement("table");
    const head = table.createTHead().insertRow();
    for (const text of [timeHead, ...heads]) { const th = document.createElement("th"); th.scope = "col"; th.textContent = text; head.append(th); }
    const body = table.createTBody();
    for (let i = 0; i < day.n; i++) {
      if (day.t0_s + i * day.step_s > day.now_s) break;
      const row = body.insertRow(), th = document.createElement("th");
      th.scope = "row";
      th.textContent = clock(day.t0_s + i * day.step_s);
      row.append(th);
      columns.forEach((values, k) => { row.insertCell().textContent = (Array.isArray(write) ? write[k] : write)(values[i]); });
    }
    box.append(table);
  });
}
