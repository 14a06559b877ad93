import { existsSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { join, resolve } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import type { Instance } from "../src/index.ts";
import { contentOf, packageOf } from "./package-form.ts";
import { Role, serveRole } from "./role.ts";

/**
 * One side of a benchmark: `peer.ts A|B FOLDER OPTIONS`, driven over Node's IPC. It is the library
 * as anyone would embed it: SQLite files with synchronous=FULL, every record hashed and checked,
 * the search index up to date when a sync returns.
 *
 * The packages come from `gen.mjs` in the working directory when there is one (a harness that
 * compares engines), else from the generator beside this file. What is measured is the package as it
 * is published, in dist; without a build, the sources.
 */

const [, , side = "A", folder = "."] = process.argv;
const foreign = resolve("gen.mjs");
const generator = existsSync(foreign) ? pathToFileURL(foreign).href : "./generate.ts";
const built = fileURLToPath(new URL("../dist/index.js", import.meta.url));
const library = existsSync(built) ? pathToFileURL(built).href : "../src/index.ts";
const { openInstance, serveSync } = (await import(library)) as typeof import("../src/index.ts");
const { doc, editedTitle, digest } = (await import(generator)) as typeof import("./generate.ts");

/** Runs the load in a process of its own, as `syncline import` does beside a server. */
async function loadApart(count: number): Promise<void> {
  await instance.close();
  const loader = new Role(fileURLToPath(import.meta.url), [side, folder, "{}"]);
  await loader.call("open");
  await loader.call("loadHere", count);
  await loader.stop();
  await open();
  // Its threads go on starting for a while; a server that peers sync with has been up for longer.
  await new Promise((ready) => setTimeout(ready, SETTLING_MS));
}

async function open(): Promise<void> {
  const home = join(folder, "instance");
  const isThere = existsSync(join(home, "catalog.db"));
  const created = isThere ? {} : { create: { name: side } };
  instance = await openInstance(home, { ...created, threads: "from-start" });
}

const SETTLING_MS = 1000;

/** One changeset of the load holds this many packages. */
const LOAD_PACKAGES = 200;

let instance: Instance;
let server: Server | undefined;
/** Connections that peers made since they were last asked for. */
let requests = 0;

const by = { author: "bench", message: "" };

async function load(count: number): Promise<void> {
  for (let from = 0; from < count; from += LOAD_PACKAGES) {
    const size = Math.min(LOAD_PACKAGES, count - from);
    const changes = Array.from({ length: size }, (_, at) => {
      const { id, content } = contentOf(doc(from + at));
      return { kind: "put", object: id, type: "package", content, mode: "create" } as const;
    });
    await instance.change({ ...by, changes });
  }
  await indexed(count);
}

/** An import waits for the search index; what is left of that would be taken for the sync's work. */
async function indexed(count: number): Promise<void> {
  const found = async (): Promise<number> => {
    return (await instance.search({ text: "", type: "package", limit: 1 })).total;
  };
  while ((await found()) < count) await new Promise((again) => setTimeout(again, 50));
}

async function edit(numbers: readonly number[], tag: string): Promise<void> {
  for (let from = 0; from < numbers.length; from += LOAD_PACKAGES) {
    const changes = numbers.slice(from, from + LOAD_PACKAGES).map((number) => {
      const { id } = contentOf(doc(number));
      return { kind: "set", object: id, value: { title: editedTitle(number, tag) } } as const;
    });
    await instance.change({ ...by, changes });
  }
}

async function sync(
  address: string,
  _phase: string,
  info: { readonly both?: boolean },
): Promise<{ requests: number }> {
  const url = `http://${address}`;
  const direction = info.both === true ? "both" : "pull";
  const known = (await instance.links()).find(({ name }) => name === direction);
  if (known?.url !== url) {
    if (known !== undefined) await instance.removeLink(direction);
    await instance.addLink({ name: direction, url, direction });
  }
  const run = await instance.sync(direction);
  if (run.outcome !== "ok") throw new Error(`sync ended ${run.outcome}: ${run.error?.message}`);
  return { requests: 1 };
}

async function packages(): Promise<ReturnType<typeof doc>[]> {
  const all: ReturnType<typeof doc>[] = [];
  const page = 500;
  for (let after: string | undefined; ; ) {
    const filter = { type: "package", limit: page };
    const rows = await instance.store.objects(
      after === undefined ? filter : { ...filter, after: after as never },
    );
    for (const { id, text } of rows) all.push(packageOf(id, JSON.parse(text)));
    after = rows.at(-1)?.id;
    if (after === undefined) return all;
  }
}

serveRole({
  open,
  load: loadApart,
  loadHere: load,
  edit,
  sync,
  serve: () => {
    const http = createServer();
    server = http;
    serveSync(instance, http);
    http.on("upgrade", () => {
      requests += 1;
    });
    return new Promise((ready) => {
      http.listen(0, "127.0.0.1", () => ready((http.address() as AddressInfo).port));
    });
  },
  messages: () => {
    const count = requests;
    requests = 0;
    return count;
  },
  conflicts: async () => {
    const { conflicts, diverged } = await instance.status();
    return { open: conflicts.open, merged: diverged };
  },
  digest: async () => digest(await packages()),
  flush: () => undefined,
  stop: async () => {
    server?.closeAllConnections();
    server?.close();
    await instance?.close();
  },
});
