import type { FuzzTarget } from "../target.ts";
import { batch, control } from "./frame.ts";
import { ingress, patch, record } from "./ingress.ts";
import { scope } from "./scope.ts";
import { session } from "./session.ts";

/** Every door that is fuzzed. */
export const FUZZ_TARGETS: readonly FuzzTarget[] = [
  control,
  batch,
  ingress,
  record,
  patch,
  scope,
  session,
];
