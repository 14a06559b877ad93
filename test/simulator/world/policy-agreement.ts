import { isSynclineError } from "../../../src/base/errors.ts";
import type { RunRow } from "../../../src/store/rows.ts";
import type { World } from "./world.ts";

/**
 * The people of a network where policies were changed apart: they talk to each other, settle on one
 * of the policies, and adopt it wherever a link refuses. (Each taking over the neighbour's without
 * talking, two policies could follow each other round a ring.)
 */
export class PolicyAgreement {
  readonly #world: World;
  /** The hash of the policy that they settled on. */
  #wanted: string | undefined;

  constructor(world: World) {
    this.#world = world;
  }

  /** Adopts where one side of a link that refused has the policy, and the other has not. */
  async seek(runs: readonly (RunRow | undefined)[]): Promise<void> {
    for (const [at, { source, target }] of this.#world.links.entries()) {
      if (runs[at]?.error?.code !== "POLICY_CONFLICT") continue;
      const [one, other] = [await this.#policyOf(source), await this.#policyOf(target)];
      if (one === other) continue;
      if (!(await this.#isHeld())) this.#wanted = one;
      if (one === this.#wanted) await this.#agree(target, source, other);
      else if (other === this.#wanted) await this.#agree(source, target, one);
    }
  }

  /** Who has another policy adopts, or if the peer's never came there, the peer adopts that one. */
  async #agree(who: string, from: string, other: string): Promise<void> {
    this.#world.marks.add("policy adopted");
    if (await this.#adopted(who, from)) return;
    if (await this.#adopted(from, who)) this.#wanted = other;
  }

  /** A later change may have taken its place everywhere. */
  async #isHeld(): Promise<boolean> {
    const names = [...this.#world.instances.keys()];
    const hashes = await Promise.all(names.map((name) => this.#policyOf(name)));
    return this.#wanted !== undefined && hashes.includes(this.#wanted);
  }

  async #policyOf(name: string): Promise<string> {
    return (await this.#world.get(name).durable.policies()).inForce.hash;
  }

  async #adopted(who: string, from: string): Promise<boolean> {
    const { instance } = this.#world.get(from).identity;
    try {
      await this.#world.changePolicy(who, { author: "ann", message: "", adopt: instance });
      return true;
    } catch (error) {
      if (isSynclineError(error, "POLICY_CONFLICT")) return false;
      throw error;
    }
  }
}
