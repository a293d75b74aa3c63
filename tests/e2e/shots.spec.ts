// The pictures in docs/screens: each screen full, empty, busy and failed, in two sizes. Made on request (`GRIOT_SHOTS=1`), and
// looked at by whoever makes them.
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Page } from "@playwright/test";
import type { Edit } from "../../ui/src/contract/Edit.ts";
import { fill } from "./support/full.ts";
import { photos, screens } from "./support/places.ts";
import { small } from "./support/png.ts";
import { expect, test } from "./support/studio.ts";

test.setTimeout(120_000);

const SIZES = [{ width: 1280, height: 800 }, { width: 1920, height: 1080 }];
const SCREENS = ["composer", "queue", "library", "accounts", "settings"] as const;
const MOST_BYTES = 200_000;

async function shot(page: Page, name: string, show?: () => Promise<void>): Promise<void> {
  await mkdir(screens, { recursive: true });
  for (const size of SIZES) {
    await page.setViewportSize(size);
    await show?.();
    // Nobody's folder is called like a test's.
    await page.evaluate(() => {
      const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
      while (texts.nextNode()) {
        const node = texts.currentNode;
        if (node.nodeValue?.includes("griot-e2e-")) node.nodeValue = node.nodeValue.replace(/\S*griot-e2e-\S*?\/espace/, "D:\\Griot\\Sahel");
      }
    });
    await page.evaluate(() => document.fonts.ready.then(() => null));
    // Pictures that have just come into sight.
    await page.waitForFunction(() =>
      [...document.images].every((image) => {
        const { top, bottom } = image.getBoundingClientRect();
        return image.complete || bottom < 0 || top > innerHeight;
      }),
    );
    const png = small(await page.screenshot({ animations: "disabled", caret: "hide" }));
    expect(png.length, name).toBeLessThan(MOST_BYTES);
    await writeFile(join(screens, `${name}-${size.width}x${size.height}.png`), png);
  }
}

/** Takes the notices off the picture. */
async function quiet(page: Page): Promise<void> {
  await expect(page.locator("[data-sonner-toast]")).toHaveCount(0, { timeout: 30_000 });
}

test("full", async ({ studio, page }) => {
  await shot(page, "welcome-empty");
  const draft = await fill(studio);
  for (const screen of SCREENS) {
    await studio.go(screen === "composer" ? draft : `/${screen}`);
    await quiet(page);
    await shot(page, `${screen}-full`);
  }
  await studio.look("fr", "dark");
  for (const screen of ["composer", "queue"]) {
    await studio.go(screen === "composer" ? draft : `/${screen}`);
    await shot(page, `${screen}-full-dark`);
  }
});

test("panel", async ({ studio, page }) => {
  const draft = await fill(studio);
  const { assets } = await studio.rpc("library.list", { limit: 50, offset: 0, search: null, kind: "video", only: null });
  const open = async (n: number) => {
    await page.locator(`[data-tile="${n}"]`).focus();
    await page.keyboard.press("e");
    await expect(page.getByRole("dialog").locator(".loading")).toHaveCount(0);
  };
  await studio.go(draft);
  await quiet(page);
  await open(0);
  await shot(page, "panel-picture");
  const network = page.getByRole("dialog").getByRole("tab").nth(1);
  await network.click();
  await shot(page, "panel-network");
  await page.keyboard.press("Escape");
  const film = assets[0]!.id;
  const media = [{ asset: film, alt: "Une pirogue", edit: {} as Edit }];
  const { post } = await studio.rpc("posts.save", { post: null, content: { text: "Le fleuve, ce matin.", media, variants: {} }, typing: false, stamp: null });
  await studio.go(`/composer/${post.id}`);
  await open(0);
  await expect(page.getByRole("dialog").getByRole("img", { name: "Couverture du film" })).toBeVisible();
  // The player and the cover show something only when they hold a frame.
  await page.waitForFunction(() => (document.querySelector("video")?.readyState ?? 0) >= HTMLMediaElement.HAVE_CURRENT_DATA);
  await expect(page.getByRole("dialog").locator(".busy")).toHaveCount(0);
  await shot(page, "panel-film");
  await page.keyboard.press("Escape");
  await studio.look("en", "dark");
  await studio.go(draft);
  await open(0);
  await shot(page, "panel-picture-dark");
});

test("empty", async ({ studio, page }) => {
  await studio.begin();
  for (const screen of SCREENS) {
    await studio.go(`/${screen}`);
    await shot(page, `${screen}-empty`);
  }
});

test("busy", async ({ studio, page }) => {
  const draft = await fill(studio);
  // Answers that do not come, so that the picture is of the waiting.
  const hold = (name: string) => page.route(`**/rpc/${name}`, () => new Promise<void>(() => undefined));
  const bring = async () => {
    const [chooser] = await Promise.all([page.waitForEvent("filechooser"), page.keyboard.press("Control+o")]);
    await chooser.setFiles(photos);
  };
  await hold("library.import");
  for (const screen of ["composer", "library"]) {
    await studio.go(screen === "composer" ? draft : `/${screen}`);
    if (screen === "composer") await bring();
    await shot(page, `${screen}-busy`);
  }
  await hold("accounts.add");
  await studio.go("/accounts");
  await page.getByRole("button", { name: "Connecter un compte" }).first().click();
  await page.getByRole("button", { name: /^Bluesky/ }).click();
  await page.getByLabel("Identifiant").fill("sahel.bsky.social");
  await page.getByLabel("Mot de passe d’application").fill("abcd-efgh-ijkl-mnop");
  await page.getByRole("button", { name: "Connecter", exact: true }).click();
  await shot(page, "accounts-busy");
  await page.keyboard.press("Escape");
  await hold("workspace.backup");
  await studio.go("/settings");
  await page.getByRole("button", { name: "Faire une sauvegarde" }).click();
  await shot(page, "settings-busy", () => page.getByRole("progressbar").scrollIntoViewIfNeeded());
  await studio.rpc("settings.set", { key: "outbox.paused", value: true });
  await hold("deliveries.cancel");
  await studio.go("/queue");
  await shot(page, "queue-busy");
});

test("failed", async ({ studio, page }) => {
  await studio.begin();
  studio.allow(/status of 500/);
  await page.route(/\/rpc\/(?!studio\.status)/, (route) =>
    route.fulfill({
      status: 500,
      json: { code: "environment", message: "Le disque n’a pas répondu.", hint: "Vérifiez qu’il est branché, puis réessayez." },
    }),
  );
  await page.reload();
  for (const screen of SCREENS) {
    await studio.go(`/${screen}`);
    await expect(page.getByText("Le disque n’a pas répondu.").first()).toBeVisible();
    await quiet(page);
    await shot(page, `${screen}-failed`);
  }
});
