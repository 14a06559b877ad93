import type { Json, JsonObject, MutableJsonObject } from "../base/json.ts";
import { isJsonObject } from "../base/json.ts";
import { comparePlaces } from "./fields/resources.ts";
import { isPosition, positionBetween } from "./position.ts";
import { isDeleted } from "./stored.ts";

interface Place {
  readonly id: string;
  /** Where the resource stood so far; undefined for a new one. */
  readonly before: Json | undefined;
  readonly known: boolean;
  /** Where the desired form puts it. */
  readonly wanted: Json | undefined;
}

/**
 * `replaced` with the positions that give the order of `desired` by the fewest changes: the longest
 * run of resources that stand in that order already keep their positions, the others move
 * between them.
 */
export function reordered(
  before: JsonObject,
  desired: JsonObject,
  replaced: JsonObject,
): JsonObject {
  const places = wantedOrder(before, desired);
  const result: MutableJsonObject = { ...replaced };
  const set = (place: Place, position: Json | undefined): void => {
    const resource = result[place.id] as JsonObject;
    if (resource.position === position) return;
    const moved: MutableJsonObject = { ...resource };
    if (position === undefined) delete moved.position;
    else moved.position = position;
    result[place.id] = moved;
  };
  if (places.every((place, index) => stands(place, places[index - 1]))) {
    for (const place of places) set(place, place.before);
    return result;
  }
  const positions = newPositions(places, longestStanding(places));
  places.forEach((place, index) => {
    set(place, positions[index]);
  });
  return result;
}

/** The visible resources of the desired form in its order. */
function wantedOrder(before: JsonObject, desired: JsonObject): Place[] {
  const places: Place[] = [];
  for (const id in desired) {
    const resource = desired[id] as Json;
    if (!isJsonObject(resource) || isDeleted(resource)) continue;
    const old = before[id];
    const known = isJsonObject(old);
    const position = known ? old.position : undefined;
    places.push({ id, known, before: position, wanted: resource.position ?? position });
  }
  return places.sort((a, b) => comparePlaces(a.id, a.wanted, b.id, b.wanted));
}

function stands(place: Place, previous: Place | undefined): boolean {
  if (!place.known) return false;
  return (
    previous === undefined ||
    comparePlaces(previous.id, previous.before, place.id, place.before) < 0
  );
}

/**
 * Indexes of a longest run of places whose old positions rise, by patience sorting. Only real
 * positions count, and each once: between two equal ones nothing can be put.
 */
function longestStanding(places: readonly Place[]): Set<number> {
  const tails: number[] = [];
  const previous: number[] = [];
  const positionOf = (index: number): string => places[index]?.before as string;
  places.forEach((place, index) => {
    if (!place.known || !isPosition(place.before)) return;
    let low = 0;
    let high = tails.length;
    while (low < high) {
      const half = (low + high) >> 1;
      if (positionOf(tails[half] as number) < place.before) low = half + 1;
      else high = half;
    }
    previous[index] = low === 0 ? -1 : (tails[low - 1] as number);
    tails[low] = index;
  });
  const kept = new Set<number>();
  for (let index = tails.at(-1) ?? -1; index >= 0; index = previous[index] as number) {
    kept.add(index);
  }
  return kept;
}

/** Positions for all places: those kept as they are, the wanted one where it fits, else between. */
function newPositions(places: readonly Place[], kept: ReadonlySet<number>): string[] {
  const following: (string | undefined)[] = [];
  let next: string | undefined;
  for (let index = places.length - 1; index >= 0; index--) {
    following[index] = next;
    if (kept.has(index)) next = places[index]?.before as string;
  }
  const positions: string[] = [];
  places.forEach((place, index) => {
    const low = positions[index - 1];
    const high = following[index];
    const { wanted } = place;
    if (kept.has(index)) positions.push(place.before as string);
    else if (isPosition(wanted) && fits(wanted, low, high)) positions.push(wanted);
    else positions.push(positionBetween(low, high));
  });
  return positions;
}

function fits(position: string, low: string | undefined, high: string | undefined): boolean {
  return (low === undefined || low < position) && (high === undefined || position < high);
}
