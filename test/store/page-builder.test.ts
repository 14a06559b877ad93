// Proves that a page of the log never cuts a changeset that an instance can have authored, and
// that no page grows past what a peer accepts, even when strangers made a larger changeset.
import { expect, test } from "vitest";
import {
  BATCH_BYTES_MAX,
  BATCH_REVISIONS_MAX,
  BATCH_STAGED_BYTES_MAX,
  CHANGESET_BYTES_MAX,
  CHANGESET_REVISIONS_MAX,
} from "../../src/base/limits.ts";
import { PageBuilder } from "../../src/store/page-builder.ts";
import type { LogPage } from "../../src/store/rows.ts";

const LIMITS = { revisions: BATCH_REVISIONS_MAX, bytes: BATCH_BYTES_MAX };

interface Row {
  readonly changeset: string;
  readonly bytes: number;
}

function pagesOf(rows: readonly Row[]): LogPage[] {
  const pages: LogPage[] = [];
  for (let after = 0; after < rows.length; ) {
    const page = new PageBuilder(after, LIMITS, () => new Uint8Array(16));
    for (let lsn = after + 1; lsn <= rows.length; lsn++) {
      const { changeset, bytes } = rows[lsn - 1] as Row;
      if (page.isFull(changeset, bytes)) break;
      if (!page.has(changeset)) page.addChangeset(changeset, Buffer.alloc(200, "c"));
      page.add(lsn, Buffer.alloc(bytes, "r"));
    }
    const built = page.build() as LogPage;
    pages.push(built);
    after = built.to;
  }
  return pages;
}

function rows(changeset: string, count: number, bytes: number): Row[] {
  return Array.from({ length: count }, () => ({ changeset, bytes }));
}

test("the largest changeset that can be authored is never cut", () => {
  const many = pagesOf([...rows("a", 1, 10), ...rows("b", CHANGESET_REVISIONS_MAX, 10)]);
  expect(many.map(({ revisions }) => revisions)).toEqual([CHANGESET_REVISIONS_MAX + 1]);
  const large = pagesOf([...rows("a", 255, 1024), ...rows("b", 32, CHANGESET_BYTES_MAX / 32)]);
  expect(large.map(({ revisions }) => revisions)).toEqual([255 + 32]);
  expect(large[0]?.bytes.length).toBeLessThan(BATCH_STAGED_BYTES_MAX);
});

test("a larger one is cut, with the changeset in each page", () => {
  const many = pagesOf(rows("a", 2 * CHANGESET_REVISIONS_MAX + 1, 10));
  expect(many.map(({ revisions }) => revisions)).toEqual([
    CHANGESET_REVISIONS_MAX,
    CHANGESET_REVISIONS_MAX,
    1,
  ]);
  expect(many.map(({ changesets }) => changesets)).toEqual([1, 1, 1]);
  const large = pagesOf(rows("a", 40, 1024 * 1024));
  expect(large.map(({ revisions }) => revisions)).toEqual([32, 8]);
});
