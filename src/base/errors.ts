import type { ErrorCode } from "./error-codes.ts";

/** What an error can say beside its message. */
export interface ErrorDetails {
  /** What the person can do about it, one sentence. */
  readonly hint?: string;
  /** Where it is: a file, `line 12`, a JSON pointer, an address. */
  readonly where?: string;
  /** True when trying again later can succeed without any change. */
  readonly retriable?: boolean;
  readonly cause?: unknown;
}

/** The one error class of Syncline: a stable `code`, a message, and what to do about it. */
export class SynclineError extends Error {
  override readonly name = "SynclineError";
  readonly code: ErrorCode;
  readonly hint: string | undefined;
  readonly where: string | undefined;
  readonly retriable: boolean;

  constructor(code: ErrorCode, message: string, details: ErrorDetails = {}) {
    super(message, details.cause === undefined ? undefined : { cause: details.cause });
    this.code = code;
    this.hint = details.hint;
    this.where = details.where;
    this.retriable = details.retriable ?? false;
  }

  /** The error as plain data, for JSON output and for crossing threads and sockets. */
  toJSON(): ErrorJson {
    return {
      code: this.code,
      message: this.message,
      ...(this.where === undefined ? {} : { where: this.where }),
      ...(this.hint === undefined ? {} : { hint: this.hint }),
      ...(this.retriable ? { retriable: true } : {}),
    };
  }

  static fromJSON(json: ErrorJson): SynclineError {
    return new SynclineError(json.code, json.message, json);
  }
}

/** The plain-data form of a {@link SynclineError}. */
export interface ErrorJson {
  readonly code: ErrorCode;
  readonly message: string;
  readonly where?: string;
  readonly hint?: string;
  readonly retriable?: boolean;
}

/** True when `error` is a SynclineError, of one of `codes` if any are given. */
export function isSynclineError(error: unknown, ...codes: ErrorCode[]): error is SynclineError {
  return error instanceof SynclineError && (codes.length === 0 || codes.includes(error.code));
}

/** Turns anything thrown into a SynclineError, keeping those that are. */
export function asSynclineError(error: unknown): SynclineError {
  if (error instanceof SynclineError) return error;
  const message = error instanceof Error ? error.message : String(error);
  return new SynclineError("INTERNAL", message, { cause: error });
}
