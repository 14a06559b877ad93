import { SynclineError } from "../base/errors.ts";
import { AUTHOR_CHARS_MAX, MESSAGE_CHARS_MAX } from "../base/limits.ts";

/** Checks who makes a change and why. Throws `USAGE` and `LONE_SURROGATE`. */
export function checkAttribution(by: { readonly author: string; readonly message: string }): void {
  const { author, message } = by;
  if (author === "" || author.length > AUTHOR_CHARS_MAX) {
    throw new SynclineError("USAGE", `an author has 1 to ${AUTHOR_CHARS_MAX} characters`, {
      hint: "name one with --by or $SYNCLINE_AUTHOR",
    });
  }
  if (message.length > MESSAGE_CHARS_MAX) {
    throw new SynclineError("USAGE", `a message has at most ${MESSAGE_CHARS_MAX} characters`, {
      hint: `this one has ${message.length}; put the rest into the document`,
    });
  }
  if (!author.isWellFormed() || !message.isWellFormed()) {
    throw new SynclineError("LONE_SURROGATE", "author and message must be well-formed text");
  }
}
