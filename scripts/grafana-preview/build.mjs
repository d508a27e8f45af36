// Bundles the page for `make grafana-preview`: Grafana's own components, our board, the database's rows.
import { build } from "esbuild";

await build({
  entryPoints: ["main.jsx"],
  outfile: process.argv[2],
  bundle: true,
  minify: true,
  format: "iife",
  jsx: "automatic",
  loader: { ".css": "text", ".svg": "dataurl", ".woff2": "dataurl", ".woff": "dataurl", ".ttf": "dataurl" },
  define: { "process.env.NODE_ENV": '"production"', global: "window" },
  alias: { "react-custom-scrollbars-2": "./scrollbars.mjs" },
  logLevel: "error",
});
