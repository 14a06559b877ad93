import { Option } from "commander";

/** What becomes of what leaves a link's scope, for those who add a link or change one. */
export function leaveOption(description: string): Option {
  return new Option("--on-leave <what>", description).choices(["keep", "drop"]);
}
