/** A history told by hand: each save has a one-letter name, and later ones are newer. */
import type { Json } from "../../src/base/json.ts";
import { AUTOMERGE } from "../../src/oracle/automerge-texts.ts";
import { History } from "../../src/oracle/history.ts";
import { Oracle } from "../../src/oracle/oracle.ts";
import type {
  ConflictKind,
  OraclePin,
  OraclePolicy,
  OracleRevision,
  Value,
} from "../../src/oracle/types.ts";
import { EDIT_WINS, INSTANCES, OBJECT, TYPE } from "../merge/policies.ts";
import { author, type Change } from "./author.ts";

interface Save {
  /** Names of the frontier; none is a creation. */
  readonly over?: string;
  /** Path → value; undefined removes what is there and below. */
  readonly set?: Readonly<Record<string, Value>>;
  readonly resolve?: readonly string[];
  readonly policy?: OraclePolicy;
  /** The number of the author's instance, from 1. */
  readonly by?: number;
  readonly hlc?: number;
}

/** What a frontier shows under a policy. Paths that are not named are not compared. */
export interface Expectation {
  readonly over: string;
  readonly policy: OraclePolicy;
  readonly leaves: Readonly<Record<string, Value>>;
  /** All conflicts: kind, path, and the candidates' names in alphabetical order. */
  readonly conflicts: readonly (readonly [ConflictKind, string, string])[];
}

export class Tale {
  readonly title: string;
  readonly revisions: Map<string, OracleRevision> = new Map();
  readonly expectations: Expectation[] = [];
  readonly #history = new History(this.revisions);
  readonly #ids = new Map<string, string>();

  constructor(title: string) {
    this.title = title;
  }

  id(name: string): string {
    const id = this.#ids.get(name);
    if (id === undefined) throw new Error(`no save is named ${name}`);
    return id;
  }

  name(id: string): string {
    return [...this.#ids].find(([, other]) => other === id)?.[0] ?? id;
  }

  /** The ids of a frontier told by its names, sorted. */
  frontier(names: string): string[] {
    return [...names].map((name) => this.id(name)).sort();
  }

  revision(name: string): OracleRevision {
    return this.revisions.get(this.id(name)) as OracleRevision;
  }

  /** The revision's pins, with names for ids. */
  pins(name: string): (Omit<OraclePin, "of"> & { of: string })[] {
    return (this.revision(name).pins ?? []).map((pin) => {
      return { ...pin, of: this.names(pin.of) };
    });
  }

  names(ids: readonly string[]): string {
    return ids
      .map((id) => this.name(id))
      .sort()
      .join("");
  }

  save(name: string, told: Save): this {
    const number = this.#ids.size + 1;
    const id = `${String(number).padStart(8, "0")}-0000-7000-8000-000000000000`;
    const instance = INSTANCES[(told.by ?? 1) - 1];
    const oracle = new Oracle(this.#history, told.policy ?? EDIT_WINS, AUTOMERGE);
    const revision = author(oracle, this.frontier(told.over ?? ""), {
      id,
      object: OBJECT,
      type: TYPE,
      actor: `${instance}/${instance}`,
      hlc: told.hlc ?? number * 10,
      changes: Object.entries(told.set ?? {}).map(changeOf),
      resolve: told.resolve ?? [],
    });
    if (told.set !== undefined && revision.patch.length < Object.keys(told.set).length) {
      throw new Error(`${this.title}: ${name} changes nothing somewhere`);
    }
    this.#ids.set(name, id);
    this.revisions.set(id, revision);
    return this;
  }

  expect(
    over: string,
    policy: OraclePolicy,
    leaves: Readonly<Record<string, Value>>,
    ...conflicts: readonly (readonly [ConflictKind, string, string])[]
  ): this {
    this.expectations.push({ over, policy, leaves, conflicts });
    return this;
  }
}

function changeOf([path, value]: [string, Json | undefined]): Change {
  return value === undefined ? { path } : { path, value };
}
