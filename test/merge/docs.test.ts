// Proves that the histories in docs/merge.md come out as the page says, by the engine.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import type { RevisionId } from "../../src/base/ids.ts";
import type { Json } from "../../src/base/json.ts";
import { conflictLog } from "../../src/merge/conflict-log.ts";
import { stateAt } from "../../src/merge/evaluate.ts";
import { pinsOver } from "../../src/merge/pins.ts";
import type { Policy } from "../../src/merge/policy.ts";
import { History } from "../../src/oracle/history.ts";
import { Tale } from "../oracle/tale.ts";
import { enginePolicy, graphOf } from "./against-oracle.ts";
import { DELETE_WINS, EDIT_WINS } from "./policies.ts";

const page = readFileSync(join(import.meta.dirname, "../../docs/merge.md"), "utf8");
const blocks = [...page.matchAll(/^```history\n(.*?)^```$/gms)].map(([, text]) => text as string);

const SAVE = /^(?<name>\w)(?: over (?<over>[\w, ]+))?: (?<what>.*)$/;
const CLAIM = /^> (?<heads>[\w, ]+?)(?<policy> under delete-wins)?(?<log> log)?: (?<says>.*)$/;
const PINS = /^> (?<name>\w) pins: (?<pin>.*)$/;

const letters = (list = ""): string => list.replaceAll(/[ ,]/g, "");

/** The told history as the engine sees it, with what its claims can be about. */
class Told {
  readonly tale = new Tale("docs/merge.md");

  save({ name, over, what }: { [group: string]: string | undefined }): void {
    const [, path, value] = what?.match(/^(\S+) = (.*)$/) ?? [undefined, "", what];
    const set = { [path as string]: JSON.parse(value as string) as Json };
    this.tale.save(name as string, over === undefined ? { set } : { over: letters(over), set });
  }

  pins(name: string): string[] {
    const { patch, parents } = this.#graph.revision(this.tale.id(name) as RevisionId);
    return pinsOver(this.#graph, parents, enginePolicy(EDIT_WINS), patch).map(
      ({ path, value, of }) => `${path} = ${JSON.stringify(value)} of ${this.#names(of)}`,
    );
  }

  /** Everything the page may say about some heads: values, conflicts, records of the log. */
  says(heads: string, policy: Policy): string[] {
    const frontier = this.tale.frontier(heads) as RevisionId[];
    const { leaves, conflicts } = stateAt(this.#graph, frontier, policy);
    const history = new History(this.tale.revisions);
    const revisions = [...history.down(frontier)].map((id) =>
      this.#graph.revision(id as RevisionId),
    );
    const between = (candidates: readonly { revision: string }[]): string =>
      this.#names(candidates.map(({ revision }) => revision));
    return [
      ...[...leaves].map(([path, value]) => `${path} = ${JSON.stringify(value)}`),
      ...conflicts.map(
        ({ kind, path, candidates }) =>
          `${kind} conflict at ${path} between ${between(candidates)}`,
      ),
      ...(conflicts.length === 0 ? ["no conflict"] : []),
      ...conflictLog(this.#graph, revisions, frontier, policy).map(
        ({ kind, path, candidates, status, resolvedBy }) => {
          const by = resolvedBy === null ? "" : ` by ${this.tale.name(resolvedBy)}`;
          return `${kind} at ${path} between ${between(candidates)} is ${status}${by}`;
        },
      ),
    ];
  }

  get #graph() {
    return graphOf(new History(this.tale.revisions));
  }

  #names(ids: readonly string[]): string {
    return [...this.tale.names(ids)].join(", ");
  }
}

describe("docs/merge.md", () => {
  test("has histories to execute", () => {
    expect(blocks.length).toBeGreaterThan(10);
  });

  test.each(blocks)("says what the engine says:\n%s", (block) => {
    const told = new Told();
    for (const line of block.trimEnd().split("\n")) {
      const [save, pins, claim] = [SAVE, PINS, CLAIM].map((form) => line.match(form)?.groups);
      if (save !== undefined) told.save(save);
      else if (pins !== undefined) expect(told.pins(pins.name as string)).toEqual([pins.pin]);
      else {
        const { heads, policy, says = line } = claim ?? {};
        const under = policy === undefined ? EDIT_WINS : DELETE_WINS;
        const all = told.says(letters(heads), enginePolicy(under));
        const absent = says.match(/^(\S+) is absent$/)?.[1];
        if (absent === undefined) expect(all).toContain(says);
        else expect(all.filter((one) => one.startsWith(`${absent} =`))).toEqual([]);
      }
    }
  });
});
