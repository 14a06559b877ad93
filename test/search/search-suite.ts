/** What every search index must do, whatever it is made of; run for each implementation. */
import fc from "fast-check";
import { describe, expect, onTestFinished, test } from "vitest";
import type { ObjectId } from "../../src/base/ids.ts";
import type { JsonObject } from "../../src/base/json.ts";
import { fromCkan } from "../../src/catalog/index.ts";
import type { Change } from "../../src/log/author.ts";
import type { SearchIndex, SearchQuery } from "../../src/search/search-index.ts";
import type { Store } from "../../src/store/store.ts";

/** A store with an index that follows it. */
export interface Searched {
  readonly store: Store;
  readonly index: SearchIndex;
  close(): Promise<void>;
}

/** The catalog of one test: CKAN-form objects in, names of hits out. */
class Catalog {
  readonly #searched: Searched;

  constructor(searched: Searched) {
    this.#searched = searched;
  }

  get index(): SearchIndex {
    return this.#searched.index;
  }

  async add(type: string, value: JsonObject): Promise<ObjectId> {
    const { object, embedded } = fromCkan(type, value);
    const put = (mode: "absent" | "replace", { id, content, ...rest }: typeof object): Change => {
      return { kind: "put", object: id, type: rest.type, content, mode };
    };
    await this.change(...embedded.map((found) => put("absent", found)), put("replace", object));
    return object.id;
  }

  async change(...changes: Change[]): Promise<void> {
    const { store, index } = this.#searched;
    await store.author({ author: "ada", message: "", changes });
    const { lsn } = await store.head();
    index.advance(lsn);
    await index.covers(lsn);
  }

  async names(query: string | Partial<SearchQuery>): Promise<(string | null)[]> {
    const given = typeof query === "string" ? { text: query } : query;
    const { hits } = await this.index.query({ text: "", limit: 100, ...given });
    return hits.map(({ name }) => name);
  }
}

