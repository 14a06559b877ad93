import { SynclineError } from "../../base/errors.ts";
import type { ImportReport } from "../instance.ts";

/**
 * An import that ended before its input did: `code` says why (`TRUNCATED_INPUT`, `INTERRUPTED`, the
 * code of the bad line of a strict import, `DISK_FULL` …), `report` what is stored all the same.
 */
export class ImportStoppedError extends SynclineError {
  readonly report: ImportReport;

  constructor(cause: SynclineError, report: ImportReport) {
    const stored = `${report.created} objects created, ${report.changed} changed, ${report.unchanged} unchanged`;
    super(cause.code, `${cause.message}; before that: ${stored}`, {
      hint: cause.hint ?? "import the same input again: objects that are as it says are skipped",
      ...(cause.where === undefined ? {} : { where: cause.where }),
      retriable: cause.retriable,
      cause,
    });
    this.report = report;
  }
}
