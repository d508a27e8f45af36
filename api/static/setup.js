// Waits for a gateway: looks every other second whether there is something new to show.
const here = document.getElementById("setup");
const LOOK_MS = 2000;

async function look() {
  try {
    const answer = await fetch(here.dataset.address, { headers: { accept: "application/json" } });
    if (!answer.ok || (await answer.json()).pulse === here.dataset.pulse) return;
  } catch { return; } // the next look tries again
  const busy = document.querySelector(".form :focus") || [...document.querySelectorAll(".form input")].some((field) => field.value !== field.defaultValue);
  // What is shown once, and what somebody is typing, is not taken away.
  if ("keep" in here.dataset || busy) document.getElementById("setup-news").hidden = false;
  else location.replace(here.dataset.address.replace(/pulse$/, "setup"));
}

if (here) setInterval(look, LOOK_MS);
