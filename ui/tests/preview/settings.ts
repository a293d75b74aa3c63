import type { Answers } from "../fake-host";

const ZONES = ["Africa/Abidjan", "Africa/Bamako", "Africa/Dakar", "America/Argentina/Buenos_Aires", "Asia/Kolkata", "Europe/Paris"];

export function answers(state: string): Answers {
  const kept: Record<string, unknown> = { zone: "Africa/Bamako" };
  if (state === "busy") kept["outbox.paused"] = true;
  return {
    "settings.get": () => ({ settings: { ...kept } }),
    "settings.set": ({ key, value }) => {
      kept[key] = value;
      return { settings: { ...kept } };
    },
    "schedule.zones": () => ({ zones: ZONES, current: "Africa/Bamako" }),
    "doctor.run": () => ({
      checks: [
        { name: "database", ok: true, detail: "D:\\Griot\\Sahel/griot.db est saine (version 7)." },
        { name: "ffmpeg", ok: true, detail: "ffmpeg 7.1" },
        { name: "keychain", ok: state !== "busy", detail: "Pas de trousseau\u00a0: gardez les secrets dans un fichier, sous une phrase de passe." },
        { name: "fonts", ok: true, detail: "/usr/share/fonts" },
        { name: "clock", ok: true, detail: "2026-11-22T14:07:32Z (Africa/Bamako)" },
        { name: "disk", ok: true, detail: "61\u00a0204\u00a0Mo libres." },
      ],
    }),
    "workspace.backup": ({ file }) => (state === "busy" ? new Promise(() => undefined) : { file, bytes: 61_200_000 }),
    "journal.export": () => ({ entries: 214, head: "8b1a".repeat(16), ok: true }),
    "journal.verify": () => ({ entries: 214, head: "8b1a".repeat(16), ok: false, problem: "L’événement 12 ne suit pas du précédent." }),
  };
}
