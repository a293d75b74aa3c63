// The language and the look that were chosen before there is a workspace to keep them in.
import type { Lang } from "../contract/Lang";

export type Theme = "system" | "light" | "dark";

class Appearance {
  lang = $state<Lang | null>(null);
  theme = $state<Theme | null>(null);

  /** From here on the workspace's own settings count. */
  forget(): void {
    this.lang = null;
    this.theme = null;
  }
}

/** What was chosen for now. */
export const appearance = new Appearance();
