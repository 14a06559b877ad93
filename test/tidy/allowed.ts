/**
 * Where the machine may be touched, and why. Everything else takes what it needs as a parameter
 * (a clock, a random source, a store, a transport), so that the simulator can stand in for it.
 */
export type AmbientUse =
  | "time"
  | "timers"
  | "randomness"
  | "files"
  | "network"
  | "workers"
  | "process"
  | "console";

export interface Allowance {
  readonly uses: readonly AmbientUse[];
  /** Prefixes of paths from the repository root. A folder ends with a slash. */
  readonly paths: readonly string[];
  readonly reason: string;
}

export const allowances: readonly Allowance[] = [
  {
    uses: ["time", "timers", "randomness"],
    paths: ["src/base/ports/"],
    reason: "the ports themselves: the system clock, timers and random source",
  },
  {
    uses: ["randomness"],
    paths: ["src/base/new-ids.ts"],
    reason: "formats UUIDs from bytes and a time that the caller injects; draws nothing itself",
  },
  {
    uses: ["files", "workers", "timers"],
    paths: ["src/store/sqlite/", "src/search/"],
    reason: "the durable store and the search index: database files, read on worker threads",
  },
  {
    uses: ["files", "process"],
    paths: ["src/instance/folder/"],
    reason: "an instance on disk: its folder, its identity file, its lock",
  },
  {
    uses: ["network", "timers"],
    paths: ["src/sync/ws/"],
    reason: "the WebSocket transport; the session above it sees only a connection",
  },
  {
    uses: ["files", "network", "timers", "workers", "process"],
    paths: ["src/scenario/real/"],
    reason: "scenarios with real processes: it starts them, and stands between them on the network",
  },
  {
    uses: ["files", "network", "timers", "workers", "process"],
    paths: ["src/server/"],
    reason: "the HTTP server: sockets, static files, settings from the environment",
  },
  {
    uses: ["files", "timers", "workers"],
    paths: ["src/scenario/world/", "src/scenario/run/"],
    reason:
      "the simulated world: SQLite files of some instances, the end of each event's work; a thread per core",
  },
  {
    uses: ["time", "timers", "randomness", "files", "network", "workers", "process", "console"],
    paths: ["src/cli/", "src/demo/"],
    reason: "the programs: they choose the real clock, disk and network for everything below",
  },
];
