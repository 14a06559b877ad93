import type { LinkEvent } from "../../sync/schedule/link-event.ts";
import { carriedBy, describeRun } from "./run.ts";
import { printable } from "./text.ts";
import { duration } from "./units.ts";

/** What happened to a link, in one line: `hq: in step, pulled 1 object (1 revision)`. */
export function describeLinkEvent(event: LinkEvent): string {
  return `${printable(event.link)}: ${whatHappened(event)}`;
}

function whatHappened(event: LinkEvent): string {
  switch (event.event) {
    case "connected":
      return "connected";
    case "inStep": {
      const { received, sent } = event;
      return ["in step", ...carriedBy("pulled", received), ...carriedBy("pushed", sent)].join(", ");
    }
    case "ended": {
      const { error } = event.run;
      const why = error === undefined ? "" : `: ${printable(error.message)} [${error.code}]`;
      return `${describeRun(event.run)}${why}`;
    }
    case "waits":
      return `again in ${duration(event.ms / 1000)}`;
  }
}
