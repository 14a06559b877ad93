import type { Json, JsonObject, MutableJsonObject } from "../base/json.ts";
import { isJsonObject } from "../base/json.ts";
import { comparePlaces, inOrder } from "./fields/resources.ts";
import { isPosition, positionAt, positionsBetween } from "./position.ts";
import { isDeleted } from "./stored.ts";

/** A position that a reorder makes is no longer than this; a list of 10,000 begins with 6. */
const POSITION_CHARS_MAX = 32;

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
 * between them. Where none was before, the desired positions stand.
 */
export function reordered(
  before: JsonObject,
  replaced: JsonObject,
  desired: JsonObject,
): JsonObject {
  const places = wantedOrder(before, desired);
  if (!places.some(({ known }) => known)) return replaced;
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

/** `replaced`, with new resources that say no position placed after all others, by id. */
export function appended(before: JsonObject, replaced: JsonObject): JsonObject {
  const result: MutableJsonObject = { ...replaced };
  const unplaced: string[] = [];
  let last: string | undefined;
  for (const [id, { position }] of inOrder(replaced)) {
    if (isPosition(position)) last = position;
    else if (position === undefined && !Object.hasOwn(before, id)) unplaced.push(id);
  }
  for (const [index, position] of positionsBetween(last, undefined, unplaced.length).entries()) {
    const id = unplaced[index] as string;
    result[id] = { ...(replaced[id] as JsonObject), position };
  }
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
function longestStanding(places: readonly Place[]): number[] {
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
  const kept: number[] = [];
  for (let index = tails.at(-1) ?? -1; index >= 0; index = previous[index] as number) {
    kept.push(index);
  }
  return kept.reverse();
}

/**
 * Positions for all places: those kept as they are, the others spread between them. When that has
 * made them long, after many moves at one place, all places are numbered afresh.
 */
function newPositions(places: readonly Place[], kept: readonly number[]): string[] {
  const positions: string[] = [];
  for (const next of [...kept, places.length]) {
    const high = places[next]?.before as string | undefined;
    const between = positionsBetween(positions.at(-1), high, next - positions.length);
    for (const position of between) positions.push(position);
    if (high !== undefined) positions.push(high);
  }
  const isLong = positions.some((position, index) => {
    return position.length > POSITION_CHARS_MAX && position !== places[index]?.before;
  });
  return isLong ? places.map((_, index) => positionAt(index)) : positions;
}
