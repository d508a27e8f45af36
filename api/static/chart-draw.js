// What uPlot does not draw by itself: hatched holes, limits, the line of now, bars with their estimated part.
export const css = (name) => getComputedStyle(document.documentElement).getPropertyValue(`--${name}`).trim();
export const ratio = () => window.devicePixelRatio || 1;

function hatched(c, left, top, width, height, colour, alpha) {
  if (width <= 0 || height <= 0) return;
  const step = 7 * ratio();
  c.save();
  c.beginPath();
  c.rect(left, top, width, height);
  c.clip();
  c.strokeStyle = colour;
  c.globalAlpha = alpha;
  c.lineWidth = ratio();
  c.beginPath();
  for (let x = left - height - (left - height) % step; x < left + width; x += step) {
    c.moveTo(x, top + height);
    c.lineTo(x + height, top);
  }
  c.stroke();
  c.restore();
}

export function holes(u, spec) {
  const { top, height } = u.bbox;
  for (const hole of spec.holes ?? []) {
    const left = Math.max(u.valToPos(hole.from_s, "x", true), u.bbox.left);
    const right = Math.min(u.valToPos(hole.to_s, "x", true), u.bbox.left + u.bbox.width);
    hatched(u.ctx, left, top, right - left, height, css("missing"), 0.55);
  }
}

export function level(u, limit) {
  const c = u.ctx, { left, width, top, height } = u.bbox, y = u.valToPos(limit.value, "y", true);
  if (y < top || y > top + height) return;
  c.save();
  c.strokeStyle = c.fillStyle = css(limit.colour);
  c.lineWidth = 1.5 * ratio();
  c.setLineDash(limit.dash ? [6 * ratio(), 4 * ratio()] : []);
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

export function nowLine(u, spec) {
  if (spec.now_s == null || spec.x.kind !== "time") return;
  const x = u.valToPos(spec.now_s, "x", true), { left, width, top, height } = u.bbox;
  if (x <= left || x > left + width) return;
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
  if (spec.now_text) {
    c.font = `${11.5 * ratio()}px ${css("font")}`;
    c.textAlign = x > left + width - 60 * ratio() ? "right" : "left";
    c.fillText(spec.now_text, x + (c.textAlign === "left" ? 5 : -5) * ratio(), top + height - 8 * ratio()); // away from the limits' names
  }
  c.restore();
}

/** Bars side by side, or on top of each other; the estimated part is hatched, a missing one grey. */
export function bars(u, spec) {
  const list = spec.series.filter((one) => one.style === "bar" && !one.off);
  const lines = spec.stacked ? 1 : list.length, c = u.ctx, { left, top, width, height } = u.bbox;
  const room = u.valToPos(1, "x", true) - u.valToPos(0, "x", true);
  const full = Math.min(room * 0.78, 74 * ratio()), each = full / Math.max(lines, 1), zero = u.valToPos(0, "y", true);
  c.save();
  c.beginPath();
  c.rect(left, top, width, height + ratio());
  c.clip();
  for (let at = 0; at < spec.x.labels.length; at++) {
    const middle = u.valToPos(at, "x", true);
    let below = 0;
    list.forEach((one, line) => {
      const x = Math.round(middle - full / 2 + (spec.stacked ? 0 : line * each)), wide = Math.max(1, Math.floor(each - (lines > 1 ? ratio() : 0))), value = one.values[at];
      if (value == null) {
        if (one.missing?.includes(at)) hatched(c, x, top, wide, zero - top, css("missing"), 0.55);
        return;
      }
      const estimated = Math.min(one.estimated?.[at] ?? 0, Math.abs(value)), sure = value - Math.sign(value) * estimated;
      const y0 = u.valToPos(below, "y", true), y1 = u.valToPos(below + sure, "y", true), y2 = u.valToPos(below + value, "y", true);
      c.fillStyle = css(one.colour);
      c.globalAlpha = one.pale?.includes(at) ? 0.55 : 1;
      c.fillRect(x, Math.min(y0, y1), wide, Math.max(Math.abs(y0 - y1), value ? ratio() : 0));
      c.globalAlpha = 1;
      if (estimated > 0) {
        c.strokeStyle = css(one.colour);
        c.setLineDash([3 * ratio(), 2 * ratio()]);
        c.strokeRect(x + 0.5, Math.min(y1, y2) + 0.5, wide - 1, Math.max(Math.abs(y1 - y2) - 1, 1));
        c.setLineDash([]);
        hatched(c, x, Math.min(y1, y2), wide, Math.abs(y1 - y2), css(one.colour), 0.8);
        if (wide > 11 * ratio() && line === 0) {
          c.font = `600 ${10.5 * ratio()}px ${css("font")}`;
          c.textAlign = "center";
          c.fillStyle = css("muted");
          c.fillText("E", x + wide / 2, Math.min(y1, y2) - 3 * ratio());
        }
      }
      if (spec.stacked) below += value;
    });
  }
  c.restore();
}

export function tallest(spec) {
  const all = spec.series.filter((one) => one.style === "bar" && !one.off);
  if (!spec.stacked) return all.flatMap((one) => one.values);
  return (all[0]?.values ?? []).map((_, at) => all.reduce((sum, one) => sum + (one.values[at] ?? 0), 0));
}
