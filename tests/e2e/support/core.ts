// The real core: `griot serve` on a folder of its own.
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { Child } from "./child.ts";
import { griot } from "./places.ts";

interface Opened {
  url: string;
  port: number;
}

export class Core {
  #child: Child | null = null;
  #opened: Opened | null = null;
  readonly workspace: string;
  readonly log: string;

  /** `dir` holds everything; `logs` what is kept of a failure. Two cores on one `dir` share the workspace. */
  constructor(
    readonly dir: string,
    logs: string,
    readonly name = "core",
  ) {
    this.workspace = join(dir, "espace");
    mkdirSync(logs, { recursive: true });
    mkdirSync(join(dir, "home"), { recursive: true });
    this.log = join(logs, `${name}.log`);
  }

  /** The address that works once. */
  get url(): string {
    if (this.#opened === null) throw new Error("the core was not started");
    return this.#opened.url;
  }

  get origin(): string {
    return new URL(this.url).origin;
  }

  /** Starts it: on a free port, or again on the port it had. */
  async start(): Promise<void> {
    const port = this.#opened?.port ?? 0;
    const env: Record<string, string> = {
      PATH: process.env.PATH ?? "",
      HOME: join(this.dir, "home"),
      LC_ALL: "fr_FR.UTF-8",
      TZ: "Africa/Bamako",
      RUST_LOG: "info",
      GRIOT_WORKSPACE: this.workspace,
      GRIOT_APP_DIR: join(this.dir, "app"),
      GRIOT_PASSPHRASE: "quatre mots bien choisis",
    };
    const args = ["serve", "--json", "--port", String(port), "--secrets", `file:${join(this.dir, "secrets.age")}`];
    this.#child = new Child({ program: griot, args, env, log: this.log }, (line) => line.startsWith("{"));
    this.#opened = JSON.parse(await this.#child.said) as Opened;
  }

  async kill(): Promise<void> {
    await this.#child?.kill();
  }

  async stop(): Promise<void> {
    await this.#child?.stop();
  }
}
