// Ages of data, ticked on by the server's clock.
const texts = JSON.parse(document.getElementById("age-texts")?.textContent ?? "null");
let ahead_ms = texts ? Number(texts.now_ms) - Date.now() : 0; // the server's clock counts

export const setServerNow = (now_ms) => { ahead_ms = now_ms - Date.now(); };
export const serverNow = () => Date.now() + ahead_ms;

const span = (age_s) => age_s < 60
  ? texts.seconds.replace("{}", Math.floor(age_s))
  : texts.minutes.replace("{}", Math.floor(age_s / 60));

export function tick(badge) {
  const age_s = Math.max(0, (serverNow() - Number(badge.dataset.at)) / 1000);
  const state = age_s > Number(badge.dataset.silent) ? "silent"
    : age_s > Number(badge.dataset.stale) ? "stale" : "live";
  const text = state === "live"
    ? texts.ago.replace("{}", span(age_s))
    : texts[state].replace("{}", badge.dataset.time);
  badge.classList.remove("live", "stale", "silent", "never");
  badge.classList.add(state);
  const words = badge.querySelector("span");
  if (words.textContent !== text) words.textContent = text;
}

if (texts) {
  setInterval(() => document.querySelectorAll(".age[data-at]").forEach(tick), 1000);
}
