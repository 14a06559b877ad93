// Proves, event by event and without any I/O, how the receiving side of a session answers: order,
// credit, fragments, the ladder, its ends, and every message that does not belong where it comes.
import { describe, expect, test } from "vitest";
import { SynclineError } from "../../src/base/errors.ts";
import {
  APPLY_BYTES_MAX,
  BATCH_FRAGMENT_BYTES_MAX,
  BATCH_STAGED_BYTES_MAX,
  CREDIT_BYTES,
  PURGES_AHEAD_MAX,
} from "../../src/base/limits.ts";
import type { Rung } from "../../src/store/rows.ts";
import { NO_EPOCH } from "../../src/sync/session/continuity.ts";
import type { SessionEvent } from "../../src/sync/session/events.ts";
import { Session } from "../../src/sync/session/session.ts";
import {
  batch,
  chainOf,
  decoded,
  dialing,
  frame,
  hello,
  looked,
  opened,
  peerId,
  play,
  pulling,
  resultOf,
  rung,
  sent,
  short,
  stored,
  welcome,
  wire,
} from "./session-fixture.ts";

const policy: SessionEvent = frame({ m: "policy", revisions: ["{}"] });

describe("the target", () => {
  test("applies one batch at a time, acknowledges each, and ends after CAUGHT_UP", () => {
    const session = new Session(dialing("pull"));
    for (const event of pulling) session.step(event);
    const steps: [SessionEvent, string][] = [
      [batch(0, 20), "decode"],
      [batch(20, 50), "decode"],
      [decoded(), "apply"],
      [decoded(), ""],
      [frame({ m: "caughtUp", lsn: 50, chain: chainOf(50) }), ""],
      [stored(5), "ACK apply"],
      [stored(7), "ACK cover"],
      [{ kind: "covered", lsn: 7, objects: 3 }, "ACK BYE close finish"],
    ];
    const all = steps.map(([event, expected]) => {
      const effects = session.step(event);
      expect(short(effects)).toBe(expected);
      return effects;
    });
    const [from, to] = [20, 50].map((lsn) => ({ lsn, chain: chainOf(lsn) }));
    expect(all[5]?.find(({ kind }) => kind === "apply")).toMatchObject({
      batch: { cursor: { after: from, rung: to } },
    });
    expect(sent(all[5] ?? [])).toEqual([{ m: "ack", lsn: 20, chain: chainOf(20), credit: 100 }]);
    const counts = { changesets: 2, revisions: 4, objects: 3, purges: 0 };
    expect(sent(all[7] ?? [])[0]).toMatchObject({ lsn: 50, credit: 0, stored: counts });
    expect(resultOf(all[7] ?? [])).toMatchObject({
      outcome: "ok",
      received: counts,
      cursor: { lsn: 50, head: 50 },
    });
  });

  test("stages fragments, returns their credit, and applies the whole", () => {
    const session = new Session(dialing("pull"));
    for (const event of [...pulling, batch(0, 9, 60, true), batch(0, 9, 50)]) session.step(event);
    expect(sent(session.step(decoded(60)))).toMatchObject([{ m: "ack", lsn: 0, credit: 60 }]);
    const [apply] = session.step(decoded(50));
    expect(apply?.kind === "apply" && apply.batch.bytes.length).toBe(110);
    expect(sent(session.step(stored(4)))).toMatchObject([{ m: "ack", lsn: 9, credit: 50 }]);
  });

  test("sends the whole ladder when the source knows no newer rung", () => {
    const ladder = [rung(40), rung(38), rung(30)];
    const events = [opened, looked(3, ladder), frame(welcome), frame({ m: "start", to: 50 })];
    const effects = play(dialing("pull", peerId), ...events);
    expect(sent(effects)).toEqual([
      { m: "resume", ladder: ladder.map(wire), credit: CREDIT_BYTES },
    ]);
  });

  test("without a cursor offers its own log: first its end, then all the way down", () => {
    const session = new Session(dialing("pull"));
    for (const event of [opened, looked(70), frame(welcome)]) session.step(event);
    const lsns = [70, 69, 68, 66, 62, 54, 38, 6];
    expect(session.step(looked(70))).toContainEqual({ kind: "chains", side: "target", lsns });
    const rungs = lsns.map((lsn) => wire({ ...rung(lsn), epoch: NO_EPOCH }));
    const credit = CREDIT_BYTES;
    const chains = { kind: "chains", side: "target", chains: lsns.map(chainOf) } as const;
    const first = { m: "resume", ladder: rungs.slice(0, 1), credit, more: true };
    expect(sent(session.step(chains))).toEqual([first]);
    const second = { m: "resume", ladder: rungs, credit };
    expect(sent(session.step(frame({ m: "start", to: 50 })))).toEqual([second]);
    session.step(frame({ m: "start", from: 38, to: 50 }));
    const effects = session.step(frame({ m: "caughtUp", lsn: 38, chain: chainOf(38) }));
    const at = rung(38);
    expect(effects.find(({ kind }) => kind === "apply")).toMatchObject({
      batch: { cursor: { after: { lsn: 38, chain: at.chain }, rung: at } },
    });
  });

  test("refuses START before it has asked", () => {
    const events = [opened, looked(70), frame(welcome), looked(70)];
    const effects = play(dialing("pull"), ...events, frame({ m: "start", from: 0, to: 50 }));
    expect(resultOf(effects)?.error?.code).toBe("PROTOCOL_ERROR");
  });

  test("writes the cursor back when the source is behind it", () => {
    const ladder = [rung(60), rung(50)];
    const events = [
      opened,
      looked(3, ladder),
      frame(welcome),
      frame({ m: "start", to: 50 }),
      frame({ m: "start", from: 50, to: 50 }),
      frame({ m: "caughtUp", lsn: 50, chain: chainOf(50) }),
    ];
    expect(play(dialing("pull", peerId), ...events)).toContainEqual({
      kind: "apply",
      batch: {
        source: peerId,
        writer: expect.stringContaining(peerId),
        bytes: new Uint8Array(0),
        cursor: {
          scope: expect.any(String),
          after: { lsn: 50, chain: chainOf(50) },
          rung: rung(50),
        },
      },
    });
    expect(short(play(dialing("pull", peerId), ...events, stored(3)))).toBe("cover");
  });

  test("takes a BATCH that comes while its cursor is set back", () => {
    const session = new Session(dialing("both", peerId));
    const before = [
      ...[opened, looked(3, [rung(60), rung(50)]), frame(welcome)],
      ...[frame({ m: "start", to: 50 }), frame({ m: "start", from: 50, to: 50 })],
      ...[frame({ m: "caughtUp", lsn: 50, chain: chainOf(50) }), batch(50, 60), decoded()],
    ];
    for (const event of before) session.step(event);
    const effects = session.step(stored(3));
    expect(short(effects)).toBe("apply");
    expect(effects.find(({ kind }) => kind === "apply")).toMatchObject({
      batch: { cursor: { after: { lsn: 50, chain: chainOf(50) }, rung: rung(60) } },
    });
  });

  test("whose connection breaks stores what arrived, and is interrupted", () => {
    const session = new Session(dialing("pull"));
    const before = [...pulling, batch(0, 20), batch(20, 30), decoded()];
    for (const event of before) session.step(event);
    expect(short(session.step({ kind: "closed", reason: { code: 1006 } }))).toBe("");
    expect(short(session.step(stored(5)))).toBe("");
    expect(short(session.step(decoded()))).toBe("apply");
    const last = session.step(stored(7));
    expect(short(last)).toBe("finish");
    expect(resultOf(last)).toMatchObject({
      outcome: "interrupted",
      error: { code: "DISCONNECTED" },
      received: { revisions: 4 },
      cursor: { lsn: 30, head: 50 },
    });
    expect(session.step(opened)).toEqual([]);
  });

  test("that is stopped waits for the store and leaves the rest", () => {
    const session = new Session(dialing("pull"));
    for (const event of [...pulling, batch(0, 20), batch(20, 30), decoded()]) session.step(event);
    expect(short(session.step({ kind: "stop" }))).toBe("ERROR close");
    expect(short(session.step(decoded()))).toBe("");
    expect(short(session.step(stored(5)))).toBe("finish");
  });

  test("whose store cannot take the policies tells the peer and ends", () => {
    const error = new SynclineError("DISK_FULL", "the disk is full");
    const failed: SessionEvent = { kind: "failed", effect: "takePolicies", error };
    const effects = play(dialing("pull"), ...pulling, policy, failed);
    expect(short(effects)).toBe("ERROR close finish");
    expect(resultOf(effects)?.error).toBe(error);
  });

  test("whose connection breaks while the store takes policies ends after that", () => {
    const session = new Session(dialing("pull"));
    for (const event of [...pulling, policy]) session.step(event);
    expect(short(session.step({ kind: "closed", reason: { code: 1006 } }))).toBe("");
    expect(
      short(session.step({ kind: "policiesTaken", outcome: { match: "newer", taken: null } })),
    ).toBe("finish");
  });

  test("whose store fails tells the peer and ends", () => {
    const error = expect.objectContaining({ code: "INTERNAL" });
    const failed = { kind: "failed", effect: "apply", error: new Error("x") } as unknown;
    const events = [...pulling, batch(0, 20), decoded(), failed as SessionEvent];
    const effects = play(dialing("pull"), ...events);
    expect(short(effects)).toBe("ERROR close finish");
    expect(resultOf(effects)?.error).toEqual(error);
  });

  test("stores many long purges in several steps", () => {
    const long = "x".repeat(30_000);
    const purges = Array.from({ length: 80 }, () => frame({ m: "purges", records: [long] }));
    const session = new Session(dialing("pull"));
    for (const event of [...pulling, ...purges]) session.step(event);
    const sizes: number[] = [];
    for (let at = 0; at < 4; at++) {
      const apply = session.step(stored(at)).find(({ kind }) => kind === "apply");
      if (apply?.kind === "apply") sizes.push(apply.batch.bytes.length);
    }
    expect(sizes.every((size) => size <= 2 * APPLY_BYTES_MAX)).toBe(true);
    expect(sizes.length).toBeGreaterThan(1);
    // The first went to the store by itself.
    expect(sizes.reduce((sum, size) => sum + size, 0)).toBe(79 * (long.length + 1));
  });

  test("takes no more purges ahead than a source may send", () => {
    const thousand = frame({ m: "purges", records: Array.from({ length: 1000 }, () => "{}") });
    const all = Array.from({ length: PURGES_AHEAD_MAX / 1000 }, () => thousand);
    const session = new Session(dialing("pull"));
    for (const event of [...pulling, ...all]) {
      expect(short(session.step(event))).not.toContain("ERROR");
    }
    expect(sent(session.step(thousand))).toMatchObject([{ m: "error", code: "PROTOCOL_ERROR" }]);
  });

  const full = Array.from({ length: CREDIT_BYTES / BATCH_FRAGMENT_BYTES_MAX }, () =>
    batch(0, 9, BATCH_FRAGMENT_BYTES_MAX, true),
  );
  const staged = Array.from(
    { length: 1 + BATCH_STAGED_BYTES_MAX / BATCH_FRAGMENT_BYTES_MAX },
    () => [batch(0, 9, BATCH_FRAGMENT_BYTES_MAX, true), decoded(BATCH_FRAGMENT_BYTES_MAX)],
  ).flat();
  test.each<[string, string, SessionEvent[]]>([
    ["PROTOCOL_ERROR", "a second START", [frame({ m: "start", from: 0, to: 50 })]],
    ["PROTOCOL_ERROR", "a batch with a gap", [batch(1, 20)]],
    ["PROTOCOL_ERROR", "a batch twice", [batch(0, 20), batch(0, 20)]],
    ["PROTOCOL_ERROR", "a fragment of another batch", [batch(0, 20, 9, true), batch(0, 21)]],
    ["PROTOCOL_ERROR", "more than the credit", [...full, batch(0, 9)]],
    ["PROTOCOL_ERROR", "a purge of two lines", [frame({ m: "purges", records: ["{}\n{}"] })]],
    ["FRAME_TOO_LARGE", "an endless batch", staged],
    [
      "PROTOCOL_ERROR",
      "CAUGHT_UP with another chain",
      [frame({ m: "caughtUp", lsn: 0, chain: chainOf(9) })],
    ],
    [
      "PROTOCOL_ERROR",
      "CAUGHT_UP inside a batch",
      [batch(0, 20, 9, true), frame({ m: "caughtUp", lsn: 0, chain: chainOf(0) })],
    ],
    [
      "PROTOCOL_ERROR",
      "a batch after CAUGHT_UP",
      [batch(0, 20), frame({ m: "caughtUp", lsn: 20, chain: chainOf(20) }), batch(20, 21)],
    ],
    ["PROTOCOL_ERROR", "an ACK", [frame({ m: "ack", lsn: 0, chain: chainOf(0), credit: 1 })]],
    ["PROTOCOL_ERROR", "a RESUME", [frame({ m: "resume", ladder: [], credit: 1 })]],
    ["PROTOCOL_ERROR", "a HELLO", [frame(hello)]],
    ["PROTOCOL_ERROR", "a WELCOME", [frame(welcome)]],
    ["DISCONNECTED", "a BYE", [frame({ m: "bye" })]],
  ])("answers %s to %s", (code, _name, events) => {
    const effects = play(dialing("pull"), ...pulling, ...events);
    expect(resultOf(effects)?.error?.code).toBe(code);
    expect(short(effects)).toMatch(/^ERROR close finish$/);
  });

  test.each<[string, readonly Rung[], object[]]>([
    ["from a position it did not offer", [rung(40)], [{ from: 12 }]],
    ["from a rung it has not sent yet", [rung(40), rung(30)], [{ from: 30 }]],
    ["without a position, with nothing more to offer", [rung(40)], [{}]],
    ["without a position, twice", [rung(40), rung(30)], [{}, {}]],
  ])("refuses START %s", (_name, ladder, starts) => {
    const frames = starts.map((start) => frame({ m: "start", to: 50, ...start }));
    const events = [opened, looked(3, ladder), frame(welcome), ...frames];
    const effects = play(dialing("pull", peerId), ...events);
    expect(resultOf(effects)?.error?.code).toBe("PROTOCOL_ERROR");
  });
});
