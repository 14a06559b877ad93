import type { Checker } from "./world-state.ts";

/** Every record, chain, content and hash of every store checks out. */
export const storesVerify: Checker = ({ instances }) =>
  [...instances.values()].flatMap(({ name, findings }) =>
    findings.map(({ where, message }) => `${name}: ${where}: ${message}`),
  );

/** Nothing that an instance authored was refused by another, but for what its links refuse. */
export const nothingRefused: Checker = ({ instances, flows }) =>
  [...instances.values()].flatMap(({ name, quarantined }) => {
    const ways = flows.filter(({ target }) => target === name);
    const refusesPurges = ways.some((way) => way.refusesPurges);
    const refusesPackages = ways.some((way) => way.refusesUnmapped);
    return quarantined
      .filter(({ code }) => !(refusesPurges && code === "PURGE_REFUSED"))
      .filter(({ code, waitsFor }) => {
        return !(refusesPackages && (code === "ORGANIZATION_UNMAPPED" || waitsFor !== null));
      })
      .map(({ id, code, message }) => `${name} refused ${id}: ${code}: ${message}`);
  });
