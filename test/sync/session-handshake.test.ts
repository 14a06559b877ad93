// Proves, event by event and without any I/O, how a session begins, fails to begin, and keeps time.
import { describe, expect, test } from "vitest";
import {
  CREDIT_BYTES,
  HANDSHAKE_MS_MAX,
  OWN_EPOCHS_MAX,
  PEER_SILENT_MS_MAX,
  PING_EVERY_MS,
} from "../../src/base/limits.ts";
import { namedScope } from "../../src/sync/scope-ref.ts";
import type { Standing } from "../../src/sync/session/continuity.ts";
import type { SessionEvent } from "../../src/sync/session/events.ts";
import type { SessionOptions } from "../../src/sync/session/options.ts";
import {
  accepting,
  batch,
  chainOf,
  dialing,
  frame,
  hello,
  looked,
  NO_DOUBT,
  opened,
  own,
  peerEpoch,
  peerId,
  play,
  pushing,
  resultOf,
  rung,
  sent,
  short,
  welcome,
  wire,
} from "./session-fixture.ts";
import { uuidFor } from "./world.ts";

describe("the handshake", () => {
  test("of a first pull learns the peer, then its cursor, then asks", () => {
    expect(short(play(dialing("pull"), opened))).toBe("look");
    const first = play(dialing("pull"), opened, looked(3));
    expect(sent(first)).toMatchObject([{ m: "hello", name: "own", want: "pull" }]);
    expect(play(dialing("pull"), opened, looked(3), frame(welcome))).toContainEqual({
      kind: "look",
      epoch: peerEpoch,
      peer: peerId,
      scope: namedScope(),
      sends: false,
    });
    const last = play(dialing("pull"), opened, looked(3), frame(welcome), looked(3, [rung(20)]));
    expect(sent(last)).toEqual([{ m: "resume", ladder: [wire(rung(20))], credit: CREDIT_BYTES }]);
  });

  test("of a later pull says the newest rung", () => {
    const effects = play(dialing("pull", peerId), opened, looked(3, [rung(20), rung(8)]));
    const [message] = sent(effects);
    expect(message).toMatchObject({ rung: wire(rung(20)) });
  });

  test("of a push leaves the next word to the target", () => {
    expect(short(play(dialing("push"), ...pushing))).toBe("");
  });

  test("accepts a push with WELCOME, its newest rung and RESUME at once", () => {
    const effects = play(accepting(), opened, frame(hello), looked(3, [rung(20), rung(8)]));
    expect(sent(effects)).toMatchObject([
      { m: "welcome", v: 1, id: own.instance, name: "own", rung: wire(rung(20)) },
      { m: "resume", ladder: [wire(rung(20))], more: true, credit: CREDIT_BYTES },
    ]);
  });

  test.each([
    ["the same chain", { rung: wire(rung(20)) }, looked(20), true],
    ["another chain", { rung: [peerEpoch, 20, chainOf(19)] }, looked(20), undefined],
    ["an older rung", { rung: wire(rung(19)) }, looked(20), undefined],
    ["no rung", {}, looked(20), undefined],
    ["no rung and no log", {}, looked(0), true],
    ["a rung from before the log was emptied", { rung: wire(rung(5)) }, looked(0), undefined],
  ])("of a pull with %s: up to date?", (_name, more, answer, upToDate) => {
    const effects = play(accepting(), opened, frame({ ...hello, want: "pull", ...more }), answer);
    expect((sent(effects)[0] as { upToDate?: true }).upToDate).toBe(upToDate);
    expect(resultOf(effects)?.outcome).toBe(upToDate ? "ok" : undefined);
  });
});

