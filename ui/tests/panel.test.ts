// The arithmetic of the panel: what a press makes of a change, where things are on a turned picture, moments of a film, and which
// picture is shown while others are on their way.
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import type { Edit } from "../src/contract/Edit";
import type { Look } from "../src/contract/Look";
import { complete, drawn, framingOf, mirrored, sameEdit, spread, tidy, turned, UNCHANGED, withFraming } from "../src/lib/media/edit/edits";
import { firstCrop, LEAST, lock, movedCrop, originalAt, pulled, seenAt, uprightPart, WHOLE } from "../src/lib/media/edit/geometry";
import { Looking, REST_MS } from "../src/lib/media/edit/look.svelte";
import { cut, decoded, kept, read, SHORTEST_MS, stepped, written } from "../src/lib/media/edit/moments";
import { FakeHost, refusal } from "./fake-host";

const edit = (part: Partial<Edit>): Edit => ({ ...UNCHANGED, ...part });
const crop = (left: number, top: number, width: number, height: number) => ({ left, top, width, height });

describe("changes", () => {
  test("what was taken back leaves nothing behind", () => {
    expect(tidy(UNCHANGED)).toBeUndefined();
    expect(tidy(withFraming(UNCHANGED, "x", { fit: null }))).toBeUndefined();
    expect(tidy(edit({ mute: true }))).toEqual(edit({ mute: true }));
    expect(complete(undefined)).toEqual(UNCHANGED);
    expect(sameEdit(edit({ frames: { x: { crop: null, fit: "blur", focus: null, preset: null } } }), withFraming(UNCHANGED, "x", { fit: "blur" }))).toBe(true);
  });

  test("four turns and two mirrors are none, whichever came first", () => {
    const start = withFraming(edit({ straighten: 250 }), "x", { crop: crop(1000, 2000, 3000, 4000) });
    let round = start;
    for (let n = 0; n < 4; n += 1) round = turned(round, true);
    expect(round).toEqual(start);
    expect(mirrored(mirrored(start))).toEqual(start);
    expect(turned(turned(mirrored(start), true), false)).toEqual(mirrored(start));
  });

  test("what is seen turns the way that was pressed, in a mirror too", () => {
    expect(turned(UNCHANGED, true).turn).toBe(1);
    expect(turned(UNCHANGED, false).turn).toBe(3);
    // Mirroring comes after the turn: a quarter back, seen in the mirror, is a quarter on.
    expect(turned(edit({ flip: true }), true).turn).toBe(3);
    expect(mirrored(edit({ straighten: 250 }))).toMatchObject({ flip: true, straighten: -250 });
    expect(Object.is(mirrored(UNCHANGED).straighten, 0)).toBe(true);
  });

  test("a crop stays on what it kept", () => {
    const start = withFraming(UNCHANGED, "x", { crop: crop(1000, 2000, 3000, 4000) });
    expect(framingOf(turned(start, true), "x").crop).toEqual(crop(4000, 1000, 4000, 3000));
    expect(framingOf(turned(start, false), "x").crop).toEqual(crop(2000, 6000, 4000, 3000));
    expect(framingOf(mirrored(start), "x").crop).toEqual(crop(6000, 2000, 3000, 4000));
  });

  test("one network's way goes to the others, its preset does not", () => {
    const start = withFraming(withFraming(UNCHANGED, "x", { preset: "card", fit: "blur" }), "facebook", { preset: "story" });
    const all = spread(start, "x", ["x", "facebook", "bluesky"], framingOf(start, "x"));
    expect(framingOf(all, "facebook")).toMatchObject({ preset: "story", fit: "blur" });
    expect(framingOf(all, "bluesky")).toMatchObject({ preset: null, fit: "blur" });
    expect(framingOf(all, "x").preset).toBe("card");
  });

  test("a text that says nothing is not drawn", () => {
    const text = (words: string) => ({ kind: "text" as const, text: words, place: "top" as const, size: 8, tone: "light" as const, plate: true });
    expect(drawn(edit({ overlays: [text(" "), text("Kayes")] })).overlays).toEqual([text("Kayes")]);
  });
});

