// Proves, event by event and without any I/O, how the sending side of a session answers: the rung
// it starts at, credit, fragments, counts, and every message that does not belong where it comes.
import { describe, expect, test } from "vitest";
import { BATCH_FRAGMENT_BYTES_MAX, CREDIT_BYTES } from "../../src/base/limits.ts";
import { decodeControl, encodeControl } from "../../src/protocol/control.ts";
import type { SessionEvent } from "../../src/sync/session/events.ts";
import { Session } from "../../src/sync/session/session.ts";
import {
  accepting,
  batch,
  chainOf,
  dialing,
  evaluated,
  frame,
  hello,
  looked,
  opened,
  page,
  play,
  pushing,
  resultOf,
  resume,
  rung,
  sent,
  short,
  wire,
} from "./session-fixture.ts";

describe("the source", () => {
  test("starts at the newest rung it knows", () => {
    const ladder = [rung(40), rung(30), rung(20)].map(wire);
    const events = [
      ...pushing,
      frame({ m: "resume", ladder, credit: 1000 }),
      evaluated(50),
      {
        kind: "chains",
        side: "source",
        chains: [chainOf(41), chainOf(30), chainOf(20)],
      } as SessionEvent,
    ];
    const effects = play(dialing("push"), ...events);
    expect(sent(effects)).toEqual([{ m: "start", from: 30, to: 50 }]);
    expect(effects).toContainEqual({ kind: "purges", after: 30 });
  });

  test.each([
    [true, [{ m: "start", to: 50 }]],
    [undefined, [{ m: "start", from: 0, to: 50 }]],
  ] as const)("that knows no rung: more of them? %s", (more, expected) => {
    const message = { m: "resume", ladder: [wire(rung(60))], credit: 9 };
    const events = [
      ...pushing,
      frame(more === undefined ? message : { ...message, more }),
      evaluated(50),
      { kind: "chains", side: "source", chains: [null] } as SessionEvent,
    ];
    expect(sent(play(dialing("push"), ...events))).toEqual(expected);
  });

  const noPurges = { kind: "purges", records: [] } as SessionEvent;
  const started = [
    ...pushing,
    resume,
    evaluated(30),
    { kind: "chains", side: "source", chains: [] } as SessionEvent,
    noPurges,
  ];
  test.each([
    ["ascii", "x".repeat(10_000)],
    ["of other scripts", "\u20ac".repeat(10_000)],
    ["escaped", '"'.repeat(10_000)],
  ])("splits purges so that each message can be read: long reasons, %s", (_name, reason) => {
    const records = Array.from({ length: 60 }, (_, seq) => JSON.stringify({ reason, seq }));
    const events = [...started.slice(0, -1), { kind: "purges", records } as SessionEvent];
    const effects = play(dialing("push"), ...events);
    const frames = sent(effects).map(encodeControl);
    expect(frames.length).toBeGreaterThan(9);
    const all = frames.map(decodeControl).flatMap((one) => (one.m === "purges" ? one.records : []));
    expect(all).toEqual(records);
  });

  test("leaves a purge that fits no message to the batches", () => {
    const [small, large] = ["r", "\u0001".repeat(10_000)].map((reason) =>
      JSON.stringify({ reason }),
    );
    const records = [large, small] as string[];
    const events = [...started.slice(0, -1), { kind: "purges", records } as SessionEvent];
    const effects = play(dialing("push"), ...events);
    expect(sent(effects)).toEqual([{ m: "purges", records: [small] }]);
    expect(effects.at(-1)?.kind).toBe("readPage");
  });

  const ack = (lsn: number, credit: number, more: object = {}): SessionEvent =>
    frame({ m: "ack", lsn, chain: chainOf(lsn), credit, ...more });

  test("sends while there is credit, holds one page, and goes on with an ACK", () => {
    const session = new Session(dialing("push"));
    for (const event of started) session.step(event);
    expect(short(session.step(page(0, 10, 600)))).toBe("sendBatch readPage");
    expect(short(session.step(page(10, 20, 600)))).toBe("sendBatch readPage");
    expect(short(session.step(page(20, 30, 600)))).toBe("");
    expect(short(session.step(ack(10, 100)))).toBe("");
    expect(short(session.step(ack(10, 500)))).toBe("sendBatch evaluate");
    expect(short(session.step(evaluated(30)))).toBe("CAUGHTUP");
    expect(short(session.step(ack(30, 600)))).toBe("");
    const counts = { changesets: 1, revisions: 1, objects: 1, purges: 0 };
    const last = session.step(ack(30, 0, { stored: counts }));
    expect(short(last)).toBe("BYE close finish");
    expect(resultOf(last)).toMatchObject({ outcome: "ok", sent: counts });
  });

  test("cuts a page over the frame limit, and waits for credit between the pieces", () => {
    const session = new Session(dialing("push"));
    for (const event of started) session.step(event);
    const first = session.step(page(0, 10, 2 * BATCH_FRAGMENT_BYTES_MAX + 5));
    expect(short(first)).toBe("sendBatch");
    const flags = [...first, ...session.step(ack(0, 2 * CREDIT_BYTES))].flatMap((effect) =>
      effect.kind === "sendBatch" ? [[effect.more, effect.header.rawBytes]] : [],
    );
    expect(flags).toEqual([
      [true, BATCH_FRAGMENT_BYTES_MAX],
      [true, BATCH_FRAGMENT_BYTES_MAX],
      [false, 5],
    ]);
  });

  test("counts what was confirmed when it is interrupted", () => {
    const events = [...started, page(0, 10, 300), page(10, 20, 300), ack(10, 300)];
    const effects = play(dialing("push"), ...events, { kind: "closed", reason: { code: 1006 } });
    expect(resultOf(effects)).toMatchObject({
      outcome: "interrupted",
      sent: { revisions: 10, changesets: 1 },
      cursor: { lsn: 10, head: 50 },
    });
  });

  test("keeps what the target refused", () => {
    const refused = [{ id: null, code: "INVALID_RECORD" }];
    const events = [...started, page(0, 10), ack(10, 100, { refused }), { kind: "stop" } as const];
    expect(resultOf(play(dialing("push"), ...events))?.refused).toEqual(refused);
  });

  const none = { changesets: 0, revisions: 0, objects: 0, purges: 0 };
  test.each<[string, SessionEvent[]]>([
    ["an ACK before START", [...pushing, ack(0, 1)]],
    ["a second RESUME", [...started, resume]],
    ["an ACK for what was not sent", [...started, page(0, 10), ack(11, 1)]],
    ["a last ACK before CAUGHT_UP", [...started, ack(0, 0, { stored: none })]],
    [
      "a last ACK before the end",
      [...started, page(0, 30), evaluated(30), ack(8, 0, { stored: none })],
    ],
    ["a START", [...started, frame({ m: "start", from: 0, to: 1 })]],
    ["a CAUGHT_UP", [...started, frame({ m: "caughtUp", lsn: 0, chain: chainOf(0) })]],
    ["a BATCH", [...started, batch(0, 1)]],
  ])("answers PROTOCOL_ERROR to %s", (_name, events) => {
    const effects = play(dialing("push"), ...events);
    expect(short(effects)).toBe("ERROR close finish");
    expect(resultOf(effects)?.error?.code).toBe("PROTOCOL_ERROR");
  });

  test("that the target leaves before asking for anything is done", () => {
    const events = [opened, frame({ ...hello, want: "pull" }), looked(50), frame({ m: "bye" })];
    expect(resultOf(play(accepting(), ...events))).toMatchObject({ outcome: "ok", upToDate: true });
  });
});
