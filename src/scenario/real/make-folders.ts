import { join } from "node:path";
import { ShiftedClock } from "../../base/ports/clock.ts";
import { createInstance, type Instance } from "../../index.ts";
import { durationMs } from "../format/fields.ts";
import { policyValue } from "../format/policy-value.ts";
import type { Scenario } from "../format/scenario.ts";
import { editionOf } from "../world/editions.ts";
import { ownerOf, rowOf } from "../world/links.ts";
import { RealInstance } from "./real-instance.ts";
import type { RealLink } from "./real-world.ts";

/**
 * Makes a folder for each instance of a scenario, with its links, and with one policy for all as if
 * they had agreed on it before.
 */
export async function makeFolders(
  { instances, policy }: Scenario,
  { root, links, shiftMs }: { root: string; links: readonly RealLink[]; shiftMs: number },
): Promise<readonly RealInstance[]> {
  const opened = new Map<string, Instance>();
  const skews = new Map<string, number>();
  try {
    for (const [name, { skew, ...version }] of Object.entries(instances)) {
      const clock = new ShiftedClock();
      skews.set(name, skew === undefined ? 0 : durationMs(skew));
      clock.shiftMs = shiftMs + (skews.get(name) ?? 0);
      const edition = editionOf(version);
      const options = { name, clock, edition, threads: "none" as const };
      opened.set(name, await createInstance(join(root, name), options));
    }
    for (const link of links) {
      const url = `http://127.0.0.1:${link.proxy.port}`;
      await opened.get(ownerOf(link))?.store.saveLink({ ...rowOf(link), url });
    }
    if (policy !== undefined) {
      const whole = policyValue(policy, (name) => opened.get(name)?.identity.instance ?? name);
      await agreeOn(whole, [...opened.values()]);
    }
  } finally {
    for (const instance of opened.values()) await instance.close();
  }
  const made: RealInstance[] = [];
  for (const name of opened.keys()) {
    const version = instances[name];
    const instance = await RealInstance.in(join(root, name), { name, ...(version && { version }) });
    instance.skewMs = skews.get(name) ?? 0;
    made.push(instance);
  }
  return made;
}

async function agreeOn(
  policy: Parameters<Instance["setPolicy"]>[0],
  [first, ...others]: readonly Instance[],
): Promise<void> {
  if (first === undefined) return;
  await first.setPolicy(policy, { author: "operator" });
  const { records } = await first.store.policies();
  for (const { store } of others) {
    await store.takePolicies({ peer: first.identity.instance, records });
  }
}
