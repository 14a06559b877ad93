import { ERROR_CODES, type ErrorCode } from "../base/error-codes.ts";
import { type ErrorJson, SynclineError } from "../base/errors.ts";

/** An error as RFC 9457 problem document, with Syncline's own stable code. */
export interface Problem {
  readonly type: string;
  /** What the code means in general. */
  readonly title: string;
  readonly status: number;
  /** What happened this time. */
  readonly detail: string;
  readonly code: ErrorCode;
  readonly where?: string;
  readonly hint?: string;
}

export const PROBLEM_TYPE = "application/problem+json";

/** Statuses of the codes that are not the fault of the request's content (400). */
const STATUS: Readonly<Partial<Record<ErrorCode, number>>> = {
  INTERNAL: 500,
  STORE_IO: 500,
  STORE_CORRUPT: 500,
  DURABILITY: 500,
  DISK_FULL: 507,
  CLOSED: 503,
  INPUT_TOO_LARGE: 413,
  NOT_ALLOWED: 403,
  ORIGIN_REFUSED: 403,
  OBJECT_NOT_FOUND: 404,
  REVISION_NOT_FOUND: 404,
  LINK_NOT_FOUND: 404,
  CONFLICT_NOT_FOUND: 404,
  QUARANTINE_NOT_FOUND: 404,
  RUN_NOT_FOUND: 404,
  REMOVALS_HELD: 409,
  OBJECT_EXISTS: 409,
  OBJECT_AMBIGUOUS: 409,
  OBJECT_DELETED: 409,
  OBJECT_NOT_DELETED: 409,
  OBJECT_PARKED: 409,
  LINK_EXISTS: 409,
  STALE_EDIT: 409,
  POLICY_CONFLICT: 409,
  OBJECT_PURGED: 410,
};

export function problemOf(error: SynclineError, status: number = statusOf(error.code)): Problem {
  return {
    type: `urn:syncline:error:${error.code.toLowerCase().replaceAll("_", "-")}`,
    title: ERROR_CODES[error.code],
    status,
    detail: error.message,
    code: error.code,
    ...(error.where === undefined ? {} : { where: error.where }),
    ...(error.hint === undefined ? {} : { hint: error.hint }),
  };
}

function statusOf(code: ErrorCode): number {
  return STATUS[code] ?? 400;
}

/** The error that a problem document tells of; undefined when it is none of ours. */
export function errorOfProblem(problem: unknown): SynclineError | undefined {
  if (typeof problem !== "object" || problem === null) return undefined;
  const { code, detail, ...rest } = problem as Partial<Problem>;
  if (typeof code !== "string" || typeof detail !== "string") return undefined;
  return SynclineError.fromJSON({ code, message: detail, ...pick(rest) });
}

function pick({ where, hint }: Partial<Problem>): Partial<ErrorJson> {
  return {
    ...(typeof where === "string" ? { where } : {}),
    ...(typeof hint === "string" ? { hint } : {}),
  };
}
