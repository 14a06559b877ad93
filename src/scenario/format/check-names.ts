import { isSynclineError } from "../../base/errors.ts";
import type { JsonObject } from "../../base/json.ts";
import { parsePointer } from "../../base/pointer.ts";
import { checkKnownTypes, parseScope } from "../../scope/parse-scope.ts";
import { type Action, type Actions, actionKind } from "./actions.ts";
import { checkPolicy } from "./check-policy.ts";
import { ALL_OR_NONE, type Checks } from "./checks.ts";
import type { During } from "./faults.ts";
import { CLOCK_DEFAULT, INSTANCES_MAX, labelIn, timeMs } from "./fields.ts";
import type { Fault } from "./issues.ts";
import { fieldFaults, keysWritten } from "./known-fields.ts";
import { areLinked, copiesIn } from "./linked.ts";
import { namesMade } from "./names-made.ts";
import type { LinkSpec, Scenario, Step } from "./scenario.ts";

type Path = readonly PropertyKey[];
type Pair = readonly [string, string];

/** Checks by instance, then by object or by what else they are about. */
const BY_INSTANCE = [
  "value",
  "absent",
  "deleted",
  "purged",
  "left",
  "names",
  "roles",
  "search",
  "log",
  "count",
  "epochs",
] as const;

/** The ways to say what a decision takes. */
const CHOICES = ["pick", "value", "keep", "absent"] as const;
const WAYS = "pick, value, keep and absent";

/** What a schema cannot see: names of nobody, labels nobody gave, times that go back. */
export function checkNames(scenario: Scenario): readonly Fault[] {
  return new Names(scenario).check();
}

class Names {
  readonly #scenario: Scenario;
  readonly #instances: Set<string>;
  readonly #labels = new Set<string>();
  readonly #changesets = new Set<string>();
  readonly #made = new Set<string>();
  readonly #backups = new Set<string>();
  /** Copies that come into being somewhere on the way. */
  readonly #copies: ReadonlySet<string>;
  readonly #written: ReadonlySet<string>;
  readonly #faults: Fault[] = [];

  constructor(scenario: Scenario) {
    this.#scenario = scenario;
    this.#instances = new Set(Object.keys(scenario.instances));
    this.#copies = new Set(copiesIn(scenario));
    this.#written = keysWritten(scenario);
  }

  check(): readonly Fault[] {
    const { links = [], timeline, instances, finally: ending, policy } = this.#scenario;
    if (Object.keys(instances).length > INSTANCES_MAX) {
      this.#say(["instances"], `more than ${INSTANCES_MAX} instances`);
    }
    if (policy !== undefined) this.#policy(["policy"], policy);
    links.forEach((link, number) => {
      this.#link(["links", number], link);
    });
    this.#times();
    for (const [number, step] of timeline.entries()) this.#step(["timeline", number], step);
    if (ending !== undefined) this.#checks(["finally"], ending);
    this.#sweeps();
    return this.#faults;
  }

