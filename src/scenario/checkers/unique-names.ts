import type { JsonObject } from "../../base/json.ts";
import { nameSpaceOf } from "../../catalog/index.ts";
import type { Checker } from "./world-state.ts";

/** Live objects of one name space go by different names, unless they are aliases of each other. */
export const uniqueNames: Checker = ({ instances }) =>
  [...instances.values()].flatMap(({ name: instance, objects }) => {
    const taken = new Map<string, string>();
    return objects.flatMap(({ id, type, text, deleted, name, effectiveName, canonical }) => {
      if (deleted)
        return effectiveName === null ? [] : [`${instance}: ${id} is deleted, not unnamed`];
      if (name === null) return [];
      if (effectiveName === null) return [`${instance}: ${id} shows no name, but has one`];
      const space = nameSpaceOf(type, JSON.parse(text) as JsonObject);
      const key = JSON.stringify([space, effectiveName.normalize("NFC")]);
      const other = taken.get(key);
      taken.set(key, canonical);
      if (other === undefined || other === canonical) return [];
      return [`${instance}: ${id} and ${other} both go by ${key}`];
    });
  });
