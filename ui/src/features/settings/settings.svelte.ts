// The settings as the screen shows them: what the core last said, and each change as one step that can be taken back.
import { createContext } from "svelte";
import type { Settings } from "$contract/Settings";
import { watch } from "$lib/data.svelte";
import { attempt, said } from "$lib/notices";
import { rpc } from "$lib/rpc";

export type Key = "language" | "theme" | "workspace.name" | "zone" | "outbox.paused" | "publish.ask" | "line.metered" | "ffmpeg.path" | "media.keep_credit" | "x.month_cap";

export class SettingsState {
  readonly read = watch("settings.get", () => ({}), ["settings"]);
  /** The answer to a change, until a newer reading is there. */
  #answer = $state.raw<{ over: Settings | undefined; settings: Settings } | null>(null);

  get loaded(): boolean {
    return this.read.value !== undefined;
  }

  /** What is set; nothing where Griot does what it would do by itself. */
  get(key: Key): unknown {
    const now = this.#answer !== null && this.#answer.over === this.read.value ? this.#answer.settings : this.read.value;
    return now?.settings[key] ?? undefined;
  }

  /** The text of a setting; empty when it is not set. */
  text(key: Key): string {
    const value = this.get(key);
    return typeof value === "string" ? value : "";
  }

  /** Changes a setting. Where words are given they are said, with the way back. */
  async set(key: Key, value: unknown, words?: () => string): Promise<boolean> {
    const before = this.get(key) ?? null;
    const over = this.read.value;
    const settings = await attempt(() => rpc("settings.set", { key, value }));
    if (settings === undefined) return false;
    this.#answer = { over, settings };
    // Not the last action of all, which may be another's by then: this one.
    if (words) said(words(), () => void this.set(key, before));
    return true;
  }
}

export const [getSettings, setSettings] = createContext<SettingsState>();