describe("places on a picture", () => {
  const original = { width: 1600, height: 1200 };

  test("a point is found again on a picture that was turned, mirrored and straightened", () => {
    for (const turn of [0, 1, 2, 3]) {
      for (const flip of [false, true]) {
        for (const straighten of [0, 730, -2000]) {
          const there = { turn, flip, straighten };
          const seen = seenAt({ x: 0.4, y: 0.55 }, original, there);
          expect(originalAt(seen, original, there), JSON.stringify(there)).toEqual({ x: 0.4, y: 0.55 });
        }
      }
    }
    // The top left corner, turned clockwise, is at the top right.
    expect(seenAt({ x: 0, y: 0 }, original, { turn: 1, flip: false, straighten: 0 })).toEqual({ x: 1, y: 0 });
  });

  test("straightening leaves the largest part of the same shape", () => {
    expect(uprightPart({ width: 400, height: 200 }, 0)).toBe(1);
    expect(uprightPart({ width: 400, height: 200 }, -1000)).toBeCloseTo(0.755, 2);
  });

  test("a first crop has the frame's shape and keeps the point", () => {
    // 4:5 out of 4:3: three fifths of the width.
    const ratio = lock({ width: 1080, height: 1350 }, original);
    expect(ratio).toBeCloseTo(0.6);
    expect(firstCrop(ratio, { x: 0.9, y: 0.5 })).toEqual(crop(4000, 0, 6000, WHOLE));
    expect(firstCrop(ratio, { x: 0.5, y: 0.5 })).toEqual(crop(2000, 0, 6000, WHOLE));
    expect(firstCrop(null, { x: 0.9, y: 0.5 })).toEqual(crop(0, 0, WHOLE, WHOLE));
  });

  test("a crop never leaves the picture, nor becomes nothing", () => {
    expect(movedCrop(crop(4000, 0, 6000, 5000), 3000, -900)).toEqual(crop(4000, 0, 6000, 5000));
    expect(pulled(crop(2000, 2000, 4000, 4000), "se", { x: 99_999, y: 99_999 }, null)).toEqual(crop(2000, 2000, 8000, 8000));
    expect(pulled(crop(2000, 2000, 4000, 4000), "nw", { x: 9000, y: 9000 }, null)).toEqual(crop(5500, 5500, LEAST, LEAST));
  });

  test("a corner that is pulled keeps the ratio and the corner across from it", () => {
    expect(pulled(crop(2000, 2000, 3000, 5000), "se", { x: 8000, y: 7000 }, 0.6)).toEqual(crop(2000, 2000, 4800, 8000));
    const smaller = pulled(crop(4000, 0, 6000, WHOLE), "nw", { x: 7000, y: 5000 }, 0.6);
    expect(smaller).toEqual(crop(7000, 5000, 3000, 5000));
  });
});

describe("moments of a film", () => {
  test("are written and read with tenths", () => {
    expect(written(62_449, ",")).toBe("1:02,4");
    expect(written(59_960, ".")).toBe("1:00.0");
    expect(read("1:02,4")).toBe(62_400);
    expect(read(" 62.45 ")).toBe(62_450);
    expect(read("1:00:05")).toBe(3_605_000);
    for (const bad of ["", "une minute", "1:", "-3", "1:2:3:4"]) expect(read(bad), bad).toBeNull();
  });

  test("a part stays within the film and never becomes shorter than the shortest; the whole is no part", () => {
    expect(cut(null, 45_000, "from", 5_040)).toEqual({ from_ms: 5_000, to_ms: 45_000 });
    expect(cut({ from_ms: 5_000, to_ms: 45_000 }, 45_000, "from", -800)).toBeNull();
    expect(cut({ from_ms: 5_000, to_ms: 9_000 }, 45_000, "to", 1_000)).toEqual({ from_ms: 5_000, to_ms: 5_000 + SHORTEST_MS });
    expect(cut({ from_ms: 5_000, to_ms: 9_000 }, 45_037, "to", 45_030)).toEqual({ from_ms: 5_000, to_ms: 45_037 });
    expect(kept({ from_ms: 0, to_ms: 90_000 }, 45_000)).toEqual({ from_ms: 0, to_ms: 45_000 });
  });

  test("arrow keys go by a tenth, with Shift by a second", () => {
    expect(stepped("ArrowRight", false, 1_000, 45_000)).toBe(1_100);
    expect(stepped("ArrowLeft", true, 1_000, 45_000)).toBe(0);
    expect(stepped("End", false, 1_000, 45_000)).toBe(45_000);
    expect(stepped("a", false, 1_000, 45_000)).toBeNull();
  });

  test("subtitles are read whatever they were written with", () => {
    expect(decoded(new TextEncoder().encode("Bonjour à Kayes"))).toBe("Bonjour à Kayes");
    expect(decoded(new Uint8Array([0xe0, 0x20, 0x4b]))).toBe("à K");
    expect(decoded(new Uint8Array([0xff, 0xfe, 0xe0, 0x00]))).toBe("à");
  });
});

