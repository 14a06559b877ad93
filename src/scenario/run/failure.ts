/** Something that a scenario demands and that did not come about. */
export interface Failure {
  /** The time of its step; `finally` at the end. */
  readonly at: string;
  readonly message: string;
  /** Lines that begin with `-` for what was wanted, with `+` for what is there. */
  readonly diff?: readonly string[];
}

/** What does not hold: a sentence, and a diff where that shows more. */
export type Miss = Omit<Failure, "at">;

/** How a timeline tells of what does not hold. */
export function missLines({ message, diff = [] }: Miss): readonly string[] {
  const shown = diff.length === 0 ? [] : ["- as it should be, + as it is", ...diff];
  return [`FAILED ${message}`, ...shown.map((line) => `| ${line}`)];
}

/** Ends a run: nothing after it would mean anything. */
export class StepFailed extends Error {
  readonly at: string;

  constructor(at: string, message: string, options?: ErrorOptions) {
    super(message, options);
    this.at = at;
  }
}
