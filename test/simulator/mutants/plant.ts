import { registerHooks } from "node:module";
import { MUTANTS } from "./mutants.ts";

const root = new URL("../../../", import.meta.url).href;

/**
 * From now on one mutant's file is loaded with the bug in it; nothing in the program knows of this.
 * Throws when the text is not there once: then the mutant has to follow the code.
 */
export function plantMutant(name: string): void {
  const mutant = MUTANTS.find((one) => one.name === name);
  if (mutant === undefined) throw new Error(`no mutant is called "${name}"`);
  const { file, find, replace } = mutant;
  registerHooks({
    load(url, context, next) {
      const loaded = next(url, context);
      if (url !== root + file) return loaded;
      const [before, after, ...more] = String(loaded.source).split(find);
      if (after === undefined || more.length > 0) {
        throw new Error(`"${find}" does not stand once in ${file}`);
      }
      return { ...loaded, source: `${before}${replace}${after}` };
    },
  });
}
