// Every screen and dialog, in both looks and both languages, full, empty and failed: axe finds nothing.
import type { Page } from "@playwright/test";
import { axe } from "./support/axe.ts";
import { fill } from "./support/full.ts";
import { expect, test } from "./support/studio.ts";

const SCREENS = ["composer", "queue", "library", "accounts", "settings"] as const;
const LOOKS = [["fr", "light"], ["fr", "dark"], ["en", "light"], ["en", "dark"]] as const;

/** Dialogs of the full studio: where, and what opens them, in French and English. */
const DIALOGS: readonly { screen: (typeof SCREENS)[number]; what: string; open: (page: Page) => Promise<void> }[] = [
  { screen: "composer", what: "palette", open: (page) => page.keyboard.press("Control+k") },
  { screen: "composer", what: "drafts", open: (page) => page.keyboard.press("Control+Alt+b") },
  { screen: "composer", what: "history", open: (page) => page.keyboard.press("Control+Alt+h") },
  { screen: "composer", what: "library picker", open: (page) => page.keyboard.press("Control+Shift+o") },
  { screen: "composer", what: "details of a medium", open: (page) => page.locator("[data-tile='0']").click() },
  {
    screen: "composer",
    what: "panel of a medium",
    async open(page) {
      await page.locator("[data-tile='0']").focus();
      await page.keyboard.press("e");
    },
  },
  { screen: "queue", what: "details of a delivery", open: (page) => page.locator("li[data-line] button.title").first().click() },
  { screen: "queue", what: "by hand", open: (page) => page.getByRole("button", { name: /^(Commencer|Begin|Start)$/ }).first().click() },
  { screen: "library", what: "details of an asset", open: (page) => page.locator("main ul li button").first().click() },
  { screen: "accounts", what: "networks to connect", open: (page) => page.getByRole("button", { name: /^(Connecter un compte|Connect an account)$/ }).first().click() },
  {
    screen: "accounts",
    what: "what Bluesky asks for",
    async open(page) {
      await page.getByRole("button", { name: /^(Connecter un compte|Connect an account)$/ }).first().click();
      await page.getByRole("button", { name: /^Bluesky/ }).click();
    },
  },
  {
    screen: "accounts",
    what: "what Mastodon asks for",
    async open(page) {
      await page.getByRole("button", { name: /^(Connecter un compte|Connect an account)$/ }).first().click();
      await page.getByRole("button", { name: /^Mastodon/ }).click();
    },
  },
];

for (const [lang, theme] of LOOKS) {
  test(`full: every screen and dialog, ${lang}, ${theme}`, async ({ studio, page }) => {
    test.setTimeout(300_000);
    await fill(studio);
    await studio.look(lang, theme);
    for (const screen of SCREENS) {
      await studio.go(`/${screen}`);
      await axe(page, `${screen}, ${lang}, ${theme}`);
    }
    for (const { screen, what, open } of DIALOGS) {
      await studio.go(`/${screen}`);
      await open(page);
      await expect(page.getByRole("dialog")).toBeVisible();
      await expect(page.getByRole("dialog").locator(".loading")).toHaveCount(0);
      await axe(page, `${what}, ${lang}, ${theme}`);
      await page.keyboard.press("Escape");
      await expect(page.getByRole("dialog")).toHaveCount(0);
    }
  });

  test(`empty and failed: every screen, ${lang}, ${theme}`, async ({ studio, page }) => {
    test.setTimeout(300_000);
    await studio.begin();
    await studio.look(lang, theme);
    for (const screen of SCREENS) {
      await studio.go(`/${screen}`);
      await axe(page, `${screen} empty, ${lang}, ${theme}`);
    }
    // What the machine refuses cannot be made to order: the answer to every reading but the status is replaced.
    studio.allow(/status of 500/);
    await page.route(/\/rpc\/(?!studio\.status|settings\.set)/, (route) =>
      route.fulfill({ status: 500, json: { code: "environment", message: "Le disque n’a pas répondu.", hint: "" } }),
    );
    await page.reload();
    for (const screen of SCREENS) {
      await studio.go(`/${screen}`);
      await expect(page.getByText("Le disque n’a pas répondu.").first()).toBeVisible();
      await axe(page, `${screen} failed, ${lang}, ${theme}`);
    }
  });
}
