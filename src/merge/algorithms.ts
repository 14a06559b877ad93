import { ALGORITHM_VERSION } from "../model/record.ts";
import type { Algorithms } from "./algorithm.ts";
import { contentAfter } from "./content-after.ts";
import { mergeTexts } from "./text.ts";

/** The versions of the rules that this program knows. */
export const ALGORITHMS: Algorithms = new Map([[ALGORITHM_VERSION, { mergeTexts, contentAfter }]]);
