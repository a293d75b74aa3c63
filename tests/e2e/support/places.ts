// Where things are.
import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";

export const root = join(import.meta.dirname, "../../..");
export const target = process.env.CARGO_TARGET_DIR ?? join(root, "target");
export const griot = process.env.GRIOT_BIN ?? join(target, "debug", process.platform === "win32" ? "griot.exe" : "griot");
export const samples = join(root, "assets/samples");
export const screens = join(root, "docs/screens");

/** Two photos and a film of the project. */
export const photos = [join(samples, "dunes.jpg"), join(samples, "river-turned-gps.jpg")];
export const film = join(samples, "pirogue.mp4");

/** The Bluesky server's packages; nothing where they were not fetched. */
export function pdsModules(): string | null {
  const modules = join(target, "servers/pds/node_modules");
  return existsSync(modules) && readdirSync(modules).length > 0 ? modules : null;
}
