import { instanceOf } from "../../base/ids.ts";
import { isJsonObject, type Json, type JsonObject } from "../../base/json.ts";
import type { Changeset } from "../../model/record.ts";
import type { Checker, InstanceState, LoggedEntry, Mapping } from "./world-state.ts";

/**
 * Packages that came over a link which maps organizations have those of its rules: none shows one
 * that is mapped when only the link's peer and the link itself ever said whose it is; the link itself
 * says nothing else; and none came in of an organization that the rules refuse.
 */
export const mapped: Checker = (world) =>
  [...world.instances.values()].flatMap((instance) =>
    instance.mappings.flatMap((mapping) => {
      const sources = world.flows.filter(({ target }) => target === instance.name);
      return [
        ...left(instance, mapping),
        ...overdone(instance, mapping),
        ...(sources.length === 1 ? letIn(instance, mapping) : []),
      ];
    }),
  );

/** What an edit makes the owner of a package: null for nobody; undefined when it leaves it alone. */
function ownerBy({ patch }: LoggedEntry): Json | undefined {
  let owner: Json | undefined;
  for (const write of patch) {
    if (write.path === "/owner_org") owner = write.op === "remove" ? null : write.value;
    if (write.path === "" && write.op !== "remove" && isJsonObject(write.value)) {
      owner = write.value.owner_org ?? owner;
    }
  }
  return owner;
}

/** The organization that the rules give for one; undefined for one that stays. */
function givenFor({ rules }: Mapping, owner: Json | undefined): string | undefined {
  if (typeof owner !== "string" || owner === "") return undefined;
  const pair = rules.map.find(({ id }) => id === owner);
  if (pair !== undefined) return pair.ours;
  if (rules.map.some(({ ours }) => ours === owner)) return undefined;
  return rules.unmapped.startsWith("default:") ? rules.unmapped.slice(8) : undefined;
}

type Histories = ReadonlyMap<string, readonly LoggedEntry[]>;

/** What shows an organization of the peer's that the rules map, though nobody decided so. */
function left(instance: InstanceState, mapping: Mapping): string[] {
  const histories: Histories = Map.groupBy(instance.log, ({ object }) => object);
  return instance.objects
    .filter(({ type, deleted, parked }) => type === "package" && !deleted && !parked)
    .flatMap(({ id, text }) => {
      const { owner_org: owner } = JSON.parse(text) as JsonObject;
      const given = givenFor(mapping, owner);
      if (given === undefined || given === owner) return [];
      const history = histories.get(id) ?? [];
      // What waited for a newer version of the program is mapped when it next changes.
      if (history.some((entry) => entry.text.includes('"schema":2'))) return [];
      const last = lastEdits(history);
      const isForLink = (entry: LoggedEntry): boolean =>
        entry.source === mapping.peer || isByLink(instance, mapping, entry);
      const results = last.map((entry) => givenFor(mapping, ownerBy(entry)));
      if (!last.every(isForLink) || results.includes(owner as string)) return [];
      return [`${instance.name}: package ${id} is of ${owner}, which ${mapping.link} maps`];
    });
}

/** The edits of the owner over which no other one was made. */
function lastEdits(history: readonly LoggedEntry[]): readonly LoggedEntry[] {
  const above = new Map<string, ReadonlySet<string>>();
  for (const { id, parents } of history) {
    const all = parents.flatMap((parent) => [parent, ...(above.get(parent) ?? [])]);
    above.set(id, new Set(all));
  }
  const edits = history.filter((entry) => ownerBy(entry) !== undefined);
  return edits.filter(({ id }) => !edits.some((later) => above.get(later.id)?.has(id) === true));
}

function isByLink(instance: InstanceState, { link }: Mapping, entry: LoggedEntry): boolean {
  if (entry.changeset === null || !instance.ids.has(instanceOf(entry.actor))) return false;
  return (JSON.parse(entry.changeset) as Changeset).author === `link ${link}`;
}

/** What a link authored beside the organizations that its rules give. */
function overdone(instance: InstanceState, mapping: Mapping): string[] {
  const { rules, link } = mapping;
  const targets = new Set<Json>(rules.map.map(({ ours }) => ours));
  if (rules.unmapped.startsWith("default:")) targets.add(rules.unmapped.slice(8));
  // Rules that were given up do not say what they were.
  if (targets.size === 0) return [];
  return instance.log
    .filter((entry) => isByLink(instance, mapping, entry))
    .filter(({ patch }) => {
      return patch.some(({ path, ...write }) => {
        return path !== "/owner_org" || write.op === "remove" || !targets.has(write.value);
      });
    })
    .map(({ id, object }) => `${instance.name}: ${link} made ${id} of ${object}, not by its rules`);
}

/** What came in since, of organizations that the rules refuse. */
function letIn({ name, log, objects }: InstanceState, { peer, rules, since }: Mapping): string[] {
  if (rules.unmapped !== "refuse") return [];
  const known = new Set<Json>(
    rules.map.flatMap(({ ours, id }) => (id === null ? [ours] : [ours, id])),
  );
  const byName = rules.map.filter(({ id }) => id === null).map(({ theirs }) => `"${theirs}"`);
  const packages = new Set(objects.filter(({ type }) => type === "package").map(({ id }) => id));
  return log
    .filter(({ lsn, source, object }) => lsn > since && source === peer && packages.has(object))
    .filter((entry) => {
      const owner = ownerBy(entry);
      if (typeof owner !== "string" || owner === "" || known.has(owner)) return false;
      // Whose name it was when it came, its history says.
      const texts = log.filter(({ object }) => object === owner).map(({ text }) => text);
      return !texts.some((text) => byName.some((one) => text.includes(one)));
    })
    .map(({ id, object }) => `${name} took ${id} of ${object}, whose organization is not mapped`);
}
