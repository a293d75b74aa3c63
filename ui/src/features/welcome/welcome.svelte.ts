// The first page's own memory. It outlives the page being drawn anew in another language.
import { appearance } from "$lib/appearance.svelte";
import { jobEnded, core } from "$lib/data.svelte";
import { host } from "$lib/host";
import { attempt } from "$lib/notices";
import { rpc, trouble, type Trouble } from "$lib/rpc";

/** What is under way: the workspace itself, its examples, the bytes of a backup, its restoring. */
export type Step = "making" | "taking" | "sending" | "restoring";

export class Beginning {
  name = $state("");
  step = $state<Step | null>(null);
  /** 0 to 1 of a backup's way to the core. */
  sent = $state(0);
  failed = $state.raw<Trouble | null>(null);
  #stop = new AbortController();

  /** Makes the workspace; the page leaves by itself when it is there. */
  async create(samples: boolean): Promise<void> {
    await this.#go(samples ? "taking" : "making", async () => {
      const name = this.name.trim();
      await rpc("workspace.create", { name: name === "" ? null : name, samples });
      await this.#keepLook();
      this.name = "";
    });
  }

  /** Lets the person choose a backup and makes the workspace from it. */
  async restore(): Promise<void> {
    this.#stop = new AbortController();
    await this.#go("sending", async () => {
      this.sent = 0;
      const [file] = await host().pick("backup", (share) => (this.sent = share), this.#stop.signal);
      if (file === undefined) return;
      this.step = "restoring";
      await rpc("workspace.restore", { file: file.handle });
      appearance.forget();
    });
  }

  /** Stops what is under way. */
  stop(): void {
    this.#stop.abort();
    const job = core.jobs.at(-1);
    if (job === undefined) return;
    void attempt(() => rpc("jobs.cancel", { id: job.id }));
    jobEnded(job.id);
  }

  async #go(step: Step, act: () => Promise<void>): Promise<void> {
    if (this.step !== null) return;
    this.step = step;
    this.failed = null;
    try {
      await act();
    } catch (thrown) {
      const wrong = trouble(thrown);
      // Stopped by the person: that is no failure.
      this.failed = this.#stop.signal.aborted || wrong.code === "cancelled" ? null : wrong;
    }
    this.step = null;
  }

  /** The look belongs to the workspace from here on. Where that fails the workspace's own look counts, and a notice says so. */
  async #keepLook(): Promise<void> {
    const { lang, theme } = appearance;
    const kept = await attempt(async () => {
      if (lang !== null) await rpc("settings.set", { key: "language", value: lang });
      if (theme !== null) await rpc("settings.set", { key: "theme", value: theme });
      return true;
    });
    if (kept === undefined) appearance.forget();
  }
}

/** The one beginning of the page. */
export const beginning = new Beginning();
