import { ERROR_CODES } from "../../src/base/error-codes.ts";
import { isSynclineError } from "../../src/base/errors.ts";

/** A door that is fed with anything. */
export interface FuzzTarget {
  readonly name: string;
  /** What mutations start from: some that the door takes, and some that it refuses. */
  readonly seeds: readonly Uint8Array[];
  /**
   * Feeds the door. It may throw a SynclineError of any code but INTERNAL, which is a refusal;
   * everything else it throws is a failure.
   */
  readonly feed: (bytes: Uint8Array) => Promise<void> | void;
}

/** Why an input is a failure; undefined when it was taken or refused as it should. */
export async function failureOf(
  target: FuzzTarget,
  bytes: Uint8Array,
): Promise<string | undefined> {
  try {
    await target.feed(bytes);
  } catch (error) {
    const isRefusal = isSynclineError(error) && Object.hasOwn(ERROR_CODES, error.code);
    if (isRefusal && error.code !== "INTERNAL") return undefined;
    return error instanceof Error ? (error.stack ?? error.message) : String(error);
  }
  return undefined;
}

/** Fails the input for a reason that no door can give. */
export function demand(isTrue: boolean, what: string): void {
  if (!isTrue) throw new Error(what);
}
