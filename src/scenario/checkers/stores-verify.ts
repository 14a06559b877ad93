import type { Checker } from "./world-state.ts";

/** Every record, chain, content and hash of every store checks out. */
export const storesVerify: Checker = ({ instances }) =>
  [...instances.values()].flatMap(({ name, findings }) =>
    findings.map(({ where, message }) => `${name}: ${where}: ${message}`),
  );

/** Nothing that an instance authored was refused by another. */
export const nothingRefused: Checker = ({ instances }) =>
  [...instances.values()].flatMap(({ name, quarantined }) =>
    quarantined.map((what) => `${name} refused ${what}`),
  );
