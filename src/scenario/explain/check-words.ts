import {
  ALL_OR_NONE,
  type ChangesetCheck,
  type Checks,
  type ConflictCheck,
  type DiffCheck,
} from "../format/checks.ts";
import type { SyncExpect } from "../format/scenario.ts";
import { counted, fieldWords, valueWords } from "./value-words.ts";

/** What has to hold, one line each. */
export function checkWords(checks: Checks): readonly string[] {
  const { converged = [], conflicts = {}, recoverable, wire, strict } = checks;
  return [
    ...converged.map((group) => `${group.join(", ")} hold the same`),
    ...nested(
      checks.value,
      (who, object, fields) => `${who} shows ${object} with ${fieldWords(fields)}`,
    ),
    ...nested(
      checks.valueAt,
      (who, label, fields) => `${who} shows ${label} with ${fieldWords(fields)}`,
    ),
    ...Object.entries(checks.diff ?? {}).flatMap(([who, diffs]) => {
      return diffs.map((one) => `${who} ${diffWords(one)}`);
    }),
    ...nested(checks.changesets, (who, label, of) => `${who} ${changesetWords(label, of)}`),
    ...nested(
      checks.names,
      (who, object, name) => `${who} shows ${object} as ${name ?? "nothing"}`,
    ),
    ...nested(checks.roles, (who, object, roles) => {
      const each = Object.entries(roles).map(([user, role]) => `${user} is ${role}`);
      return `on ${who}, ${each.join(" and ")} of ${object}`;
    }),
    ...nested(
      checks.search,
      (who, query, found) => `${who} finds ${found.join(", ") || "nothing"} for "${query}"`,
    ),
    ...nested(checks.log, (who, object, log) => `${who} has ${printLog(log)} of ${object}`),
    ...nested(checks.count, (who, type, count) => `${who} has ${counted(count, type)}`),
    ...Object.entries(checks.epochs ?? {}).map(([who, reasons]) => {
      if (reasons.length === 0) return `${who} writes as it always did`;
      return `${who} began a new epoch: ${reasons.join(", then ")}`;
    }),
    ...listed(checks.absent, "does not have"),
    ...listed(checks.deleted, "has deleted"),
    ...listed(checks.purged, "has purged"),
    ...listed(checks.left, "keeps as it was, since it left the scope,"),
    ...Object.entries(conflicts).flatMap(([who, some]) =>
      some.length === 0
        ? [`${who} has no conflict`]
        : some.map((one) => `${who} has ${conflictWords(one)}`),
    ),
    ...(strict === true ? ["there is no other conflict"] : []),
    ...(recoverable === undefined ? [] : [`nothing of ${recoverable.join(", ")} is lost`]),
    ...(wire === undefined ? [] : [`the sync before carried at most ${wireWords(wire)}`]),
  ];
}

function nested<T>(
  record: Readonly<Record<string, Readonly<Record<string, T>>>> | undefined,
  words: (who: string, what: string, value: T) => string,
): readonly string[] {
  return Object.entries(record ?? {}).flatMap(([who, some]) =>
    Object.entries(some).map(([what, value]) => words(who, what, value)),
  );
}

function listed(
  record: Readonly<Record<string, readonly string[]>> | undefined,
  words: string,
): readonly string[] {
  return Object.entries(record ?? {}).map(([who, refs]) => `${who} ${words} ${refs.join(", ")}`);
}

function wireWords({ bytesMax, framesMax, batchesMax }: NonNullable<Checks["wire"]>): string {
  const limits = [
    bytesMax === undefined ? undefined : counted(bytesMax, "byte"),
    framesMax === undefined ? undefined : counted(framesMax, "frame"),
    batchesMax === undefined ? undefined : counted(batchesMax, "batch", "batches"),
  ];
  return limits.filter((one) => one !== undefined).join(", ");
}

function printLog(log: number | readonly string[]): string {
  return typeof log === "number" ? counted(log, "revision") : `the revisions ${log.join(", ")}`;
}

function diffWords({ from, to, changes }: DiffCheck): string {
  const leaves = Object.entries(changes).map(([path, { was, is }]) => {
    if (was === undefined) return `${path} came: ${valueWords(is)}`;
    if (is === undefined) return `${path} went: ${valueWords(was)}`;
    return `${path} from ${valueWords(was)} to ${valueWords(is)}`;
  });
  return `tells ${from} from ${to ?? "what is shown"}: ${leaves.join(", ") || "nothing differs"}`;
}

function changesetWords(label: string, of: ChangesetCheck): string {
  if (of === ALL_OR_NONE) return `has all of the changeset ${label}, or nothing`;
  if (of.length === 0) return `has nothing of the changeset ${label}`;
  return `has the changeset ${label} of ${of.join(" and ")}`;
}

function conflictWords(one: ConflictCheck): string {
  const { object, path, kind, status, chosen, value, candidates, rule } = one;
  const what = [status, kind].filter((word) => word !== undefined).join(" ");
  const among = candidates === undefined ? "" : ` between ${candidates.join(" and ")}`;
  const choice = chosen === undefined ? "" : `, ${chosen} chosen`;
  const stands = value === undefined ? "" : `, ${valueWords(value)} stands`;
  const by = rule === undefined ? "" : ` (${rule})`;
  const article = /^[aeiou]/.test(what) ? "an" : "a";
  const conflict = what === "" ? "conflict" : `${what} conflict`;
  return `${article} ${conflict} at ${path} of ${object}${among}${choice}${stands}${by}`;
}

/** What a sync has to come to, in a few words; empty for a usual one. */
export function expectWords(expect: SyncExpect = {}): string {
  const { outcome, error, quiet, applied, conflicts, refused } = expect;
  return [
    outcome,
    error,
    quiet === true ? "nothing is carried" : undefined,
    ...each(applied, (number) => `takes in ${counted(number, "object")}`),
    ...each(conflicts, (number) => `finds ${counted(number, "new conflict")}`),
    ...each(refused, (number) => `refuses ${counted(number, "record")}`),
  ]
    .filter((one) => one !== undefined)
    .join(", ");
}

function each(
  record: Readonly<Record<string, number>> = {},
  words: (number: number) => string,
): readonly string[] {
  return Object.entries(record).map(([who, number]) => `${who} ${words(number)}`);
}
