import { readFileSync } from "node:fs";
import { join } from "node:path";

/** The seeds that ever failed: the numbers at the beginning of the lines of `kept-seeds.txt`. */
export function keptSeeds(): number[] {
  const text = readFileSync(join(import.meta.dirname, "kept-seeds.txt"), "utf8");
  return text
    .split("\n")
    .map((line) => line.replace(/#.*/, "").trim())
    .filter((line) => line !== "")
    .map(Number);
}
