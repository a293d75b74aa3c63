// From an empty workspace to posts that are live, against a real Bluesky server: two photos, and a film. Proof is read there.
import type { Page } from "@playwright/test";
import type { Pds } from "./support/pds.ts";
import { film, photos } from "./support/places.ts";
import { expect, test } from "./support/studio.ts";

const TEXT = "À Kayes, 40 foyers ont la lumière depuis ce matin.";
const FILM_TEXT = "Et le film.";

async function proof(pds: Pds, handle: string): Promise<void> {
  const posts = await pds.posts(handle);
  const byText = (text: string) => posts.find((post) => post.value.text === text)?.value;
  expect(posts).toHaveLength(2);
  expect(byText(TEXT)?.embed?.images).toHaveLength(2);
  expect(byText(TEXT)?.embed?.images?.every(({ image }) => image.size > 0 && image.size <= 2_000_000)).toBe(true);
  expect(byText(FILM_TEXT)?.embed?.video?.mimeType).toBe("video/mp4");
}

const words = (page: Page) => page.getByRole("textbox", { name: "Texte de la publication" });
const verdicts = (page: Page) => page.getByRole("region", { name: "Ce qu’en disent les réseaux" });
const tiles = (page: Page) => page.locator("[data-tile]");
/** Nobody is chosen until a person chooses. */
async function toBluesky(page: Page): Promise<void> {
  await page.getByRole("button", { name: "Choisir les comptes" }).first().click();
  await page.getByRole("menuitemcheckbox").first().click();
  await page.keyboard.press("Escape");
}
const live = (page: Page, text: string) => page.locator("li[data-line]", { hasText: text }).getByText("En ligne", { exact: true });

test("with the mouse: connect, write, add two photos and a film, publish, and see it live", async ({ studio, page, pds }) => {
  test.setTimeout(150_000);
  // The core asks first.
  studio.allow(/409 \(Conflict\)/);
  const { handle, password } = await pds.account("awa");
  await page.getByLabel("Nom de l’espace").fill("Sahel Énergie");
  await page.getByRole("button", { name: "Commencer" }).click();

  await page.getByRole("link", { name: "Comptes", exact: true }).click();
  await page.getByRole("button", { name: "Connecter un compte" }).first().click();
  await page.getByRole("button", { name: /^Bluesky/ }).click();
  await page.getByLabel("Serveur").fill(pds.url);
  await page.getByLabel("Identifiant").fill(handle);
  await page.getByLabel("Mot de passe d’application").fill(password);
  await page.getByRole("button", { name: "Connecter", exact: true }).click();
  await page.getByRole("button", { name: "Composer une publication" }).click({ timeout: 30_000 });

  await words(page).fill(TEXT);
  await toBluesky(page);
  const [chooser] = await Promise.all([page.waitForEvent("filechooser"), page.getByRole("button", { name: "Déposer, coller ou parcourir" }).click()]);
  await chooser.setFiles([...photos, film]);
  await expect(tiles(page)).toHaveCount(3, { timeout: 60_000 });
  // Bluesky takes photos or a film: one press keeps the photos there, and the film gets a post of its own.
  await verdicts(page).getByRole("button", { name: /Garder les (deux )?photos|Garder les images/ }).click();
  await expect(verdicts(page).getByRole("img", { name: "Erreur" })).toHaveCount(0);
  await page.getByRole("radio", { name: "Maintenant" }).check();
  await page.getByRole("button", { name: /^Publier sur 1 compte/ }).click();
  // This account has never published from here: it is asked once.
  const asked = page.getByRole("dialog");
  await expect(asked.getByText(/Publier maintenant sur/)).toBeVisible();
  await asked.getByRole("button", { name: "Publier sur 1 compte" }).click();
  await expect(page.getByText(/Publication en route vers 1 compte/)).toBeVisible({ timeout: 30_000 });

  // The last choice stands for the next one.
  await expect(words(page)).toHaveValue("");
  await words(page).fill(FILM_TEXT);
  await page.getByRole("button", { name: "Depuis la médiathèque" }).click();
  await page.getByRole("dialog").getByRole("button", { name: /pirogue/ }).click();
  await page.getByRole("button", { name: /^Ajouter 1 média/ }).click();
  await expect(tiles(page)).toHaveCount(1);
  await page.getByRole("radio", { name: "Maintenant" }).check();
  await page.getByRole("button", { name: /^Publier sur 1 compte/ }).click();

  await page.getByRole("link", { name: /^File d’attente/ }).click();
  await expect(live(page, TEXT)).toBeVisible({ timeout: 60_000 });
  await expect(live(page, FILM_TEXT)).toBeVisible({ timeout: 120_000 });
  await proof(pds, handle);
  expect((await studio.rpc("studio.status", {})).sent_today).toBeGreaterThan(0);
});

