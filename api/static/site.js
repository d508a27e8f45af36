// A site's page: its load curve grows while the page shows today.
import { charts } from "./chart.js";
import { heatTools } from "./heat.js";
import { follow } from "./live.js";

const page = document.getElementById("live");

// New quarter hours go into the curve where they belong; what they fill is a hole no longer.
function update(news) {
  const load = charts.get("load"), { spec } = load, { t0_s, step_s, n } = spec.x;
  for (const [start_s, power_kw] of news.quarters) {
    const at = (start_s - t0_s) / step_s;
    if (at >= 0 && at < n) spec.series[0].values[at] = power_kw;
  }
  for (const chart of charts.values()) {
    chart.spec.now_s = Math.floor(news.now_ms / 1000);
    chart.refresh();
  }
}

follow(page.dataset.liveAddress, "today" in page.dataset ? update : () => {});
document.querySelectorAll("[data-heat]").forEach(heatTools);
