// A real Bluesky server on loopback, and what a person does there: an account, an app password. Proof is read from it.
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Child } from "./child.ts";
import { root } from "./places.ts";

export interface Published {
  uri: string;
  value: {
    text: string;
    embed?: { $type: string; images?: { alt: string; image: { size: number } }[]; video?: { size: number; mimeType: string } };
  };
}

export class Pds {
  #child: Child | null = null;
  #made = 0;
  url = "";

  constructor(readonly dir: string) {}

  static async start(modules: string): Promise<Pds> {
    const pds = new Pds(await mkdtemp(join(tmpdir(), "griot-pds-")));
    const scripts = join(root, "tests/servers/pds");
    const env = {
      PATH: process.env.PATH ?? "",
      HOME: pds.dir,
      NODE_PATH: modules,
      NODE_ENV: "production",
      LOG_ENABLED: "false",
      PDS_DIR: pds.dir,
    };
    const args = ["--require", join(scripts, "loopback.cjs"), join(scripts, "start.cjs")];
    pds.#child = new Child({ program: process.execPath, args, env, log: join(pds.dir, "pds.log") }, (line) => line.startsWith("READY "));
    pds.url = (await pds.#child.said).split(" ")[1] ?? "";
    return pds;
  }

  /** A new account, and an app password for it. */
  async account(name: string): Promise<{ handle: string; password: string }> {
    this.#made += 1;
    const handle = `${name}${this.#made}.test`;
    const made = await this.#post("createAccount", { handle, email: `${handle}@example.test`, password: "dis-moi un conte" });
    const given = await this.#post("createAppPassword", { name: "griot" }, String(made.accessJwt));
    return { handle, password: String(given.password) };
  }

  /** What stands there, newest first. */
  async posts(handle: string): Promise<Published[]> {
    const answer = await fetch(`${this.url}/xrpc/com.atproto.repo.listRecords?repo=${handle}&collection=app.bsky.feed.post`);
    return ((await answer.json()) as { records: Published[] }).records;
  }

  async #post(method: string, body: object, token?: string): Promise<Record<string, unknown>> {
    const answer = await fetch(`${this.url}/xrpc/com.atproto.server.${method}`, {
      method: "POST",
      headers: { "content-type": "application/json", ...(token && { authorization: `Bearer ${token}` }) },
      body: JSON.stringify(body),
    });
    if (!answer.ok) throw new Error(`${method}: ${await answer.text()}`);
    return (await answer.json()) as Record<string, unknown>;
  }

  async stop(): Promise<void> {
    await this.#child?.stop();
    await rm(this.dir, { recursive: true, force: true });
  }
}
