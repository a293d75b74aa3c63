// Programs that a test starts. They are stopped by their own number, with all they started.
import { spawn, type ChildProcess } from "node:child_process";
import { createWriteStream } from "node:fs";
import { createInterface } from "node:readline";

export interface Start {
  program: string;
  args: readonly string[];
  env: Record<string, string>;
  /** Where what it says on standard error is kept. */
  log: string;
}

export class Child {
  readonly #child: ChildProcess;
  readonly #ended: Promise<void>;
  /** The first line on standard output that answers `wanted`. */
  readonly said: Promise<string>;

  constructor({ program, args, env, log }: Start, wanted: (line: string) => boolean) {
    this.#child = spawn(program, args, { env, detached: true, stdio: ["pipe", "pipe", "pipe"] });
    const kept = createWriteStream(log, { flags: "a" });
    this.#child.stderr?.pipe(kept);
    this.#ended = new Promise((end) => {
      this.#child.once("exit", () => end());
      this.#child.once("error", () => end());
    });
    this.said = new Promise((resolve, reject) => {
      if (this.#child.stdout === null) return reject(new Error("no standard output"));
      // Read to the end: a program that writes to a full pipe stands still.
      createInterface({ input: this.#child.stdout }).on("line", (line) => wanted(line) && resolve(line));
      void this.#ended.then(() => reject(new Error(`${program} ended before it was ready: ${log}`)));
    });
    // Whoever waits for it hears of it; whoever stopped it before need not.
    this.said.catch(() => undefined);
  }

  /** Ends it at once, as a power cut would. */
  async kill(): Promise<void> {
    this.#signal("SIGKILL");
    await this.#ended;
  }

  /** Asks it to end, and waits until it has. */
  async stop(): Promise<void> {
    this.#signal("SIGTERM");
    const late = setTimeout(() => this.#signal("SIGKILL"), 10_000);
    await this.#ended;
    clearTimeout(late);
  }

  #signal(signal: NodeJS.Signals): void {
    const { pid, exitCode, signalCode } = this.#child;
    if (pid === undefined || exitCode !== null || signalCode !== null) return;
    process.kill(-pid, signal);
  }
}
