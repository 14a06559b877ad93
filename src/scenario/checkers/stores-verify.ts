import type { Checker, InstanceState, WorldState } from "./world-state.ts";

/** Every record, chain, content and hash of every store checks out. */
export const storesVerify: Checker = ({ instances }) =>
  [...instances.values()].flatMap(({ name, findings }) =>
    findings.map(({ where, message }) => `${name}: ${where}: ${message}`),
  );

/**
 * Nothing that an instance authored was refused by another, but for what its links refuse. (A copy
 * gets what the original made, and may wait for what came to that over links which it has not.)
 */
export const nothingRefused: Checker = (world) =>
  [...world.instances.values()].flatMap((instance) => {
    const { name, quarantined } = instance;
    const { flows } = world;
    const mayWait = hasFewerSources(world, instance);
    const ways = flows.filter(({ target }) => target === name);
    const refusesPurges = ways.some((way) => way.refusesPurges);
    const refusesPackages = ways.some((way) => way.refusesUnmapped);
    return quarantined
      .filter(({ code }) => !(refusesPurges && code === "PURGE_REFUSED"))
      .filter(({ code, waitsFor }) => {
        return !(refusesPackages && (code === "ORGANIZATION_UNMAPPED" || waitsFor !== null));
      })
      .filter(({ waitsFor }) => !(mayWait && waitsFor !== null))
      .map(({ id, code, message }) => `${name} refused ${id}: ${code}: ${message}`);
  });

function hasFewerSources({ flows }: WorldState, { name, copiedFrom }: InstanceState): boolean {
  const own = new Set(flows.filter(({ target }) => target === name).map(({ source }) => source));
  return flows.some(({ source, target }) => target === copiedFrom && !own.has(source));
}
