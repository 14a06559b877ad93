/**
 * Fractional positions: strings of base-62 digits, read as the digits after a point and compared by
 * code units, so that an item moves between two others by one write to itself alone. They never
 * end in "0", or there would be no room below them.
 */

const DIGITS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
const BASE = DIGITS.length;
const MIDDLE = DIGITS[BASE / 2] as string;
/** Positions of a list begin with a letter that says how many digits of a counter follow. */
const FIRST_LENGTH = DIGITS.indexOf("a");
const POSITION_FORM = /^[0-9A-Za-z]*[1-9A-Za-z]$/;

/** True for a string that {@link positionBetween} can work with. */
export function isPosition(value: unknown): value is string {
  return typeof value === "string" && POSITION_FORM.test(value);
}

/**
 * The position of the item at an index of a list that is imported: a fixed function, increasing,
 * with room on both sides. `a0V` is the first, `a1V` the second, `b00V` the 63rd.
 */
export function positionAt(index: number): string {
  let length = 1;
  let rest = index;
  for (let count = BASE; rest >= count; count *= BASE) {
    rest -= count;
    length += 1;
  }
  let digits = MIDDLE;
  for (let place = 0; place < length; place++) {
    digits = (DIGITS[rest % BASE] as string) + digits;
    rest = Math.floor(rest / BASE);
  }
  return (DIGITS[FIRST_LENGTH + length - 1] as string) + digits;
}

/**
 * A position strictly between two, by code units; undefined stands for the open end. Both must be
 * positions, and `low` below `high`; throws RangeError otherwise. Appending stays short; inserting
 * again and again at one place adds a character for every six items.
 */
export function positionBetween(low: string | undefined, high: string | undefined): string {
  for (const end of [low, high]) {
    if (end !== undefined && !isPosition(end)) throw new RangeError(`not a position: ${end}`);
  }
  if (low !== undefined && high !== undefined) {
    if (low >= high) throw new RangeError(`no position between ${low} and ${high}`);
    return middle(low, high);
  }
  if (low !== undefined) return after(low);
  return high === undefined ? positionAt(0) : before(high);
}

/**
 * Positions for so many items between two others, in order. They share the room evenly, so that
 * their length grows with the logarithm of the count. The ends are those of {@link positionBetween}.
 */
export function positionsBetween(
  low: string | undefined,
  high: string | undefined,
  count: number,
): string[] {
  const positions: string[] = [];
  if (high !== undefined) spread(positions, low, high, count);
  else
    while (positions.length < count) positions.push(positionBetween(positions.at(-1) ?? low, high));
  return positions;
}

function spread(positions: string[], low: string | undefined, high: string, count: number): void {
  if (count === 0) return;
  const below = count >> 1;
  const between = positionBetween(low, high);
  spread(positions, low, between, below);
  positions.push(between);
  spread(positions, between, high, count - below - 1);
}

/** The next of {@link positionAt} where `low` is such a position, else one digit more. */
function after(low: string): string {
  const length = digitAt(low, 0) - FIRST_LENGTH + 1;
  if (length >= 1 && length < 8 && low.length > length) {
    let index = 0;
    for (let place = 1; place <= length; place++) index = index * BASE + digitAt(low, place);
    for (let count = BASE, shorter = 1; shorter < length; count *= BASE, shorter++) index += count;
    return positionAt(index + 1);
  }
  for (let place = 0; place < low.length; place++) {
    const digit = digitAt(low, place);
    if (digit < BASE - 1) return low.slice(0, place) + DIGITS[digit + 1];
  }
  return low + MIDDLE;
}

/** The digit before, at the first place that has one. */
function before(high: string): string {
  let place = 0;
  while (digitAt(high, place) === 0) place += 1;
  const digit = digitAt(high, place);
  const head = high.slice(0, place);
  return digit > 1 ? head + DIGITS[digit - 1] : `${head}0${DIGITS[BASE - 1]}`;
}

function middle(low: string, high: string | undefined): string {
  let same = 0;
  if (high !== undefined) {
    while (same < high.length && (low[same] ?? "0") === high[same]) same += 1;
  }
  if (same > 0) return high?.slice(0, same) + middle(low.slice(same), high?.slice(same));
  const lowDigit = low === "" ? 0 : digitAt(low, 0);
  const highDigit = high === undefined ? BASE : digitAt(high, 0);
  if (highDigit - lowDigit > 1) return DIGITS[Math.round((lowDigit + highDigit) / 2)] as string;
  if (high !== undefined && high.length > 1) return high.slice(0, 1);
  return (DIGITS[lowDigit] as string) + middle(low.slice(1), undefined);
}

function digitAt(position: string, place: number): number {
  return DIGITS.indexOf(position[place] as string);
}
