import type { Checks, ConflictCheck } from "../format/checks.ts";
import type { SyncExpect } from "../format/scenario.ts";

/** What has to hold, one line each. */
export function checkWords(checks: Checks): readonly string[] {
  const { converged = [], conflicts = {}, recoverable, wire, strict } = checks;
  return [
    ...converged.map((group) => `${group.join(", ")} hold the same`),
    ...nested(
      checks.value,
      (who, object, fields) => `${who} shows ${object} with ${pairs(fields)}`,
    ),
    ...nested(
      checks.names,
      (who, object, name) => `${who} shows ${object} as ${name ?? "nothing"}`,
    ),
    ...nested(checks.roles, (who, object, roles) =>
      Object.entries(roles)
        .map(([user, role]) => `on ${who}, ${user} is ${role} of ${object}`)
        .join(", "),
    ),
    ...nested(
      checks.search,
      (who, query, found) => `${who} finds ${found.join(", ") || "nothing"} for "${query}"`,
    ),
    ...nested(checks.log, (who, object, log) => `${who} has ${printLog(log)} of ${object}`),
    ...nested(checks.count, (who, type, count) => `${who} has ${count} × ${type}`),
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
    ...(wire === undefined ? [] : [`the sync before carried at most ${pairs(wire)}`]),
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

function pairs(fields: object): string {
  return Object.entries(fields)
    .map(([key, value]) => `${key} ${JSON.stringify(value)}`)
    .join(", ");
}

function printLog(log: number | readonly string[]): string {
  return typeof log === "number" ? `${log} revisions` : `the revisions ${log.join(", ")}`;
}

function conflictWords({ object, path, chosen, candidates, rule }: ConflictCheck): string {
  const among = candidates === undefined ? "" : ` between ${candidates.join(" and ")}`;
  const choice = chosen === undefined ? "" : `, ${chosen} chosen`;
  return `a conflict at ${path} of ${object}${among}${choice}${rule === undefined ? "" : ` (${rule})`}`;
}

/** What a sync has to come to, in a few words; empty for a usual one. */
export function expectWords(expect: SyncExpect = {}): string {
  const { outcome, error, quiet, ...counts } = expect;
  const told = Object.entries(counts).flatMap(([what, record]) =>
    Object.entries(record ?? {}).map(([who, number]) => `${what} on ${who}: ${number}`),
  );
  return [outcome, error, quiet === true ? "nothing is carried" : undefined, ...told]
    .filter((one) => one !== undefined)
    .join(", ");
}
