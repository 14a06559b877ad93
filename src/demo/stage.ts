import type { ConflictItem } from "../instance/conflicts/conflict-item.ts";
import type { Instance, StatusView } from "../instance/instance.ts";
import type { RunRow } from "../store/rows.ts";

/** Where the tour is told: the command line's terminal, or a test. */
export interface Stage {
  /** Begins the next step. */
  step(title: string): void;
  /** A sentence or two, wrapped to the width. */
  say(text: string): void;
  /** A command that a person could type. */
  command(text: string): void;
  status(view: StatusView): void;
  /** What a run did, in one line. */
  run(run: RunRow): void;
  /** A conflict, as the command line explains it; `folder` is how its commands name the instance. */
  conflict(instance: Instance, item: ConflictItem, folder: string): Promise<void>;
  progress(label: string): StageProgress;
  /** Objects by type, in words: `55 packages, 8 organizations`. */
  objects(counts: StatusView["objects"]): string;
  /** Bytes as people read them. */
  bytes(value: number): string;
}

export interface StageProgress {
  update(step: { readonly done: number; readonly total: number; readonly unit: string }): void;
  end(): void;
}
