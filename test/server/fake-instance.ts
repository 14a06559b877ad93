/**
 * An instance of which a test gives just the methods it needs; every other one fails. It has one
 * link, `hq`, which does not run by itself.
 */
import type { Instance } from "../../src/instance/instance.ts";

export function fakeInstance(methods: Partial<Instance>): Instance {
  const identity = {
    instance: "0198c2f4-5d3e-7a31-9c1b-2f8e6f0a7b11",
    name: "fake",
    epoch: "0198c2f4-5d3e-7a31-9c1b-2f8e6f0a7b12",
  };
  const schedule = async () => ({ stop: async () => {} });
  const links = async () => [{ name: "hq" }];
  return new Proxy({ identity, schedule, links, ...methods } as Instance, {
    get(target, name) {
      if (name in target || typeof name === "symbol" || name === "then") {
        return Reflect.get(target, name);
      }
      throw new Error(`the test did not give ${name}`);
    },
  });
}
