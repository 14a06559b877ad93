import type { z } from "zod";
import { said } from "./said.ts";
import { similarKey } from "./similar-key.ts";

type Issue = z.core.$ZodIssue;
type Path = readonly PropertyKey[];

/** One fault of a document: where it is, what it is. */
export interface Fault {
  readonly path: Path;
  /** The key that is not known, if that is the fault. */
  readonly key?: string;
  readonly message: string;
}

/** The faults behind what a schema found in a value, in the words of people. */
export function faultsOf(issues: readonly Issue[], value: unknown): readonly Fault[] {
  return issues.flatMap((issue) => faultsIn(issue, issue.path, value));
}

function faultsIn(issue: Issue, path: Path, root: unknown): readonly Fault[] {
  if (issue.code === "invalid_union") return faultsOfForms(issue.errors, path, root);
  if (issue.code === "unrecognized_keys") {
    return issue.keys.map((key) => ({ path, key, message: unknownKey(key) }));
  }
  if (issue.code === "invalid_key") {
    const key = String(path.at(-1));
    const why = issue.issues[0]?.message ?? "is not allowed";
    return [{ path: path.slice(0, -1), key, message: `"${key}": ${why}` }];
  }
  if (valueAt(root, path) === undefined) {
    return [{ path, message: `"${String(path.at(-1))}" is missing` }];
  }
  return [{ path, message: said(issue, whatIsAt(path), valueAt(root, path)) }];
}

function unknownKey(key: string): string {
  const meant = similarKey(key);
  return `unknown key "${key}"${meant === undefined ? "" : `; did you mean "${meant}"?`}`;
}

function whatIsAt(path: Path): string {
  const last = path.at(-1);
  if (last === undefined) return "a scenario";
  return typeof last === "number" ? "this" : `"${String(last)}"`;
}

/** Of a value that may have several forms: keys that no form knows, or what the closest form lacks. */
function faultsOfForms(
  forms: readonly (readonly Issue[])[],
  path: Path,
  root: unknown,
): readonly Fault[] {
  const [first = [], ...others] = forms.map(unknownKeys);
  const strange = first.filter((key) => others.every((keys) => keys.includes(key)));
  if (strange.length > 0) {
    return strange.map((key) => ({ path, key, message: unknownKey(key) }));
  }
  const value = valueAt(root, path);
  const costs = forms.map((issues) => {
    return issues.reduce((sum, issue) => sum + costOf(issue, value), 0);
  });
  const closest = forms[costs.indexOf(Math.min(...costs))] ?? [];
  return closest.flatMap((issue) => faultsIn(issue, [...path, ...issue.path], root));
}

function unknownKeys(issues: readonly Issue[]): readonly string[] {
  return issues.flatMap((issue) => {
    return issue.code === "unrecognized_keys" && issue.path.length === 0 ? issue.keys : [];
  });
}

/** How far a form is from what was meant; the one whose own key is missing is the farthest. */
function costOf(issue: Issue, value: unknown): number {
  if (issue.code === "unrecognized_keys") return 3 * issue.keys.length;
  if (issue.path.length === 0) return 1_000;
  return valueAt(value, issue.path) === undefined ? 10 : 1;
}

function valueAt(root: unknown, path: Path): unknown {
  let value = root;
  for (const step of path) value = (value as Record<PropertyKey, unknown> | undefined)?.[step];
  return value;
}
