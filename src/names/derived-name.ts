import type { ObjectId } from "../base/ids.ts";

/** CKAN's limit for a name, counted as CKAN's database counts: in code points. */
const NAME_CODE_POINTS_MAX = 100;
/**
 * Keys that agree in so many code points form a family; a shorter key is one by itself. Fewer than
 * the shortest stem that a derived name can be cut to (100, less `--`, 32 digits, `-` and a number
 * below 2^53), so names derived from keys of two families never meet.
 */
const FAMILY_CODE_POINTS = 48;
const DIGITS_MIN = 6;

/**
 * The first name for a claimant that lost its plain one which is not taken: its key, followed by
 * `--` and the hexadecimal digits of its id, from 6 to all 32, then by `-2`, `-3` … after those.
 * The key is cut where the whole would be longer than 100 code points.
 */
export function derivedName(
  key: string,
  object: ObjectId,
  isTaken: (name: string) => boolean,
): string {
  const hex = object.replaceAll("-", "");
  for (let digits = DIGITS_MIN; ; digits++) {
    const beyond = digits - hex.length;
    const suffix = `--${hex.slice(0, digits)}${beyond > 0 ? `-${beyond + 1}` : ""}`;
    const name = firstCodePoints(key, NAME_CODE_POINTS_MAX - suffix.length) + suffix;
    if (!isTaken(name)) return name;
  }
}

/** The digits that every derived name of an object has. */
export function firstDigits(object: ObjectId): string {
  return object.slice(0, DIGITS_MIN);
}

/** The family of a key: its first 48 code points. */
export function familyOf(key: string): string {
  return firstCodePoints(key, FAMILY_CODE_POINTS);
}

/** True for the family of long keys, which may hold several; else the family is its only key. */
export function isLongFamily(family: string): boolean {
  // A code point has at least one unit.
  return family.length >= FAMILY_CODE_POINTS && codePoints(family) === FAMILY_CODE_POINTS;
}

/** What a key of the form of a derived name may have been derived from. */
export interface Origin {
  readonly stem: string;
  /** True if the stem may be cut: then any key that begins with it may be the origin. */
  readonly isCut: boolean;
}

const DERIVED_FORM = /^(.+)--[0-9a-f]{6,32}(?:-[0-9]+)?$/s;

/** Undefined for a key that no derived name can be equal to. */
export function originOf(key: string): Origin | undefined {
  if (key.length > 2 * NAME_CODE_POINTS_MAX) return undefined;
  const stem = DERIVED_FORM.exec(key)?.[1];
  return stem === undefined ? undefined : { stem, isCut: codePoints(key) >= NAME_CODE_POINTS_MAX };
}

function codePoints(text: string): number {
  return [...text].length;
}

function firstCodePoints(text: string, count: number): string {
  if (text.length <= count) return text;
  // A code point has at most two units, and a pair that this cut splits is beyond the count.
  return [...text.slice(0, 2 * count)].slice(0, count).join("");
}