describe("a policy that differs", () => {
  const [theirs, other] = [chainOf(1), chainOf(2)];
  const seen = (judged: { theirs: string | null; own: string | null } | null): SessionEvent => ({
    ...(looked(50, [rung(50)]) as Extract<SessionEvent, { kind: "looked" }>),
    judged,
  });
  test.each([
    ["never judged", null, false],
    ["judged as it is", { theirs, own: null }, true],
    ["judged when it was another", { theirs: other, own: null }, false],
    ["judged when the own was another", { theirs, own: other }, false],
  ])("of the source, %s", (_name, judged, isUpToDate) => {
    const outcome = isUpToDate ? "ok" : undefined;
    const answer = frame({ ...welcome, policy: theirs });
    const pull = play(dialing("pull", peerId), opened, seen(judged), answer);
    expect(short(pull)).toBe(isUpToDate ? "BYE close finish" : "RESUME");
    expect(resultOf(pull)?.outcome).toBe(outcome);
    const push = play(accepting(), opened, frame({ ...hello, policy: theirs }), seen(judged));
    expect(resultOf(push)?.outcome).toBe(outcome);
    const both = { ...hello, want: "both", policy: theirs, rung: wire(rung(50)) };
    expect(resultOf(play(accepting(), opened, frame(both), seen(judged)))).toBeUndefined();
  });
});

describe("who has to get back its own names the epochs that it knows", () => {
  const ownEpochs = [own.epoch, uuidFor("before")];
  const doubtful = { ...NO_DOUBT, recovers: true, ownEpochs };
  const copied = { ...NO_DOUBT, met: [{ epoch: uuidFor("copy"), successor: own.instance }] };
  const many = Array.from({ length: OWN_EPOCHS_MAX + 1 }, (_, at) => uuidFor(`epoch ${at}`));
  const seen = (standing: Standing) => ({ ...looked(0), standing }) as SessionEvent;
  const said = (options: SessionOptions, ...events: SessionEvent[]) =>
    sent(play(options, opened, ...events))[0];

  test("in HELLO, unless they are too many", () => {
    const options = dialing("push", peerId);
    expect(said(options, seen(doubtful))).toMatchObject({ recover: true, epochs: ownEpochs });
    const most = { ...doubtful, ownEpochs: many.slice(1) };
    expect(said(options, seen(most))).toMatchObject({ epochs: many.slice(1) });
    const message = said(options, seen({ ...doubtful, ownEpochs: many }));
    expect(message).toMatchObject({ recover: true });
    expect(message).not.toHaveProperty("epochs");
  });

  test("in WELCOME, where HELLO has the field, too", () => {
    const asking = { ...hello, want: "pull", removals: "known" };
    const told = said(accepting(), frame({ ...asking, epochs: [] }), seen(doubtful));
    expect(told).toMatchObject({ m: "welcome", recover: true, epochs: ownEpochs });
    const old = said(accepting(), frame(asking), seen(doubtful));
    expect(old).toMatchObject({ m: "welcome", recover: true });
    expect(old).not.toHaveProperty("epochs");
    const sure = { ...doubtful, recovers: false };
    const nothing = said(accepting(), frame({ ...asking, epochs: [] }), seen(sure));
    expect(nothing).not.toHaveProperty("epochs");
  });

  test("and a dialer asks for it where a copy of the peer gave an epoch up", () => {
    expect(said(dialing("pull", peerId), seen(copied))).toMatchObject({ epochs: [] });
    const tooMany = { ...copied, recovers: true, ownEpochs: many };
    for (const [direction, standing] of [
      ["pull", NO_DOUBT],
      ["push", copied],
      ["both", copied],
      ["pull", tooMany],
    ] as const) {
      expect(said(dialing(direction, peerId), seen(standing))).not.toHaveProperty("epochs");
    }
  });
});

