import { isJsonObject, type Json } from "../../base/json.ts";

/** A value of a scenario longer than this is cut off in a sentence. */
const VALUE_CHARS = 60;

/** Fields as a person lists them: `title "Pump", tags water, harbor`; empty for none. */
export function fieldWords(fields: object = {}): string {
  return Object.entries(fields)
    .map(([key, value]) => `${key} ${valueWords(value as Json)}`)
    .join(", ");
}

/** A value in a few characters; a list of things that have names, as their names. */
export function valueWords(value: Json | undefined): string {
  if (value === null || value === undefined) return "empty";
  if (Array.isArray(value)) return short(value.map(itemWords).join(", ")) || "empty";
  if (isJsonObject(value)) return short(`{ ${fieldWords(value)} }`);
  return typeof value === "string" ? `"${short(value)}"` : String(value);
}

function itemWords(item: Json): string {
  if (typeof item === "string") return item;
  if (isJsonObject(item) && typeof item.name === "string") return item.name;
  return JSON.stringify(item);
}

function short(text: string): string {
  return text.length > VALUE_CHARS ? `${text.slice(0, VALUE_CHARS - 1)}…` : text;
}

/** `1 commit`, `2 commits`, `no package`. */
export function counted(number: number, one: string, several: string = `${one}s`): string {
  if (number === 0) return `no ${one}`;
  return `${number} ${number === 1 ? one : several}`;
}
