import { isJsonObject, type Json } from "../../base/json.ts";
import type { Action, Part } from "./actions.ts";

/** The names, as `type/name`, that an action may give to objects: its own, and those of tags and groups in it. */
export function namesMade(action: Action | Part): readonly string[] {
  if ("changeset" in action) return action.changeset.flatMap(namesMade);
  if ("create" in action) return [action.create, ...namesIn(action.value)];
  if ("set" in action) return namesIn(action.value);
  if ("tag" in action) return action.tags.map((name) => `tag/${name}`);
  if ("rename" in action) return [`${typeOf(action.rename)}/${action.to}`];
  if ("resolve" in action && action.path === "/name") {
    return [`${typeOf(action.resolve)}/${action.value}`];
  }
  return [];
}

function typeOf(ref: string): string {
  return ref.slice(0, ref.indexOf("/"));
}

function namesIn({ tags, groups }: { readonly [key: string]: Json } = {}): readonly string[] {
  const named = (list: Json | undefined, type: string): string[] => {
    const items = Array.isArray(list) ? list : [];
    return items.map((item) => `${type}/${isJsonObject(item) ? item.name : item}`);
  };
  return [...named(tags, "tag"), ...named(groups, "group")];
}
