import { compareCodeUnits } from "../base/canonical.ts";
import type { Json, JsonObject } from "../base/json.ts";
import { inOrder } from "./fields/resources.ts";
import { isDeleted, mapAt, type ReferenceLookup, visibleMembers } from "./stored.ts";

/** What the search index keeps of an object. */
export interface SearchFields {
  readonly name: string;
  /** The title, else the full name, else the name. */
  readonly title: string;
  /** Everything else worth finding, one piece per line. */
  readonly text: string;
  /** Names of tags and groups, sorted; the name of the owning organization. */
  readonly tags: string[];
  readonly groups: string[];
  readonly organization: string | null;
  /** `draft` stands for every state that is neither active nor deleted (CKAN's pending too). */
  readonly state: "active" | "deleted" | "draft";
}

/** Fields whose text is worth finding. The name and title are fields of their own. */
const TEXT_FIELDS = ["notes", "description", "about", "author", "maintainer", "url"];
const RESOURCE_FIELDS = ["name", "description", "format", "url"];

/**
 * Text for the full-text index and facets for filters. A deleted object's fields are those it had,
 * so that it can be found among the deleted.
 */
export function searchFields(
  _type: string,
  content: JsonObject,
  lookup: ReferenceLookup,
): SearchFields {
  const visible = visibleMembers(content) ?? {};
  const name = textOf(visible.name);
  const tags = referencedNames(mapAt(visible, "tags"), lookup);
  const groups = referencedNames(mapAt(visible, "groups"), lookup);
  const owner =
    typeof visible.owner_org === "string" ? lookup.content(visible.owner_org) : undefined;
  const organization = owner === undefined || isDeleted(owner) ? undefined : owner;
  const pieces = [
    ...TEXT_FIELDS.map((field) => visible[field]),
    ...inOrder(mapAt(visible, "resources")).flatMap(([, resource]) => resourcePieces(resource)),
    ...sortedValues(mapAt(visible, "extras")),
    ...tags,
    organization?.title,
  ];
  return {
    name,
    title: textOf(visible.title) || textOf(visible.fullname) || name,
    text: pieces.map(textOf).filter(Boolean).join("\n"),
    tags,
    groups,
    organization: textOf(organization?.name) || null,
    state: stateOf(content),
  };
}

function stateOf(content: JsonObject): "active" | "deleted" | "draft" {
  if (isDeleted(content)) return "deleted";
  return content.state === undefined || content.state === "active" ? "active" : "draft";
}

function resourcePieces(resource: JsonObject): (Json | undefined)[] {
  return RESOURCE_FIELDS.map((field) => resource[field]);
}

/** The values by key, so that the text does not depend on how the content was put together. */
function sortedValues(map: JsonObject): (Json | undefined)[] {
  return Object.keys(map)
    .sort(compareCodeUnits)
    .map((key) => map[key]);
}

function referencedNames(set: JsonObject, lookup: ReferenceLookup): string[] {
  const names = new Set<string>();
  for (const id in set) {
    const content = lookup.content(id);
    if (content !== undefined && !isDeleted(content)) names.add(textOf(content.name));
  }
  names.delete("");
  return [...names].sort(compareCodeUnits);
}

function textOf(value: Json | undefined): string {
  return typeof value === "string" ? value : "";
}
