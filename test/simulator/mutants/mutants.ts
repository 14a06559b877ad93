/** A known bug of this kind of program: a text in a source file, and what stands there with the bug. */
export interface Mutant {
  readonly name: string;
  readonly file: string;
  readonly find: string;
  readonly replace: string;
}

/** Bugs that all instances have alike, in the code that merges, stores and sends. */
export const MUTANTS: readonly Mutant[] = [
  {
    name: "the base of a merge is taken too high",
    file: "src/merge/region.ts",
    find: "if (isAlone && !sawCreation) {",
    replace: "if ((isAlone || above.length > 1) && !sawCreation) {",
  },
  {
    name: "the state over what all heads saw is the base of a merge",
    file: "src/merge/evaluate.ts",
    find: `  const region = findRegion(graph, frontier);
  const base: ReadonlyMap<string, Json> =
    region.choke === undefined ? new Map() : leavesOf(graph.content(region.choke));`,
    replace: `  const down = (ids: readonly RevisionId[], all = new Set<RevisionId>()): Set<RevisionId> => {
    for (const id of ids) if (!all.has(id)) down(graph.revision(id).parents, all.add(id));
    return all;
  };
  const [first = new Set(), ...others] = frontier.map((head) => down([head]));
  const shared = others.reduce((some, other) => some.intersection(other), first);
  const isAbove = (id: RevisionId) => !shared.has(id) || frontier.length < 2;
  const above: Graph = {
    revision(id) {
      const revision = graph.revision(id);
      return { ...revision, parents: revision.parents.filter(isAbove) };
    },
    generation: (id) => graph.generation(id),
    content: (id) => graph.content(id),
  };
  const region = findRegion(above, frontier);
  const lower = new Set([...shared].flatMap((id) => graph.revision(id).parents));
  const joint = [...shared].filter((id) => !lower.has(id)).sort();
  const base: ReadonlyMap<string, Json> =
    frontier.length < 2
      ? leavesOf(region.choke === undefined ? {} : graph.content(region.choke))
      : evaluate(graph, joint, policy, merge).leaves;`,
  },
  {
    name: "the id of a merge is that of the revisions it stands on",
    file: "src/log/settle.ts",
    find: "const id = mergeId(algorithmAt(graph, frontier), hash, object.id, frontier);",
    replace: `const stood = [...new Set([object.revision, ...frontier])].sort();
  const id = mergeId(algorithmAt(graph, frontier), hash, object.id, stood);`,
  },
  {
    name: "pins are ordinary writes",
    file: "src/merge/said.ts",
    find: "at(path).pins.push({ by, value, of, merged });",
    replace: "at(path).writes.push({ by, value: value });",
  },
  {
    name: "no touches",
    file: "src/merge/leaf-writes.ts",
    find: "if (flags.size === 0) return touched;",
    replace: "if (flags.size >= 0) return touched;",
  },
  {
    name: "the oldest edit wins",
    file: "src/merge/choose.ts",
    find: "a.hlc - b.hlc",
    replace: "b.hlc - a.hlc",
  },
  {
    name: "deletions win over edits, whatever the policy says",
    file: "src/merge/choose.ts",
    find: 'deletes === "edit-wins"',
    replace: "deletes === undefined",
  },
  {
    name: "conflicts of values are not recorded",
    file: "src/merge/decide.ts",
    find: 'if (strategy !== "text" || !isMergeableText(value)) return { ...chosen, conflict };',
    replace: 'if (strategy !== "text" || !isMergeableText(value)) return chosen;',
  },
  {
    name: "a conflict says that another value was chosen, by another rule",
    file: "src/merge/evaluate.ts",
    find: "conflictOf(placed(path), kind, candidates, { revision, value }, rule)",
    replace: 'conflictOf(placed(path), kind, candidates, { revision: null, value: "" }, "oldest")',
  },
  {
    name: "what nobody disputes is recorded as a conflict",
    file: "src/merge/decide.ts",
    find: "if (candidates.every((candidate) => sameLeaf(candidate.value, value))) return chosen;",
    replace: `if (candidates.every((candidate) => sameLeaf(candidate.value, value))) {
      return { ...chosen, conflict: { kind: "value", rule: "newest" } };
    }`,
  },
  {
    name: "every newer format is taken for known",
    file: "src/log/edition.ts",
    find: "return schema <= schemaVersion(type, types) && algorithm <= newestAlgorithm(algorithms);",
    replace: "return true;",
  },
  {
    name: "a clock that follows the wall",
    file: "src/base/hlc.ts",
    find: "Math.max(wall, this.#last + 1)",
    replace: "wall",
  },
  {
    name: "revisions pin nothing",
    file: "src/log/authored-changeset.ts",
    find: "pins: seen === undefined ? [] : this.#draft.pinsFor(seen, patch),",
    replace: "pins: [],",
  },
  {
    name: "what is older than the newest edit of its object is taken for known",
    file: "src/log/plan-apply.ts",
    find: "if (this.#isDuplicate(revision)) return;",
    replace: `if (this.#isDuplicate(revision)) return;
    const heads = this.#draft.object(record.object)?.heads ?? [];
    if (heads.some((head) => (this.#draft.revision(head.id)?.hlc ?? 0) >= record.hlc)) {
      this.#duplicates += 1;
      return;
    }`,
  },
  {
    name: "a record that came well stays in quarantine",
    file: "src/log/refusals.ts",
    find: "for (const one of this.#reader.quarantinedAs(id, key)) this.#released.add(one);",
    replace: "void key;",
  },
  {
    name: "what follows a record that is refused is lost",
    file: "src/log/plan-apply.ts",
    find: "this.#refuse(line, parsed?.record.id ?? null, error, isOfBatch);",
    replace: `this.#refuse(line, parsed?.record.id ?? null, error, isOfBatch);
      this.take = (next) => parseRecord(next, this.#reader.edition.records);`,
  },
  {
    name: "what was put back goes on under the numbers it gave out",
    file: "src/instance/sidecar-keeper.ts",
    find: "if (reason !== undefined) store.beginEpoch(reason);",
    replace: "void reason;",
  },
  {
    name: "a run says that it came to the end of its source's log",
    file: "src/sync/session/result-of.ts",
    find: "cursor: cursorIn(parts) ?? cursorOf(agreed),",
    replace: `cursor: (({ lsn, head }) => ({ lsn: Math.max(lsn, head), head }))(
      cursorIn(parts) ?? cursorOf(agreed),
    ),`,
  },
  {
    name: "a connection that cannot be made is an exception",
    file: "src/sync/host/run-link.ts",
    find: "return { result: failedResult(errorOf(error, options.signal)), connection };",
    replace: "throw error;",
  },
  {
    name: "whoever writes the sidecar wakes himself",
    file: "src/instance/sidecar-keeper.ts",
    find: `this.#timers.after(SIDECAR_TRAILS_MS_MAX, () => {
      this.#cancel = undefined;
      this.#write();`,
    replace: `this.#timers.after(0 * SIDECAR_TRAILS_MS_MAX, () => {
      this.#cancel = undefined;
      this.#write();
      this.committed();`,
  },
  {
    name: "ids are drawn from the machine, not from the port",
    file: "src/log/authored-changeset.ts",
    find: "timeOrderedId(this.#authoring.random, Math",
    replace: "timeOrderedId({ bytes: (n) => crypto.getRandomValues(new Uint8Array(n)) }, Math",
  },
  {
    name: "a frame that was changed on its way is read",
    file: "src/protocol/batch.ts",
    find: 'if (sum !== bytes.readUInt32LE(SUM_START)) throw damagedFrame("a BATCH frame");',
    replace: "void sum;",
  },
  {
    name: "a peer that says nothing is waited for",
    file: "src/sync/session/session.ts",
    find: 'if (timer !== "ping") throw timedOut(timer, this.#pace.silentMs);',
    replace: 'if (timer !== "ping") return;',
  },
  {
    name: "of policies that were adopted apart, the one that was here first stands",
    file: "src/log/policies.ts",
    find: "return others.reduce((best, next) => (isLater(next, best) ? next : best), first);",
    replace: "return records.find((one) => heads.includes(one)) ?? others[0];",
  },
  {
    name: "a change of the policy leaves open merges as they were",
    file: "src/log/plan-policy.ts",
    find: "if (policy.hash !== reader.policy().hash) draft.resettle();",
    replace: "void draft;",
  },
  {
    name: "who was set back does not ask for what it lost",
    file: "src/sync/session/continuity.ts",
    find: "return { recover: true, ...(",
    replace: "return { ...(",
  },
  {
    name: "a cursor is a position, whatever its chain says",
    file: "src/sync/session/feed.ts",
    find: "lsn > 0 && chains[index] === chain && (takesAll || epoch === ownEpoch);",
    replace:
      "lsn > 0 && typeof chain === typeof chains[index] && (takesAll || epoch === ownEpoch);",
  },
  {
    name: "every link carries both ways",
    file: "src/sync/host/run-link.ts",
    find: "const { direction, peer } = link;",
    replace: 'const { peer } = link;\n    const direction = "both";',
  },
];