/** Only keys from here on. Presses Tab until what has the focus is called like this. */
async function tabTo(page: Page, name: RegExp, key = "Tab"): Promise<void> {
  for (let n = 0; n < 60; n += 1) {
    const named = await page.evaluate(() => {
      const at = document.activeElement;
      if (at === document.body) return "";
      const labels = at instanceof HTMLInputElement ? [...(at.labels ?? [])].map((label) => label.textContent) : [];
      return [at?.getAttribute("aria-label"), ...labels, at?.textContent].filter(Boolean).join(" | ").replace(/\s+/g, " ").trim();
    });
    if (name.test(named)) return;
    await page.keyboard.press(key);
  }
  throw new Error(`Tab never came to ${name}`);
}

/** By its name in the palette, as everything that can be done stands there. */
async function command(page: Page, name: string): Promise<void> {
  await page.keyboard.press("Control+k");
  await expect(page.getByPlaceholder("Que voulez-vous faire")).toBeFocused();
  await page.keyboard.type(name);
  await expect(page.getByRole("option", { name }).first()).toHaveAttribute("aria-selected", "true");
  await page.keyboard.press("Enter");
}

async function addFiles(page: Page, files: string[]): Promise<void> {
  const [chooser] = await Promise.all([page.waitForEvent("filechooser"), page.keyboard.press("Control+o")]);
  await chooser.setFiles(files);
}

async function publishNow(page: Page): Promise<void> {
  await tabTo(page, /^Maintenant$|Maintenant/);
  if (!(await page.getByRole("radio", { name: "Maintenant" }).isChecked())) await page.keyboard.press("Space");
  await page.keyboard.press("Control+Enter");
}

test("by keyboard alone: the same", async ({ studio, page, pds }) => {
  test.setTimeout(150_000);
  studio.allow(/409 \(Conflict\)/);
  const { handle, password } = await pds.account("moussa");
  await page.getByLabel("Nom de l’espace").waitFor();
  await tabTo(page, /Nom de l’espace/);
  await page.keyboard.type("Sahel Énergie");
  await page.keyboard.press("Enter");
  await expect(words(page)).toBeFocused();

  await page.keyboard.press("Control+4");
  await tabTo(page, /^Connecter un compte/);
  await page.keyboard.press("Enter");
  await expect(page.getByRole("dialog")).toBeVisible();
  await tabTo(page, /Bluesky/);
  await page.keyboard.press("Enter");
  await tabTo(page, /^Serveur/, "Shift+Tab");
  await page.keyboard.press("Control+a");
  await page.keyboard.type(pds.url);
  await tabTo(page, /^Identifiant/);
  await page.keyboard.type(handle);
  await tabTo(page, /^Mot de passe d’application/);
  await page.keyboard.type(password);
  await page.keyboard.press("Enter");
  await expect(page.getByLabel("Nom dans Griot")).toBeFocused({ timeout: 30_000 });
  await page.keyboard.press("Enter");

  await expect(words(page)).toBeFocused();
  await page.keyboard.type(TEXT);
  await command(page, "Choisir les comptes");
  await expect(page.getByRole("menuitemcheckbox").first()).toBeFocused();
  await page.keyboard.press("Space");
  await page.keyboard.press("Escape");
  await addFiles(page, [...photos, film]);
  await expect(tiles(page)).toHaveCount(3, { timeout: 60_000 });
  await tabTo(page, /^Garder les/);
  await page.keyboard.press("Enter");
  await expect(verdicts(page).getByRole("img", { name: "Erreur" })).toHaveCount(0);
  await publishNow(page);
  await tabTo(page, /^Publier sur 1 compte/);
  await page.keyboard.press("Enter");
  await expect(page.getByText(/Publication en route vers 1 compte/)).toBeVisible({ timeout: 30_000 });

  await expect(words(page)).toHaveValue("");
  await expect(words(page)).toBeFocused();
  await page.keyboard.type(FILM_TEXT);
  await command(page, "Choisir dans la médiathèque");
  await expect(page.getByRole("dialog")).toBeVisible();
  await tabTo(page, /pirogue/);
  await page.keyboard.press("Space");
  await tabTo(page, /^Ajouter 1 média/);
  await page.keyboard.press("Enter");
  await expect(tiles(page)).toHaveCount(1);
  await publishNow(page);

  await page.keyboard.press("Control+2");
  await expect(live(page, TEXT)).toBeVisible({ timeout: 60_000 });
  await expect(live(page, FILM_TEXT)).toBeVisible({ timeout: 120_000 });
  await proof(pds, handle);
});
