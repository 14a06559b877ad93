import type { HostileCase } from "./case.ts";
import { JSON_CASES } from "./json-cases.ts";
import { PATCH_CASES } from "./patch-cases.ts";
import { RECORD_CASES } from "./record-cases.ts";
import { USER_PATCH_CASES } from "./user-patch-cases.ts";

/**
 * Every hostile input, for every test that has a door: each must be refused with its code, and
 * leave the instance as it was.
 */
export const HOSTILE_CORPUS: readonly HostileCase[] = [
  ...JSON_CASES,
  ...RECORD_CASES,
  ...PATCH_CASES,
  ...USER_PATCH_CASES,
];

export type { HostileCase, HostileEntry } from "./case.ts";
