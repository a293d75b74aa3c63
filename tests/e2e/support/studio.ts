// One studio for each test: an empty folder, a real core on it, a page that was let in. What a page must never do fails the
// test by itself: asking anything of another origin, throwing, complaining to the console.
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test as base, type BrowserContext, type Page } from "@playwright/test";
import type { Commands } from "../../../ui/src/contract/commands.ts";
import { Core } from "./core.ts";
import { Pds } from "./pds.ts";
import { pdsModules } from "./places.ts";

type Name = keyof Commands;

export class Studio {
  /** Origins that the page may ask. */
  readonly #ours = new Set<string>();
  /** What the console may say in this test, because the test makes it happen. */
  readonly #allowed: RegExp[] = [];
  readonly #wrong: string[] = [];
  readonly #others: Core[] = [];

  constructor(
    readonly core: Core,
    readonly page: Page,
    readonly logs: string,
  ) {}

  /** Watches what the pages of a context do. */
  watch(context: BrowserContext): void {
    context.on("request", (request) => {
      const url = new URL(request.url());
      if (["data:", "blob:", "about:"].includes(url.protocol) || this.#ours.has(url.origin)) return;
      this.#wrong.push(`asked ${request.method()} ${request.url()}`);
    });
    context.on("console", (message) => {
      if (["error", "warning"].includes(message.type())) this.#say(`console: ${message.text()} ${message.location().url}`);
    });
    context.on("weberror", (error) => this.#say(`page: ${error.error().stack ?? error.error().message}`));
  }

  #say(what: string): void {
    if (!this.#allowed.some((allowed) => allowed.test(what))) this.#wrong.push(what);
  }

  /** This test makes the page complain in this way. */
  allow(what: RegExp): void {
    this.#allowed.push(what);
  }

  /** Starts the core and opens its page. */
  async open(): Promise<void> {
    await this.core.start();
    this.#ours.add(this.core.origin);
    await this.page.goto(this.core.url);
    // Let in, and told how the studio stands.
    await this.page.getByLabel("Nom de l’espace").or(this.page.getByRole("navigation", { name: "Écrans" })).waitFor();
  }

  /** Another core on the same workspace, with a page of its own. */
  async another(context: BrowserContext, name: string): Promise<{ core: Core; page: Page }> {
    return this.#join(context, new Core(this.core.dir, this.logs, name));
  }

  async #join(context: BrowserContext, core: Core): Promise<{ core: Core; page: Page }> {
    await core.start();
    this.#others.push(core);
    this.#ours.add(core.origin);
    const page = await context.newPage();
    await page.goto(core.url);
    return { core, page };
  }

  /** A core on an empty folder of its own, with its page. */
  async elsewhere(context: BrowserContext): Promise<{ core: Core; page: Page }> {
    return this.#join(context, new Core(join(this.core.dir, "ailleurs"), this.logs, "elsewhere"));
  }

  /** Runs a command as the page would. */
  async rpc<N extends Name>(name: N, request: Commands[N]["request"], core = this.core): Promise<Commands[N]["answer"]> {
    const answer = await this.page.request.post(`${core.origin}/rpc/${name}`, { data: request, headers: { origin: core.origin } });
    const said: unknown = await answer.json();
    if (!answer.ok()) throw Object.assign(new Error(`${name}: ${JSON.stringify(said)}`), said);
    return said as Commands[N]["answer"];
  }

  /** A workspace without asking the page for it; the page goes there by itself. */
  async begin(samples = false): Promise<void> {
    await this.rpc("workspace.create", { name: "Sahel Énergie", samples });
    await this.rpc("settings.set", { key: "zone", value: "Africa/Bamako" });
    // The page went to its desk before the examples were there: it begins anew, as a person would find it.
    await this.page.reload();
    await expect(this.page.getByRole("navigation", { name: "Écrans" })).toBeVisible({ timeout: 60_000 });
  }

  /** Another language and look, as the settings keep them. */
  async look(lang: "fr" | "en", theme: "light" | "dark"): Promise<void> {
    await this.rpc("settings.set", { key: "language", value: lang });
    await this.rpc("settings.set", { key: "theme", value: theme });
    await expect(this.page.locator(`html[lang=${lang}][data-theme=${theme}]`)).toBeAttached();
  }

  /** Goes to a screen, and waits until what it reads is there. */
  async go(path: string): Promise<void> {
    await this.page.evaluate((hash) => (location.hash = hash), path);
    await this.page.locator("main h1").waitFor();
    await expect(this.page.locator("main .loading")).toHaveCount(0, { timeout: 30_000 });
  }

  async end(): Promise<void> {
    // All of them before any core stops: a page that asks one which is gone would be a finding.
    for (const page of this.page.context().pages()) await page.close();
    for (const core of [this.core, ...this.#others]) await core.stop();
    expect(this.#wrong, "what the page must never do").toEqual([]);
  }
}

export const test = base.extend<{ studio: Studio }, { pds: Pds }>({
  studio: [async ({ page, context }, use, info) => {
    const dir = await mkdtemp(join(tmpdir(), "griot-e2e-"));
    const studio = new Studio(new Core(dir, info.outputDir), page, info.outputDir);
    studio.watch(context);
    try {
      await studio.open();
      await use(studio);
    } finally {
      try {
        await studio.end();
      } finally {
        await rm(dir, { recursive: true, force: true });
      }
    }
  }, { auto: true }],
  pds: [
    async ({}, use) => {
      const modules = pdsModules();
      if (modules === null) throw new Error("the Bluesky server is not there: cargo xtask servers");
      const pds = await Pds.start(modules);
      await use(pds);
      await pds.stop();
    },
    { scope: "worker", timeout: 60_000 },
  ],
});

export { expect };
