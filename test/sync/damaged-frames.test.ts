// Proves that a bit that flips on the wire does no harm, wherever in a session it is: nothing of the
// damaged frame is believed or stored, and the next sync makes the target equal to the source.
import { expect, test } from "vitest";
import type { MemoryStore } from "../../src/store/memory/memory-store.ts";
import { plainCodec } from "../../src/sync/memory/plain-codec.ts";
import { addPackages, memoryStore, range, retitle, type SyncOptions, syncOnce } from "./world.ts";

/** Every so many bytes of a frame are tried, by its kind. */
const TEXT_STRIDE = 5;
const BATCH_STRIDE = 35;
const EVERYTHING = { revisions: 1_000, bytes: 1_000_000 };

/** A place in a session: the frames of both sides are counted as they are sent. */
interface Place {
  readonly frame: number;
  readonly byte: number;
  readonly bit: number;
}

type Alter = NonNullable<SyncOptions["alter"]>;

function flipping({ frame, byte, bit }: Place): Alter {
  let count = 0;
  return (data) => {
    if (count++ !== frame) return data;
    const copy = Buffer.from(data);
    copy[byte] = (copy[byte] as number) ^ (1 << bit);
    return typeof data === "string" ? copy.toString() : copy;
  };
}

/** Notes the places of a session, each with another bit than the one before. */
function noting(places: Place[]): Alter {
  let frame = 0;
  return (data) => {
    const stride = typeof data === "string" ? TEXT_STRIDE : BATCH_STRIDE;
    for (let byte = frame % stride; byte < Buffer.byteLength(data); byte += stride) {
      places.push({ frame, byte, bit: places.length % 8 });
    }
    frame += 1;
    return data;
  };
}

async function someSource(): Promise<MemoryStore> {
  const source = memoryStore("source");
  await addPackages(source, range(0, 8), { perChangeset: 4, bytes: 40 });
  for (let number = 0; number < 4; number++) await retitle(source, number, `title ${number}`);
  return source;
}

test.each(["pull", "push"] as const)("a bit flipped anywhere in a %s", async (direction) => {
  const source = await someSource();
  // Nothing but the checksum stands between the wire and what is read.
  const codecs = { codec: plainCodec, run: { codec: plainCodec } };
  const sync = (target: MemoryStore, alter: Alter) => {
    const [here, there] = direction === "pull" ? [target, source] : [source, target];
    return syncOnce(here, there, direction, { ...codecs, alter });
  };
  const places: Place[] = [];
  await sync(memoryStore("target"), noting(places));
  const outcomes = new Set<string>();
  for (const place of places) {
    const target = memoryStore("target");
    for (const { name } of source.links()) source.removeLink(name);
    const flipped = await sync(target, flipping(place));
    outcomes.add(flipped.dialer.error?.code ?? flipped.dialer.outcome);
    expect(target.quarantine(), JSON.stringify(place)).toEqual([]);

    const clean = await sync(target, (data) => data);
    const expected = { outcome: "ok", refused: [] };
    expect(clean.dialer, `after ${JSON.stringify(place)}`).toMatchObject(expected);
    expect(target.readPage(0, EVERYTHING)).toEqual(source.readPage(0, EVERYTHING));
    expect(target.digest()).toBe(source.digest());
    expect(target.quarantine()).toEqual([]);
  }
  expect(outcomes).toContain("FRAME_DAMAGED");
});