export function searchSuite(name: string, open: () => Promise<Searched>): void {
  const opened = async (): Promise<Catalog> => {
    const searched = await open();
    onTestFinished(() => searched.close());
    return new Catalog(searched);
  };

  describe(`${name}: words`, () => {
    test("all words must occur, in any case, with or without accents, the last as a prefix", async () => {
      const catalog = await opened();
      await catalog.add("package", { name: "a", notes: "Qualité de l'EAU à Lyon" });
      await catalog.add("package", { name: "b", notes: "water quality" });
      expect(await catalog.names("qualite eau")).toEqual(["a"]);
      expect(await catalog.names("QUALITÉ ly")).toEqual(["a"]);
      expect((await catalog.names("qual")).sort()).toEqual(["a", "b"]);
      expect(await catalog.names("qual water")).toEqual([]);
      expect(await catalog.names("quality air")).toEqual([]);
    });

    test("quoted words are a phrase, complete at the end; the quote may be left open", async () => {
      const catalog = await opened();
      await catalog.add("package", { name: "a", notes: "open data portal" });
      await catalog.add("package", { name: "b", notes: "data that is open" });
      expect(await catalog.names('"open data"')).toEqual(["a"]);
      expect(await catalog.names('"open data')).toEqual(["a"]);
      expect(await catalog.names('"open dat"')).toEqual([]);
      expect(await catalog.names("open-data")).toEqual(["a"]);
    });

    test("Japanese is found by any part of a run, full-width letters by plain ones", async () => {
      const catalog = await opened();
      await catalog.add("package", { name: "a", title: "東京都の公園", notes: "ＣＳＶ形式" });
      await catalog.add("package", { name: "b", title: "京都の東" });
      expect(await catalog.names("東京")).toEqual(["a"]);
      expect((await catalog.names("京都")).sort()).toEqual(["a", "b"]);
      expect(await catalog.names("公園 csv")).toEqual(["a"]);
      expect(await catalog.names("東園")).toEqual([]);
    });

    test("a match in the name or title comes before one in the text; equal ones go by name", async () => {
      const catalog = await opened();
      const rest = "and many other things of the city";
      await catalog.add("package", { name: "x1", notes: `bridges ${rest}`, title: "Roads" });
      await catalog.add("package", { name: "x2", notes: `roads ${rest}`, title: "Bridges" });
      await catalog.add("package", { name: "z", title: "Lamps" });
      await catalog.add("package", { name: "y", title: "Lamps" });
      expect(await catalog.names("bridges")).toEqual(["x2", "x1"]);
      expect(await catalog.names("lamps")).toEqual(["y", "z"]);
    });

    test("tags, extras, resources and the owner's title are found", async () => {
      const catalog = await opened();
      await catalog.add("package", {
        name: "a",
        tags: [{ name: "hydrology" }],
        extras: [{ key: "licence", value: "permissive" }],
        resources: [{ url: "http://example.org/readings.csv", name: "Gauges" }],
        organization: { name: "env", title: "Ministry of Rivers" },
      });
      for (const text of ["hydrology", "permissive", "gauges", "readings", "ministry"]) {
        expect(await catalog.names({ text, type: "package" }), text).toEqual(["a"]);
      }
    });
  });

  describe(`${name}: names that clash`, () => {
    const id = (n: number): string => `${n}0000000-0000-4000-8000-000000000000`;

    test("what goes by a derived name is found and shown by it, until the clash ends", async () => {
      const catalog = await opened();
      await catalog.add("package", { id: id(1), name: "parks", notes: "first" });
      const other = await catalog.add("package", { id: id(2), name: "parks", notes: "second" });
      expect(await catalog.names("second")).toEqual(["parks--200000"]);
      expect(await catalog.names("parks--200000")).toEqual(["parks--200000"]);
      expect((await catalog.names("parks")).sort()).toEqual(["parks", "parks--200000"]);
      await catalog.change({ kind: "set", object: other, value: { notes: "2nd" } });
      expect(await catalog.names("2nd")).toEqual(["parks--200000"]);
      await catalog.change({ kind: "rename", object: id(1) as ObjectId, name: "gardens" });
      expect(await catalog.names("2nd")).toEqual(["parks"]);
      expect(await catalog.names("200000")).toEqual([]);
      expect(await catalog.index.verify()).toEqual([]);
    });

    test("a clash that ends with a deletion or a purge frees the name", async () => {
      const catalog = await opened();
      for (const [n, kind] of [
        [1, "delete"],
        [3, "purge"],
      ] as const) {
        await catalog.add("package", { id: id(n), name: `stops${n}` });
        await catalog.add("package", { id: id(n + 1), name: `stops${n}`, notes: `kept${n}` });
        expect(await catalog.names(`kept${n}`)).toEqual([`stops${n}--${n + 1}00000`]);
        const object = id(n) as ObjectId;
        await catalog.change(kind === "purge" ? { kind, object, reason: "" } : { kind, object });
        expect(await catalog.names(`kept${n}`)).toEqual([`stops${n}`]);
      }
      expect(await catalog.index.verify()).toEqual([]);
    });

    test("a filter asks for the name that an organization goes by", async () => {
      const catalog = await opened();
      for (const n of [1, 2]) {
        await catalog.add("organization", { id: id(n), name: "env", title: `Office ${n}` });
        await catalog.add("package", { name: `of-${n}`, owner_org: id(n) });
      }
      expect(await catalog.names({ organization: "env" })).toEqual(["of-1"]);
      expect(await catalog.names({ organization: "env--200000" })).toEqual(["of-2"]);
    });

    test("tags of one name are one: a filter finds the packages of both", async () => {
      const catalog = await opened();
      for (const n of [1, 2]) {
        await catalog.add("tag", { id: id(n), name: "water" });
        await catalog.add("package", { name: `wet-${n}`, tags: [{ id: id(n), name: "water" }] });
      }
      expect((await catalog.names({ tag: "water" })).sort()).toEqual(["wet-1", "wet-2"]);
      expect((await catalog.names({ text: "water", type: "package" })).sort()).toEqual([
        "wet-1",
        "wet-2",
      ]);
    });
  });

  describe(`${name}: any text is a question`, () => {
    test("no character has a meaning of its own, and a text without words finds nothing", async () => {
      const catalog = await opened();
      await catalog.add("package", { name: "a", notes: "near AND far OR NOT" });
      for (const text of [
        "!!!",
        '""',
        "*",
        "( )",
        "\u0301",
        "\u{1e900}",
        "'; DROP TABLE doc; --",
      ]) {
        expect(await catalog.names(text), text).toEqual([]);
      }
      expect(await catalog.names("near AND far")).toEqual(["a"]);
      expect(await catalog.names("NEAR(far)")).toEqual([]);
      expect(await catalog.names("-near")).toEqual(["a"]);
      expect(await catalog.names("near* ^far")).toEqual(["a"]);
      expect(await catalog.names("name:near")).toEqual([]);
      expect(await catalog.names("a\0")).toEqual(["a"]);
    });

    test("whatever is typed, the answer is an answer", async () => {
      const catalog = await opened();
      await catalog.add("package", { name: "a", notes: "some text" });
      const text = fc.string({ unit: "binary", maxLength: 40 });
      await fc.assert(
        fc.asyncProperty(text, async (typed) => {
          const result = await catalog.index.query({ text: typed, limit: 10 });
          expect(result.total).toBe(result.hits.length);
        }),
        { numRuns: 100 },
      );
    });

    test("texts over the limits are refused", async () => {
      const catalog = await opened();
      const long = catalog.index.query({ text: "x".repeat(1001), limit: 1 });
      await expect(async () => long).rejects.toMatchObject({ code: "USAGE" });
      const many = catalog.index.query({ text: "x ".repeat(100), limit: 1 });
      await expect(async () => many).rejects.toMatchObject({ code: "USAGE" });
    });
  });

  describe(`${name}: filters`, () => {
    test("by type and state", async () => {
      const catalog = await opened();
      const id = await catalog.add("package", { name: "gone", title: "Town" });
      await catalog.change({ kind: "delete", object: id });
      await catalog.add("package", { name: "draft", title: "Town", state: "draft" });
      await catalog.add("package", { name: "live", title: "Town" });
      await catalog.add("group", { name: "town", title: "Town" });
      expect(await catalog.names({ text: "town", type: "package" })).toEqual(["live"]);
      expect(await catalog.names({ text: "town", type: "group" })).toEqual(["town"]);
      expect(await catalog.names({ state: "draft" })).toEqual(["draft"]);
      expect(await catalog.names({ text: "town", state: "deleted" })).toEqual(["gone"]);
      expect(await catalog.names({ type: "package", state: "any" })).toEqual([
        "draft",
        "gone",
        "live",
      ]);
    });

    test("by tag, group and organization, by name or id, together with words", async () => {
      const catalog = await opened();
      const org = "11111111-1111-4111-8111-111111111111";
      await catalog.add("organization", { id: org, name: "parks-office" });
      const shared = { tags: [{ name: "green" }], groups: [{ name: "leisure" }] };
      await catalog.add("package", { name: "a", owner_org: org, ...shared });
      await catalog.add("package", { name: "b", notes: "ponds", ...shared });
      await catalog.add("package", { name: "c", tags: [{ name: "blue" }] });
      expect(await catalog.names({ tag: "green" })).toEqual(["a", "b"]);
      expect(await catalog.names({ tag: "green", text: "pond" })).toEqual(["b"]);
      expect(await catalog.names({ group: "leisure", organization: "parks-office" })).toEqual([
        "a",
      ]);
      expect(await catalog.names({ organization: org.toUpperCase() })).toEqual(["a"]);
      expect(await catalog.names({ tag: "leisure" })).toEqual([]);
      expect(await catalog.names({ group: "nowhere" })).toEqual([]);
    });

    test("the total counts all hits, limit and offset cut a page", async () => {
      const catalog = await opened();
      for (const name of ["a", "b", "c", "d"]) await catalog.add("package", { name, notes: "sea" });
      const page = await catalog.index.query({ text: "sea", limit: 2, offset: 1 });
      expect(page.total).toBe(4);
      expect(page.hits.map(({ name }) => name)).toEqual(["b", "c"]);
    });
  });

  describe(`${name}: following`, () => {
    test("an edit is found by its new words only, and moves between facets", async () => {
      const catalog = await opened();
      const id = "22222222-2222-4222-8222-222222222222";
      await catalog.add("package", { id, name: "a", notes: "old", tags: [{ name: "one" }] });
      await catalog.add("package", { id, name: "a", notes: "new", tags: [{ name: "two" }] });
      expect(await catalog.names("old")).toEqual([]);
      expect(await catalog.names({ text: "new", tag: "two" })).toEqual(["a"]);
      expect(await catalog.names({ tag: "one" })).toEqual([]);
      expect(await catalog.index.verify()).toEqual([]);
    });

    test("a renamed group is found under its new name, in its packages too", async () => {
      const catalog = await opened();
      const group = await catalog.add("group", { name: "sport" });
      const tag = await catalog.add("tag", { name: "ball" });
      const groups = [{ id: group }];
      await catalog.add("package", { name: "a", groups, tags: [{ id: tag }] });
      await catalog.change({ kind: "rename", object: group, name: "games" });
      await catalog.change({ kind: "rename", object: tag, name: "sphere" });
      expect(await catalog.names({ group: "games" })).toEqual(["a"]);
      expect(await catalog.names({ group: "sport" })).toEqual([]);
      expect(await catalog.names({ text: "sphere", type: "package" })).toEqual(["a"]);
      expect(await catalog.names("ball")).toEqual([]);
    });

    test("a package that came before its tag is found by the tag's name afterwards", async () => {
      const catalog = await opened();
      const id = "33333333-3333-4333-8333-333333333333";
      await catalog.add("package", { name: "a", tags: [{ id }] });
      await catalog.add("tag", { id, name: "late" });
      expect(await catalog.names({ text: "late", type: "package" })).toEqual(["a"]);
      expect(await catalog.names({ tag: "late" })).toEqual(["a"]);
    });
  });

  test(`${name}: a hit says what it is and shows the text around the match`, async () => {
    const catalog = await opened();
    const id = "44444444-4444-4444-8444-444444444444";
    const notes = `${"Lorem ipsum dolor. ".repeat(20)}Here the Fountain stands.\n\nMore.`;
    await catalog.add("package", { id, name: "a", title: "Wells", notes });
    const { hits } = await catalog.index.query({ text: "fount", limit: 1 });
    expect(hits).toEqual([
      { id, type: "package", name: "a", title: "Wells", snippet: expect.any(String) },
    ]);
    expect(hits[0]?.snippet).toMatch(/^….*Here the Fountain stands\. More\.$/);
    expect(hits[0]?.snippet.length).toBeLessThan(170);
  });
}
