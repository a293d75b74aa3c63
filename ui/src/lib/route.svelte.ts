// Which screen is shown: the part of the address after `#`, so that both hosts serve one page and Back works.
export type Screen = "composer" | "queue" | "library" | "accounts" | "settings";

const SCREENS: readonly Screen[] = ["composer", "queue", "library", "accounts", "settings"];

class Route {
  /** `/composer/<post>` and the like. */
  path = $state("/composer");

  /** The screen. */
  get screen(): Screen {
    const first = this.path.split("/")[1];
    return SCREENS.find((screen) => screen === first) ?? "composer";
  }

  /** What stands behind the screen's name; empty when nothing does. */
  get rest(): string {
    return decodeURIComponent(this.path.split("/")[2] ?? "");
  }
}

/** The present route. */
export const route = new Route();

/** Follows the address; returns its own end. */
export function follow(): () => void {
  const read = () => {
    const path = location.hash.replace(/^#/, "");
    route.path = path === "" || path === "/" ? "/composer" : path;
  };
  read();
  addEventListener("hashchange", read);
  return () => removeEventListener("hashchange", read);
}

/** Goes to a screen. */
export function go(path: string): void {
  location.hash = path;
}

/** Changes the address without a step in the history (a new post got its id). */
export function rename(path: string): void {
  history.replaceState(null, "", `#${path}`);
  route.path = path;
}