describe("the handshake fails", () => {
  const twin = { id: own.instance };
  test.each<[string, string, SessionOptions, SessionEvent[]]>([
    [
      "SAME_IDENTITY",
      "refused",
      dialing("pull"),
      [opened, looked(3), frame({ ...welcome, ...twin })],
    ],
    ["SAME_IDENTITY", "refused", accepting(), [opened, frame({ ...hello, ...twin })]],
    ["PEER_CHANGED", "refused", dialing("pull", own.instance), [opened, looked(3), frame(welcome)]],
    ["PROTOCOL_VERSION", "refused", accepting(), [opened, frame({ ...hello, v: [2, 3] })]],
    [
      "PROTOCOL_VERSION",
      "refused",
      dialing("pull"),
      [opened, looked(3), frame({ ...welcome, v: 2 })],
    ],
    [
      "NOT_ALLOWED",
      "refused",
      accepting({ pull: true, push: false }),
      [opened, frame({ ...hello, want: "both" })],
    ],
    ["NOT_ALLOWED", "refused", accepting({ pull: true, push: false }), [opened, frame(hello)]],
    ["PROTOCOL_ERROR", "failed", accepting(), [opened, frame({ m: "ping" })]],
    ["PROTOCOL_ERROR", "failed", accepting(), [opened, { kind: "frame", data: "GET /" }]],
    ["PROTOCOL_ERROR", "failed", accepting(), [opened, batch(0, 1)]],
    ["PROTOCOL_ERROR", "failed", accepting(), [opened, frame(hello), frame(hello)]],
    ["NOT_A_PEER", "failed", dialing("pull"), [opened, looked(3), frame({ m: "ping" })]],
    ["NOT_A_PEER", "failed", dialing("pull"), [opened, looked(3), { kind: "frame", data: "hi" }]],
    ["NOT_A_PEER", "failed", dialing("pull"), [opened, looked(3), batch(0, 1)]],
    ["TIMEOUT", "interrupted", dialing("pull"), [opened, { kind: "timer", timer: "handshake" }]],
    [
      "DISCONNECTED",
      "interrupted",
      dialing("pull"),
      [opened, { kind: "closed", reason: { code: 1006 } }],
    ],
    [
      "FRAME_TOO_LARGE",
      "failed",
      dialing("pull"),
      [opened, { kind: "closed", reason: { code: 1009 } }],
    ],
    ["INTERRUPTED", "interrupted", dialing("pull"), [opened, { kind: "stop" }]],
    [
      "DISK_FULL",
      "failed",
      dialing("pull"),
      [opened, frame({ m: "error", code: "DISK_FULL", message: "x" })],
    ],
    [
      "SYNC_FAILED",
      "failed",
      dialing("pull"),
      [opened, frame({ m: "error", code: "NEW", message: "x" })],
    ],
  ])("with %s (%s)", (code, outcome, options, events) => {
    const result = resultOf(play(options, ...events));
    expect(result?.error?.code).toBe(code);
    expect(result?.outcome).toBe(outcome);
    expect(result?.peer).toBeNull();
  });

  test("naming both ranges of versions, and telling the peer", () => {
    const effects = play(accepting(), opened, frame({ ...hello, v: [2, 3] }));
    expect(short(effects)).toBe("ERROR close finish");
    expect(sent(effects)[0]).toMatchObject({
      code: "PROTOCOL_VERSION",
      message: "the peer shares no protocol version: it speaks versions 2 to 3, this one version 1",
    });
  });
});

describe("time", () => {
  test("the limit for the handshake becomes limits for silence", () => {
    expect(play(dialing("pull"), opened)).toContainEqual({
      kind: "setTimer",
      timer: "handshake",
      ms: HANDSHAKE_MS_MAX,
    });
    const effects = play(dialing("push"), ...pushing);
    expect(effects).toContainEqual({ kind: "cancelTimer", timer: "handshake" });
    expect(effects).toContainEqual({ kind: "setTimer", timer: "ping", ms: PING_EVERY_MS });
    expect(effects).toContainEqual({ kind: "setTimer", timer: "silent", ms: PEER_SILENT_MS_MAX });
  });

  test("PING goes out again and again, is answered, and every frame counts as a sign", () => {
    const ping: SessionEvent = { kind: "timer", timer: "ping" };
    const again = { kind: "setTimer", timer: "ping", ms: PING_EVERY_MS };
    const effects = play(dialing("push"), ...pushing, ping);
    expect(effects).toEqual([{ kind: "send", message: { m: "ping" } }, again]);
    const sign = { kind: "setTimer", timer: "silent", ms: PEER_SILENT_MS_MAX };
    expect(play(dialing("push"), ...pushing, frame({ m: "pong" }))).toEqual([sign]);
    const pong = { kind: "send", message: { m: "pong" } };
    expect(play(dialing("push"), ...pushing, frame({ m: "ping" }))).toEqual([sign, pong]);
  });

  test("a peer that falls silent is gone", () => {
    const effects = play(dialing("push"), ...pushing, { kind: "timer", timer: "silent" });
    expect(resultOf(effects)).toMatchObject({ outcome: "interrupted", error: { code: "TIMEOUT" } });
  });
});
