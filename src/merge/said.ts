import { expandWrites, isFlag, touchesOf } from "./leaf-writes.ts";
import type { Region } from "./region.ts";
import type { PathPin, PathWrite, Said } from "./survivors.ts";

/**
 * What a region writes, touches and pins, by path. A touch counts at a flag that the region writes
 * or that is among `stored`, the paths of the content below it.
 */
export function saidIn(region: Region, stored: Iterable<string>): Map<string, Said> {
  const paths = new Map<string, { writes: PathWrite[]; pins: PathPin[] }>();
  const at = (path: string): { writes: PathWrite[]; pins: PathPin[] } => {
    let said = paths.get(path);
    if (said === undefined) {
      said = { writes: [], pins: [] };
      paths.set(path, said);
    }
    return said;
  };
  const own = region.revisions.map(({ patch, pins = [] }, by) => {
    return { by, writes: expandWrites(patch), pins };
  });
  for (const { by, writes, pins } of own) {
    for (const [path, value] of writes) at(path).writes.push({ by, value });
    for (const { path, value, of, merged = false } of pins) {
      at(path).pins.push({ by, value, of, merged });
    }
  }
  const flags = new Set([...stored, ...paths.keys()].filter(isFlag));
  for (const { by, writes, pins } of own) {
    for (const path of touchesOf(writes, pins, flags)) {
      at(path).writes.push({ by, value: undefined });
    }
  }
  return paths;
}
