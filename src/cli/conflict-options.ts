import { type Command, InvalidArgumentError, Option } from "commander";
import { PAGE_ITEMS_MAX } from "../base/limits.ts";
import type { ConflictQuery } from "../instance/conflicts/find-conflict.ts";

/** Adds the filters that say which objects and fields. */
export function withPlaceFilters(command: Command): Command {
  return command
    .option("--type <type>", "only of objects of this type")
    .option("--object <object>", "only of this object: type/name, a UUID or its beginning")
    .option("--path <path>", "only at this path or below it, such as /title");
}

/** Adds all filters of a listing. */
export function withConflictFilters(command: Command): Command {
  const states = ["open", "resolved", "superseded"];
  return withPlaceFilters(
    command.addOption(new Option("--status <status>", "only in this state").choices(states)),
  );
}

/** Adds the options of a listing that comes in pages. */
export function withPages(command: Command): Command {
  return command
    .option("--limit <n>", `how many at most, up to ${PAGE_ITEMS_MAX}`, parseLimit, PAGE_ITEMS_MAX)
    .option("--after <id>", "only after this conflict: the next of the page before");
}

function parseLimit(text: string): NonNullable<ConflictQuery["limit"]> {
  const limit = Number(text);
  if (/^\d{1,4}$/.test(text) && limit >= 1 && limit <= PAGE_ITEMS_MAX) return limit;
  throw new InvalidArgumentError(`a limit is a number from 1 to ${PAGE_ITEMS_MAX}.`);
}
