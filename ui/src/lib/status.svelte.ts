// How the studio stands, read once for the whole page.
import { createContext } from "svelte";
import type { Status } from "../contract/Status";
import { watch, type Watched } from "./data.svelte";

const ALL = ["library", "posts", "accounts", "outbox", "settings"] as const;

export const [getStatus, setStatus] = createContext<Watched<Status>>();

/** For the root of the page. */
export function watchStatus(): Watched<Status> {
  return watch("studio.status", () => ({}), ALL);
}