  #link(
    path: Path,
    { from, to, direction, scope, refusePurges, map, unmapped, onLeave }: LinkSpec,
  ): void {
    if (!this.#copies.has(from)) this.#instance([...path, "from"], from);
    if (!this.#copies.has(to)) this.#instance([...path, "to"], to);
    if (from === to) this.#say(path, "a link from an instance to itself");
    if (refusePurges === true && direction === "push") {
      this.#say([...path, "refusePurges"], "a link that pushes receives no purges to refuse");
    }
    if (direction === "push" && onLeave !== undefined) {
      this.#say([...path, "onLeave"], "a link that pushes receives nothing that could leave");
    }
    if (direction !== "pull" && (map ?? unmapped) !== undefined) {
      this.#say(
        [...path, map === undefined ? "unmapped" : "map"],
        "only a link that pulls can map",
      );
    }
    if (scope === undefined) return;
    try {
      checkKnownTypes(parseScope(scope));
    } catch (error) {
      if (!isSynclineError(error, "INVALID_SCOPE")) throw error;
      const keys = parsePointer(error.where ?? "");
      const place = keys.map((key) => (/^\d+$/.test(key) ? Number(key) : key));
      this.#say([...path, "scope", ...place], error.message);
    }
  }

  #sweeps(): void {
    const { sweep = [] } = this.#scenario;
    sweep.forEach((one, number) => {
      const who = "crash" in one ? [one.crash] : one.cut;
      for (const name of who) this.#instance(["sweep", number], name);
    });
  }

  #policy(path: Path, policy: JsonObject): void {
    const names = new Set([...Object.keys(this.#scenario.instances), ...this.#copies]);
    this.#faults.push(...checkPolicy(path, policy, names));
  }

  #times(): void {
    const { timeline, clock = CLOCK_DEFAULT } = this.#scenario;
    const start = Date.parse(clock);
    let last = start;
    timeline.forEach(({ at }, number) => {
      const ms = timeMs(at, clock);
      if (ms < start) {
        const message = `${at} is before the clock starts, at ${clock}; set "clock" to an earlier time`;
        this.#say(["timeline", number, "at"], message);
      } else if (ms < last)
        this.#say(["timeline", number, "at"], `${at} is before the step above it`);
      last = ms;
    });
  }

  #step(path: Path, step: Step): void {
    if ("do" in step) this.#actions([...path, "do"], step.do);
    else if ("check" in step) this.#checks([...path, "check"], step.check);
    else {
      if (step.sync !== "all") {
        step.sync.forEach((name, number) => {
          this.#instance([...path, "sync", number], name);
        });
      }
      step.during?.forEach((one, number) => {
        this.#during([...path, "during", number], one);
      });
      for (const part of ["applied", "conflicts", "refused"] as const) {
        this.#keys([...path, "expect", part], step.expect?.[part]);
      }
    }
  }

  #during(path: Path, one: During): void {
    if ("do" in one) this.#actions([...path, "do"], one.do);
    else {
      const pair = Object.values(one.fault).find((value): value is Pair => Array.isArray(value));
      if (pair !== undefined && !areLinked(this.#scenario, pair)) {
        this.#say([...path, "fault"], `no link between ${pair.join(" and ")}`);
      }
      for (const [key, value] of Object.entries(one.fault)) {
        const names = key === "for" || key === "by" ? [] : [value].flat();
        for (const name of names) {
          if (typeof name === "string") this.#instance([...path, "fault", key], name);
        }
      }
    }
  }

  #actions(path: Path, actions: readonly Action[]): void {
    actions.forEach((action, number) => {
      const here = [...path, number];
      this.#instance([...here, "on"], action.on);
      if ("adopt" in action) this.#instance([...here, "adopt"], action.adopt);
      for (const [key, value] of Object.entries(action)) this.#ref([...here, key], value);
      if ("importRevisions" in action) {
        this.#instance([...here, "importRevisions"], action.importRevisions);
        const { since } = action;
        if (since !== undefined && !this.#changesets.has(since)) {
          this.#label([...here, "since"], since);
        }
      }
      if ("pick" in action) this.#label([...here, "pick"], action.pick as string);
      if ("changeset" in action) this.#changeset(here, action);
      else if ("as" in action) this.#give([...here, "as"], action.as as string);
      if ("policy" in action && action.expect === undefined) {
        this.#policy([...here, "policy"], action.policy);
      }
      if ("resolve" in action) this.#choice(here, action);
      for (const name of namesMade(action)) this.#made.add(name);
      this.#disaster(here, action);
    });
  }

  #changeset(path: Path, { changeset, as: label }: Actions["changeset"]): void {
    const objects = new Set<string>();
    changeset.forEach((part, number) => {
      const here = [...path, "changeset", number];
      for (const [key, value] of Object.entries(part)) this.#ref([...here, key], value);
      const kind = actionKind(part);
      const about = (part as unknown as Record<string, string>)[kind] as string;
      if (objects.has(about)) {
        this.#say([...here, kind], `the changeset changes ${about} above; once is enough`);
      }
      objects.add(about);
      if (part.as !== undefined) this.#give([...here, "as"], part.as, this.#labels);
    });
    if (label !== undefined) this.#give([...path, "as"], label, this.#changesets);
  }

  /** What a decision takes is said in one way. */
  #choice(path: Path, action: Action): void {
    const ways = CHOICES.filter((key) => Object.hasOwn(action, key));
    if (ways.length !== 1) this.#say(path, `one of ${WAYS} says what is decided`);
  }

  #disaster(path: Path, action: Action): void {
    if ("backup" in action) this.#backups.add(`${action.on}/${action.backup}`);
    if ("restoreBackup" in action) {
      const { on, restoreBackup } = action;
      if (!this.#backups.has(`${on}/${restoreBackup}`)) {
        this.#say(
          [...path, "restoreBackup"],
          `${on} made no backup "${restoreBackup}" before this`,
        );
      }
    }
    if ("linkAgain" in action) this.#instance([...path, "linkAgain"], action.linkAgain);
    if (!("clone" in action)) return;
    if (this.#instances.has(action.clone)) {
      this.#say([...path, "clone"], `there is an instance "${action.clone}" already`);
    }
    this.#instances.add(action.clone);
  }

  #checks(path: Path, checks: Checks): void {
    for (const [number, group] of (checks.converged ?? []).entries()) {
      group.forEach((name, place) => {
        const here = [...path, "converged", number, place];
        this.#instance(here, name);
        if (group.indexOf(name) !== place) this.#say(here, `${name} stands twice in one group`);
      });
    }
    this.#faults.push(...fieldFaults([...path, "value"], checks.value, this.#written));
    for (const part of BY_INSTANCE) {
      this.#keys([...path, part], checks[part]);
      for (const [name, about] of Object.entries(checks[part] ?? {})) {
        const refs = Array.isArray(about) ? about : Object.keys(about);
        for (const ref of refs) this.#ref([...path, part, name], ref);
      }
    }
    for (const [name, refs] of Object.entries(checks.absent ?? {})) {
      for (const ref of refs) this.#mayBeThere([...path, "absent", name], ref);
    }
    this.#revisions(path, checks);
    this.#keys([...path, "conflicts"], checks.conflicts);
    for (const [name, conflicts] of Object.entries(checks.conflicts ?? {})) {
      conflicts.forEach(({ object, chosen, candidates = [] }, number) => {
        const here = [...path, "conflicts", name, number];
        this.#ref([...here, "object"], object);
        if (chosen !== undefined) this.#label([...here, "chosen"], chosen);
        for (const candidate of candidates) this.#label([...here, "candidates"], candidate);
      });
    }
    for (const one of checks.recoverable ?? []) this.#label([...path, "recoverable"], one);
  }

  /** Checks that name revisions and changesets by their labels. */
  #revisions(path: Path, checks: Checks): void {
    const parts = ["valueAt", "diff", "changesets"] as const;
    for (const part of parts) this.#keys([...path, part], checks[part]);
    const { valueAt, diff, changesets } = checks;
    for (const [who, some] of Object.entries(valueAt ?? {})) {
      for (const label of Object.keys(some)) this.#label([...path, "valueAt", who], label);
    }
    for (const [who, diffs] of Object.entries(diff ?? {})) {
      diffs.forEach(({ from, to }, number) => {
        const here = [...path, "diff", who, number];
        this.#label([...here, "from"], from);
        if (to !== undefined) this.#label([...here, "to"], to);
      });
    }
    for (const [who, some] of Object.entries(changesets ?? {})) {
      for (const [label, wanted] of Object.entries(some)) {
        const here = [...path, "changesets", who];
        if (!this.#changesets.has(label)) {
          this.#say(here, `no changeset before this is labeled "${label}"`, label);
        }
        if (wanted === ALL_OR_NONE) continue;
        wanted.forEach((one, number) => {
          this.#label([...here, label, number], one);
        });
      }
    }
  }

  /** That something is not there says nothing if it never was. */
  #mayBeThere(path: Path, ref: string): void {
    if (labelIn(ref) !== undefined || this.#made.has(ref)) return;
    this.#say(path, `nobody makes ${ref} before this, so it is absent anyway`);
  }

  #keys(path: Path, record: object | undefined): void {
    for (const name of Object.keys(record ?? {})) this.#instance(path, name, name);
  }

  #instance(path: Path, name: string, key?: string): void {
    if (this.#instances.has(name)) return;
    const known = [...this.#instances].join(", ");
    this.#say(path, `no instance is called "${name}" (there are ${known})`, key);
  }

  /** The label in `type/@label`. */
  #ref(path: Path, value: unknown): void {
    const label = typeof value === "string" ? labelIn(value) : undefined;
    if (label !== undefined) this.#label(path, label);
  }

  #label(path: Path, label: string): void {
    if (this.#labels.has(label)) return;
    const what = this.#changesets.has(label)
      ? `"${label}" is a changeset; name the revision of one of its objects`
      : `no revision before this is labeled "${label}"`;
    this.#say(path, what);
  }

  #give(path: Path, label: string, labels: Set<string> = this.#labels): void {
    if (this.#labels.has(label) || this.#changesets.has(label)) {
      this.#say(path, `the label "${label}" is given twice`);
    }
    labels.add(label);
  }

  #say(path: Path, message: string, key?: string): void {
    this.#faults.push({ path, message, ...(key === undefined ? {} : { key }) });
  }
}
