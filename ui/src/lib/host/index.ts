// Chooses the host the page runs in. Everything else asks `host()`.
import { browserHost, enter } from "./browser";
import type { Host } from "./types";
import { windowHost } from "./window";

export { reads } from "./pieces";
export { FileLost, HostError, type Host, type Link, type Sent } from "./types";

let current: Host | undefined;

/** The host; `start` or a test has chosen it. */
export function host(): Host {
  if (current === undefined) throw new Error("BUG: the page asks before a host was chosen");
  return current;
}

/** Lets a test bring its own. */
export function use(chosen: Host): void {
  current = chosen;
}

/** Chooses by what is around the page. */
export async function start(): Promise<void> {
  if ("__TAURI_INTERNALS__" in window) {
    use(windowHost());
    return;
  }
  await enter();
  use(browserHost());
}
