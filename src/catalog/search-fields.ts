import { compareCodeUnits } from "../base/canonical.ts";
import type { Json, JsonObject } from "../base/json.ts";
import { uuidOf } from "./identity.ts";
import { isDeleted, mapAt, type ReferenceLookup, visibleValue } from "./stored.ts";

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
export const TEXT_FIELDS: readonly string[] = [
  "notes",
  "description",
  "about",
  "author",
  "maintainer",
  "url",
];
export const RESOURCE_FIELDS: readonly string[] = ["name", "description", "format", "url"];

/** What an object says itself of its {@link SearchFields}; what it refers to stands here by id. */
export interface SearchParts extends Pick<SearchFields, "name" | "title" | "state"> {
  /** Its own text, one piece per line. */
  readonly text: string;
  readonly tags: readonly string[];
  readonly groups: readonly string[];
  readonly owner: string | null;
}

/**
 * Text for the full-text index and facets for filters. A deleted object's fields are those it had,
 * so that it can be found among the deleted.
 */
export function searchFields(
  _type: string,
  content: JsonObject,
  lookup: ReferenceLookup,
): SearchFields {
  return joinParts(searchParts(content), lookup);
}

/** The parts of content; needs no other object. Copies nothing: it runs for each record of a sync. */
export function searchParts(content: JsonObject): SearchParts {
  const name = textOf(content.name);
  let text = "";
  for (const field of TEXT_FIELDS) text = withLine(text, content[field]);
  const resources = visibleAt(content, "resources");
  for (const id of sortedKeys(resources)) {
    const resource = mapAt(resources, id);
    if (isDeleted(resource)) continue;
    for (const field of RESOURCE_FIELDS) text = withLine(text, resource[field]);
  }
  const extras = visibleAt(content, "extras");
  for (const key of sortedKeys(extras)) text = withLine(text, extras[key]);
  return {
    name,
    title: textOf(content.title) || textOf(content.fullname) || name,
    text,
    tags: visibleKeys(visibleAt(content, "tags")),
    groups: visibleKeys(visibleAt(content, "groups")),
    owner: uuidOf(content.owner_org) ?? null,
    state: stateOf(content),
  };
}

/** The fields, with the names of what the parts refer to. */
export function joinParts(parts: SearchParts, lookup: ReferenceLookup): SearchFields {
  const tags = referencedNames(parts.tags, lookup);
  const groups = referencedNames(parts.groups, lookup);
  const owner = parts.owner === null ? undefined : lookup.content(parts.owner);
  const organization = owner === undefined || isDeleted(owner) ? undefined : owner;
  return {
    name: parts.name,
    title: parts.title,
    text: [...tags, organization?.title].reduce(withLine, parts.text),
    tags,
    groups,
    organization: textOf(organization?.name) || null,
    state: parts.state,
  };
}

/** A container that is not flagged as deleted; those of a deleted object too. */
function visibleAt(content: JsonObject, key: string): JsonObject {
  const container = mapAt(content, key);
  return isDeleted(container) ? {} : container;
}

function visibleKeys(set: JsonObject): string[] {
  return Object.keys(set).filter((key) => visibleValue(set[key] as Json) !== undefined);
}

/** In an order that does not depend on how the content was put together. */
function sortedKeys(map: JsonObject): string[] {
  return Object.keys(map).sort(compareCodeUnits);
}

function withLine(text: string, piece: Json | undefined): string {
  if (typeof piece !== "string" || piece === "") return text;
  return text === "" ? piece : `${text}\n${piece}`;
}

function stateOf(content: JsonObject): "active" | "deleted" | "draft" {
  if (isDeleted(content)) return "deleted";
  return content.state === undefined || content.state === "active" ? "active" : "draft";
}

function referencedNames(ids: readonly string[], lookup: ReferenceLookup): string[] {
  const names = new Set<string>();
  for (const id of ids) {
    const content = lookup.content(id);
    if (content !== undefined && !isDeleted(content)) names.add(textOf(content.name));
  }
  names.delete("");
  return [...names].sort(compareCodeUnits);
}

function textOf(value: Json | undefined): string {
  return typeof value === "string" ? value : "";
}
