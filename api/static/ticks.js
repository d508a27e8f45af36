// Where a time axis has its marks: at full hours, midnights, months of the site's zone.
const HOUR = 3600, DAY = 86400, STEPS = [[HOUR], [2 * HOUR], [3 * HOUR], [6 * HOUR], [12 * HOUR], [DAY], [2 * DAY], [7 * DAY], ["month", 1], ["month", 3], ["month", 12]];

/** A function from epoch seconds to the seconds that the zone's clock is ahead of UTC. */
export function offsetOf(zone) {
  const format = new Intl.DateTimeFormat("en", { timeZone: zone, hourCycle: "h23", year: "numeric", month: "numeric", day: "numeric", hour: "numeric", minute: "numeric", second: "numeric" });
  const known = new Map();
  return (at_s) => {
    const key = Math.floor(at_s / 900);
    if (!known.has(key)) {
      const p = Object.fromEntries(format.formatToParts(new Date(key * 900_000)).map((part) => [part.type, Number(part.value)]));
      known.set(key, Date.UTC(p.year, p.month - 1, p.day, p.hour, p.minute, p.second) / 1000 - key * 900);
    }
    return known.get(key);
  };
}

// The instant at which the zone's clock shows this local time.
function instant(local_s, offset) {
  const first = local_s - offset(local_s);
  return local_s - offset(first);
}

/** Marks in [from_s, to_s], at most `most` of them: {at, step}. */
export function timeMarks(from_s, to_s, most, offset) {
  const span = to_s - from_s;
  const [step, months] = STEPS.find(([s, m]) => span / (s === "month" ? m * 30 * DAY : s) <= most + 0.5) ?? STEPS.at(-1);
  const marks = [], begin = from_s + offset(from_s);
  if (step === "month") {
    const date = new Date(begin * 1000), first = date.getUTCMonth() - date.getUTCMonth() % months;
    for (let i = 0; i <= most + 1; i++) {
      const at = instant(Date.UTC(date.getUTCFullYear(), first + i * months, 1) / 1000, offset);
      if (at > to_s) break;
      if (at >= from_s) marks.push(at);
    }
    return { marks, unit: months >= 12 ? "year" : "month" };
  }
  const base = step >= 7 * DAY ? 4 * DAY : 0; // weeks begin on Monday: 5 January 1970
  for (let local = Math.ceil((begin - base) / step) * step + base; marks.length <= most + 1; local += step) {
    const at = instant(local, offset);
    if (at > to_s) break;
    if (at >= from_s && at !== marks.at(-1)) marks.push(at);
  }
  return { marks, unit: step >= DAY ? "day" : "hour" };
}

/** What to write at a mark, and at a point: by the unit, in the zone. */
export function timeFormats(language, zone) {
  const habit = language === "en" ? "en-GB" : language; // 1 Nov, as everywhere on our pages
  const make = (options) => { const f = new Intl.DateTimeFormat(habit, { timeZone: zone, ...options }); return (at_s) => f.format(new Date(at_s * 1000)).replace("Sept", "Sep"); };
  const day = make({ month: "short", day: "numeric" });
  const hour = make({ hour: "2-digit", minute: "2-digit", hourCycle: "h23" });
  return { hour, day, month: make({ month: "short" }), year: make({ year: "numeric" }), weekday: make({ weekday: "short", month: "short", day: "numeric" }), full: (at_s) => `${day(at_s)} ${hour(at_s)}` };
}
