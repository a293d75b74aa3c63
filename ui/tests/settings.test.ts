import { expect, test } from "vitest";
import { fileName } from "../src/features/settings/names";
import { status } from "./samples";

test("a backup is named after the workspace and the day in its zone", () => {
  const now = Date.parse("2026-11-22T23:30:00Z");
  expect(fileName(status, "", "griot", now)).toBe("griot-sahel-energie-2026-11-22.griot");
  expect(fileName({ ...status, zone: "Asia/Kolkata" }, "", "griot", now)).toBe("griot-sahel-energie-2026-11-23.griot");
});

test("a name that no file can have gives a name that every file can", () => {
  const named = (name: string) => fileName({ ...status, workspace: { name, folder: "" } }, "journal", "json", 0);
  expect(named("../../etc: <Ko̱ra>?")).toBe("griot-etc-kora-journal-1970-01-01.json");
  expect(named("ߒߞߏ")).toBe("griot-ߒߞߏ-journal-1970-01-01.json");
  expect(named("")).toBe("griot-journal-1970-01-01.json");
});
