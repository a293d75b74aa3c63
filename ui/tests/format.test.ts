import { expect, test } from "vitest";
import { bytes, clock, daysAway, duration, length } from "../src/lib/format";

test("bytes are said in the page's language", () => {
  expect(bytes(6_800_000)).toBe("6,8\u00a0Mo");
  expect(bytes(999)).toBe("999\u00a0o");
});

test("a time is shown in the zone of the workspace, not of the machine", () => {
  expect(clock("2026-11-29T18:00:00Z", "Africa/Bamako")).toBe("18:00");
  expect(clock("2026-11-29T18:00:00Z", "Asia/Kolkata")).toBe("23:30");
});

test("days away are counted in that zone", () => {
  const now = Date.parse("2026-11-22T23:30:00Z");
  expect(daysAway("2026-11-23T00:30:00Z", "Africa/Bamako", now)).toBe(1);
  expect(daysAway("2026-11-23T00:30:00Z", "Europe/Paris", now)).toBe(0);
});

test("durations and lengths are short", () => {
  expect(duration(3 * 3_600_000 + 12 * 60_000)).toBe("3\u00a0h\u00a012");
  expect(length(45_000)).toBe("0:45");
});
