// Names that files are proposed under.
import type { Status } from "$contract/Status";

/** `griot-sahel-energie-2026-11-22.griot` */
export function fileName(status: Status | undefined, part: string, ending: string, now = Date.now()): string {
  const name = (status?.workspace?.name ?? "")
    .normalize("NFD")
    .replace(/\p{M}/gu, "")
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]+/gu, "-")
    .replace(/^-|-$/g, "")
    .slice(0, 60);
  // Swedish days are written as the standard wants them.
  const day = new Intl.DateTimeFormat("sv", { timeZone: status?.zone ?? "UTC", dateStyle: "short" }).format(now);
  return `${["griot", name, part, day].filter((word) => word !== "").join("-")}.${ending}`;
}
