/** Something that a scenario demands and that did not come about. */
export interface Failure {
  /** The time of its step; `finally` at the end. */
  readonly at: string;
  readonly message: string;
}

/** Ends a run: nothing after it would mean anything. */
export class StepFailed extends Error {
  readonly at: string;

  constructor(at: string, message: string, options?: ErrorOptions) {
    super(message, options);
    this.at = at;
  }
}