describe("looks", () => {
  const look = (name: string): Look => ({ name, width: 4, height: 3, kind: "image", fit: "inside", preset: null, safe: [0, 0] });
  const request = (turn: number) => ({ asset: "m", account: null, edit: edit({ turn }), side: 100 });
  const there = () => Promise.resolve(null);

  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  function core(answer: (turn: number) => Look | Promise<Look>): FakeHost {
    const host = new FakeHost({ "media.look": ({ edit: { turn } }) => answer(turn) });
    host.lookUrl = (name) => `/look/${name}`;
    return host;
  }

  test("the first is asked at once, what follows when the hand rests, and nothing twice", async () => {
    const host = core((turn) => look(`t${turn}`));
    const looks = new Looking(there);
    looks.want(request(0));
    await vi.advanceTimersByTimeAsync(0);
    expect(looks.shown?.url).toBe("/look/t0");
    looks.want(request(0));
    looks.want(request(1));
    looks.want(request(2));
    expect(looks.busy).toBe(true);
    await vi.advanceTimersByTimeAsync(REST_MS - 1);
    expect(looks.shown?.url).toBe("/look/t0");
    await vi.advanceTimersByTimeAsync(1);
    expect(looks.shown?.url).toBe("/look/t2");
    expect(looks.busy).toBe(false);
    expect(host.requests("media.look").map(({ edit: { turn } }) => turn)).toEqual([0, 2]);
  });

  test("an answer that is late is not shown, and the newest is", async () => {
    const slow: ((answer: Look) => void)[] = [];
    core((turn) => (turn === 1 ? new Promise((resolve) => slow.push(resolve)) : look(`t${turn}`)));
    const looks = new Looking(there);
    looks.want(request(0));
    await vi.advanceTimersByTimeAsync(0);
    looks.want(request(1));
    await vi.advanceTimersByTimeAsync(REST_MS);
    looks.want(request(3));
    await vi.advanceTimersByTimeAsync(REST_MS);
    expect(looks.shown?.url).toBe("/look/t0");
    slow[0]?.(look("late"));
    await vi.advanceTimersByTimeAsync(0);
    expect(looks.shown?.url).toBe("/look/t3");
  });

  test("what cannot be shown says why, keeps the old picture, and can be asked again", async () => {
    let down = false;
    core((turn) => {
      if (down) throw refusal("not_found", "L’original n’est plus là.");
      return look(`t${turn}`);
    });
    let wrong = true;
    const looks = new Looking((url) => Promise.resolve(wrong && url.endsWith("t1") ? { code: "ffmpeg_missing", message: "ffmpeg manque.", hint: "" } : null));
    looks.want(request(0));
    await vi.advanceTimersByTimeAsync(0);
    looks.want(request(1));
    await vi.advanceTimersByTimeAsync(REST_MS);
    expect(looks.failed?.message).toBe("ffmpeg manque.");
    expect(looks.shown?.url).toBe("/look/t0");
    wrong = false;
    looks.again();
    await vi.advanceTimersByTimeAsync(0);
    expect(looks.failed).toBeUndefined();
    expect(looks.shown?.url).toBe("/look/t1");
    down = true;
    looks.want(request(2));
    await vi.advanceTimersByTimeAsync(REST_MS);
    expect(looks.failed?.message).toBe("L’original n’est plus là.");
  });
});
