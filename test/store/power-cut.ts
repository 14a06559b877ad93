/** Files as a power cut leaves them: a database, and its write-ahead log up to one of its writes. */
import { mkdirSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { newFile } from "./folders.ts";

const WAL_HEADER_BYTES = 32;
const FRAME_HEADER_BYTES = 24;
/** Where a frame says how long the database is after it; nothing but a commit's last one does. */
const COMMIT_OFFSET = 4;

/** How long a write-ahead log was at a moment. */
export interface Cut {
  readonly length: number;
  /** In the middle of a write. */
  readonly isTorn: boolean;
  /** After, or in the middle of, the write that ends a commit. */
  readonly isCommit: boolean;
}

/** The lengths that a write-ahead log had: after each frame, and in the middle of each. */
export function lengthsOf(wal: Buffer): readonly Cut[] {
  const frame = wal.readUInt32BE(8) + FRAME_HEADER_BYTES;
  const frames = Math.floor((wal.length - WAL_HEADER_BYTES) / frame);
  const isCommit = (count: number): boolean => {
    const at = WAL_HEADER_BYTES + count * frame + COMMIT_OFFSET;
    return count >= 0 && count < frames && wal.readUInt32BE(at) !== 0;
  };
  return Array.from({ length: frames + 1 }, (_, count): Cut[] => {
    const length = WAL_HEADER_BYTES + count * frame;
    const torn = length + ((count * 7919) % frame);
    return [
      { length, isTorn: false, isCommit: isCommit(count - 1) },
      { length: torn, isTorn: true, isCommit: isCommit(count) },
    ];
  }).flat();
}

/** A database and its log, in a folder of its own. */
export function cutOff(db: Buffer, wal: Buffer, file: string = newFile()): string {
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, db);
  writeFileSync(`${file}-wal`, wal);
  return file;
}
