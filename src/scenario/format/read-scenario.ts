import { type Document, LineCounter, parseDocument } from "yaml";
import { SynclineError } from "../../base/errors.ts";
import { checkFamilies } from "./check-families.ts";
import { checkNames } from "./check-names.ts";
import { checkVariants } from "./check-variants.ts";
import { SCENARIO_BYTES_MAX } from "./fields.ts";
import { type Fault, faultsOf } from "./issues.ts";
import { placeOf } from "./locate.ts";
import { type Scenario, scenario } from "./scenario.ts";
import { aliasFault, type TextFault, textFault } from "./yaml-faults.ts";

/** More faults than these are not told: mostly one causes the others. */
const FAULTS_TOLD_MAX = 10;
const NOTHING = "the file is empty: a scenario begins with `scenario: 1`";
/** Places that YAML aliases may fill: a few lines of them could become gigabytes. */
const ALIASES_MAX = 100;

/** A scenario, and where in its file what stands. */
export interface PlacedScenario {
  readonly scenario: Scenario;
  /** A sentence with the place of what it is about in front: `file:line:column: …`. */
  placed(fault: Fault): string;
}

/** The scenario that a file's text spells. Throws `INVALID_SCENARIO`. */
export function readScenario(text: string, file: string): Scenario {
  return readPlacedScenario(text, file).scenario;
}

/**
 * The scenario that a file's text spells. Throws `INVALID_SCENARIO`; the message lists what is wrong
 * with file, line and column.
 */
export function readPlacedScenario(text: string, file: string): PlacedScenario {
  if (Buffer.byteLength(text) > SCENARIO_BYTES_MAX) {
    throw tooLarge(file);
  }
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, uniqueKeys: true, version: "1.2" });
  const atOffset = ({ offset, message }: TextFault): SynclineError => {
    const { line, col } = lines.linePos(offset);
    return invalid([`${file}:${line}:${col}: ${message}`]);
  };
  const fault = textFault(document, text);
  if (fault !== undefined) throw atOffset(fault);
  if (document.contents === null) throw atOffset({ offset: 0, message: NOTHING });
  const placed = ({ path, key, message }: Fault): string => {
    const { line, column } = placeOf(document, lines, path, key);
    return `${file}:${line}:${column}: ${message}`;
  };
  const told = (faults: readonly Fault[]): never => {
    throw invalid(faults.map(placed));
  };
  const value = contentOf(document, atOffset);
  const read = scenarioIn(value);
  if ("faults" in read) return told(read.faults);
  const faults = checkVariants(read.scenario, faultsIn);
  return faults.length > 0 ? told(faults) : { scenario: read.scenario, placed };
}

/** A file that cannot be a scenario, however it goes on. */
export function tooLarge(file: string): SynclineError {
  const mebibytes = SCENARIO_BYTES_MAX / 2 ** 20;
  return new SynclineError("INPUT_TOO_LARGE", `${file} is over ${mebibytes} MiB`, {
    hint: "a scenario is a few lines of YAML; is this the right file?",
  });
}

type Read = { readonly scenario: Scenario } | { readonly faults: readonly Fault[] };

/** The scenario that a value is, or what is wrong with it. */
function scenarioIn(value: unknown): Read {
  const parsed = scenario.safeParse(value);
  if (!parsed.success) return { faults: faultsOf(parsed.error.issues, value) };
  const faults = [...checkNames(parsed.data), ...checkFamilies(parsed.data)];
  return faults.length > 0 ? { faults } : { scenario: parsed.data };
}

function faultsIn(value: unknown): readonly Fault[] {
  const read = scenarioIn(value);
  return "faults" in read ? read.faults : [];
}

/** Aliases of nothing, and too many of them, show only now. */
function contentOf(document: Document, refused: (fault: TextFault) => SynclineError): unknown {
  try {
    return document.toJS({ maxAliasCount: ALIASES_MAX });
  } catch {
    throw refused(aliasFault(document));
  }
}

function invalid(faults: readonly string[]): SynclineError {
  const told = faults.slice(0, FAULTS_TOLD_MAX);
  const more = faults.length - told.length;
  const message = [...told, ...(more > 0 ? [`… and ${more} more`] : [])].join("\n");
  return new SynclineError("INVALID_SCENARIO", message, {
    hint: "`syncline scenario schema` prints the format; docs/scenarios.md explains it",
  });
}
