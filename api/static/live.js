// Live values: server-sent events, and polling where a proxy swallows them.
import { setServerNow, tick } from "./age.js";

const POLL_MS = 5000;

function show(news) {
  setServerNow(news.now_ms);
  for (const [key, text] of Object.entries(news.values)) {
    for (const place of document.querySelectorAll(`[data-live="${key}"]`)) {
      if (place.textContent !== text) place.textContent = text;
    }
  }
  const figure = document.querySelector("[data-live-figure]");
  figure.classList.toggle("old", !news.is_current);
  const fill = figure.querySelector(".bar .fill");
  if (fill && news.contract_pct != null) fill.setAttribute("width", Math.min(110, news.contract_pct).toFixed(1));
  for (const part of [figure.querySelector(".bar"), figure.querySelector(".note")]) {
    part?.classList.remove("calm", "near", "full", "unknown");
    part?.classList.add(news.level);
  }
  const badge = document.querySelector("[data-live-badge]");
  if (news.at_ms != null && badge.dataset.at) {
    badge.dataset.at = news.at_ms;
    badge.dataset.time = news.time;
    tick(badge);
  }
}

/** Calls `update` with every piece of news of the site at `address`, for as long as the page lives. */
export function follow(address, update) {
  const take = (news) => { show(news); update(news); };
  let polling;
  const poll = async () => {
    try {
      const response = await fetch(`${address}?once=true`, { headers: { accept: "application/json" } });
      if (response.ok) take(await response.json());
    } catch { /* the next poll tries again; the age badge says how old the values are */ }
  };
  const source = new EventSource(address);
  source.onmessage = (event) => {
    clearInterval(polling);
    polling = undefined;
    take(JSON.parse(event.data));
  };
  source.onerror = () => { polling ??= setInterval(poll, POLL_MS); };
  addEventListener("pagehide", () => source.close());
}
