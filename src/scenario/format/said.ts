import type { z } from "zod";

type Issue = z.core.$ZodIssue;

/** The kinds of values, as people call them. */
const KINDS: Readonly<Record<string, string>> = {
  string: "a text",
  number: "a number",
  int: "a whole number",
  boolean: "true or false",
  object: "a map",
  record: "a map",
  array: "a list",
  tuple: "a list",
  null: "nothing",
};

/** What a schema found about a value, in the words of people; `what` is what the value is of. */
export function said(issue: Issue, what: string, value: unknown): string {
  if (issue.code === "invalid_type") {
    return `${what} has to be ${kind(issue.expected)}, not ${kind(kindOf(value))}`;
  }
  if (issue.code === "invalid_value") {
    const values = issue.values.map(String);
    const last = values.pop();
    return `${what} has to be ${values.length > 0 ? `${values.join(", ")} or ${last}` : last}`;
  }
  if (issue.code === "too_small" && (issue.origin === "array" || issue.origin === "string")) {
    return `${what} is too short: ${issue.minimum} is the least`;
  }
  return `${issue.message.slice(0, 1).toLowerCase()}${issue.message.slice(1)}`;
}

function kind(name: string): string {
  return KINDS[name] ?? name;
}

function kindOf(value: unknown): string {
  if (value === null) return "null";
  return Array.isArray(value) ? "array" : typeof value;
}
