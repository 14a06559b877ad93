import type { Planted } from "../../../src/scenario/world/simulated-instance.ts";
import { withMethods } from "./planted.ts";

/** Links that map organizations author nothing. */
export const mappingLeftOut: Planted = {
  port: (store) =>
    withMethods(store, {
      async author(command) {
        const changes = command.author.startsWith("link ") ? [] : command.changes;
        return await store.author({ ...command, changes });
      },
    }),
};

/** What the rules of a link refuse comes in. */
export const doorLeftOpen: Planted = {
  port: (store) =>
    withMethods(store, {
      apply: async ({ organizations: _, ...batch }) => await store.apply(batch),
    }),
};
