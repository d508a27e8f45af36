// Parts of a page that take longer are fetched after it, and say so while they are on their way.
import { drawIn } from "./chart.js";
import { heatTools } from "./heat.js";

async function load(place) {
  const waiting = place.innerHTML;
  try {
    const response = await fetch(place.dataset.lazy, { headers: { "x-part": "1" } });
    if (!response.ok || response.redirected) throw new Error(response.status);
    place.innerHTML = await response.text(); // written by our own server, escaped there
    drawIn(place);
    place.querySelectorAll("[data-heat]").forEach(heatTools);
  } catch {
    const box = document.createElement("div"), line = document.createElement("p"), button = document.createElement("button");
    box.className = "card state error";
    box.setAttribute("role", "alert");
    line.textContent = place.dataset.failed;
    button.className = "quiet";
    button.textContent = place.dataset.again;
    button.addEventListener("click", () => { place.innerHTML = waiting; load(place); });
    box.append(line, button);
    place.replaceChildren(box);
  }
}

document.querySelectorAll("[data-lazy]").forEach(load);
