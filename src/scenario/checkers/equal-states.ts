import type { Checker, Derived, InstanceState } from "./world-state.ts";

/** Instances of one version that hold the same revisions, purges and policy derive the same from them. */
export const equalStates: Checker = ({ instances }) => {
  const first = new Map<string, InstanceState>();
  return [...instances.values()].flatMap((instance) => {
    const held = whatIsHeld(instance);
    const other = first.get(held);
    if (other === undefined) first.set(held, instance);
    if (other === undefined) return [];
    const wrong = difference(other, instance);
    return wrong === undefined ? [] : [`${other.name} and ${instance.name} ${wrong}`];
  });
};

function whatIsHeld({ log, policy, version }: InstanceState): string {
  const held = log.map(({ kind, id, object }) => (kind === "purge" ? `purged ${object}` : id));
  return [version, policy, ...new Set(held.sort())].join(" ");
}

/** How two instances with the same holdings differ, if they do. */
export function difference(a: Derived, b: Derived): string | undefined {
  const said = ([one, other]: readonly [string, string], what: string): string | undefined =>
    one === other ? undefined : `hold the same, but differ in ${what}: ${one}, ${other}`;
  return (
    said(firstDifference(shownIn(a.objects), shownIn(b.objects)), "an object") ??
    said(firstDifference(textsOf(a.conflicts), textsOf(b.conflicts)), "a conflict") ??
    said([a.digest, b.digest], "their digests")
  );
}

/** Prints lists, each once: one state is compared with several others. */
function printedOnce<Item>(print: (item: Item) => string): (items: readonly Item[]) => string[] {
  const known = new WeakMap<readonly Item[], string[]>();
  return (items) => {
    const texts = known.get(items) ?? items.map(print);
    known.set(items, texts);
    return texts;
  };
}

const textsOf = printedOnce((value: unknown) => JSON.stringify(value));

/** What readers see of an object; where it stands in the log is each instance's own. */
const shownIn = printedOnce(({ lsn: _, ...object }: Derived["objects"][number]) =>
  JSON.stringify(object),
);

function firstDifference(a: readonly string[], b: readonly string[]): readonly [string, string] {
  const length = Math.max(a.length, b.length);
  for (let at = 0; at < length; at++) {
    if (a[at] !== b[at]) return [a[at] ?? "nothing", b[at] ?? "nothing"];
  }
  return ["", ""];
}
