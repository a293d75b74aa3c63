// Changing a picture and a film of a post, with the real core: what is seen is what the core made of it, and it is still there
// after a reload.
import type { Page } from "@playwright/test";
import { axe } from "./support/axe.ts";
import { film, photos } from "./support/places.ts";
import { expect, test, type Studio } from "./support/studio.ts";

const panel = (page: Page) => page.getByRole("dialog");
const tile = (page: Page, n: number) => page.locator(`[data-tile="${n}"]`);
/** The address of what the composer's preview shows first. */
const previewed = (page: Page) => page.getByRole("region", { name: "Aperçu" }).locator("figure img").last().getAttribute("src");

async function desk(studio: Studio, page: Page, files: string[]): Promise<void> {
  await studio.begin();
  await studio.rpc("accounts.add", { network: "whatsapp", server: null, handle: "Chaîne Sahel", name: "Chaîne WhatsApp", fields: {} });
  await studio.go("/composer/new");
  await page.getByRole("button", { name: "Choisir les comptes" }).first().click();
  await page.getByRole("menuitemcheckbox").first().click();
  await page.keyboard.press("Escape");
  const [chooser] = await Promise.all([page.waitForEvent("filechooser"), page.keyboard.press("Control+o")]);
  await chooser.setFiles(files);
  await expect(tile(page, files.length - 1)).toBeVisible({ timeout: 60_000 });
  await expect(page.getByText(/^Enregistré à/)).toBeVisible();
}

async function edit(page: Page, n: number): Promise<void> {
  await tile(page, n).focus();
  await page.keyboard.press("e");
  await expect(panel(page).getByRole("tab", { name: /^(Image|Film)$/ })).toBeFocused();
}

/** The core's picture beside the whole one; it has come, and the address is another than before. */
async function drawn(page: Page, before: string | null): Promise<string> {
  const picture = panel(page).getByRole("img", { name: /^Rendu/ });
  await expect.poll(() => picture.getAttribute("src"), { timeout: 30_000 }).not.toBe(before);
  expect(await picture.evaluate((image: HTMLImageElement) => image.naturalWidth)).toBeGreaterThan(0);
  return (await picture.getAttribute("src")) ?? "";
}

test("a picture: turned, on a blurred ground, written upon, cut by keys; a reload keeps it", async ({ studio, page }) => {
  test.setTimeout(120_000);
  await desk(studio, page, photos.slice(0, 1));
  const untouched = await previewed(page);
  await edit(page, 0);
  await axe(page, "the panel of a picture");
  let look = await drawn(page, null);
  await panel(page).getByRole("button", { name: "Vers la droite" }).click();
  look = await drawn(page, look);

  await panel(page).getByRole("button", { name: "Ajouter un texte" }).click();
  await page.keyboard.type("Kayes, 22 novembre");
  await panel(page).getByRole("tab", { name: "WhatsApp" }).click();
  look = await drawn(page, look);
  await panel(page).getByRole("radio", { name: "Entière sur fond flou" }).check();
  look = await drawn(page, look);
  await panel(page).getByRole("radio", { name: "Un cadre à moi" }).check();
  await panel(page).getByRole("slider", { name: "Coin en bas à droite" }).focus();
  await page.keyboard.press("Shift+ArrowLeft");
  await page.keyboard.press("Shift+ArrowUp");
  await drawn(page, look);
  await axe(page, "the panel of a picture on a network");
  await page.keyboard.press("Escape");
  await expect(tile(page, 0)).toBeFocused();

  await expect.poll(() => previewed(page)).toMatch(/\/look\/[0-9a-f]{32}$/);
  const shown = await previewed(page);
  expect(shown).not.toBe(untouched);
  await expect.poll(async () => (await studio.rpc("posts.list", {})).posts[0]?.content.media[0]?.edit).toMatchObject({
    turn: 1,
    overlays: [{ kind: "text", text: "Kayes, 22 novembre" }],
    frames: { whatsapp: { fit: "blur", crop: { left: 0, top: 0, width: 9000, height: 9000 } } },
  });

  await page.reload();
  await expect(tile(page, 0)).toHaveAccessibleName(/retouché/, { timeout: 30_000 });
  await expect.poll(() => previewed(page)).toBe(shown);
  await edit(page, 0);
  await panel(page).getByRole("button", { name: "Tout remettre comme à l’origine" }).click();
  await panel(page).getByRole("button", { name: "Terminé" }).click();
  await expect.poll(() => previewed(page)).toBe(untouched);
});

test("a film: cut by keys and without its sound; a reload keeps it", async ({ studio, page }) => {
  test.setTimeout(120_000);
  await desk(studio, page, [film]);
  await edit(page, 0);
  await expect(panel(page).getByRole("img", { name: "Couverture du film" })).toBeVisible({ timeout: 30_000 });
  await axe(page, "the panel of a film");
  await panel(page).getByRole("slider", { name: "Début" }).focus();
  for (let n = 0; n < 5; n += 1) await page.keyboard.press("ArrowRight");
  await panel(page).getByRole("checkbox", { name: "Sans le son" }).check();
  await panel(page).getByRole("button", { name: "Terminé" }).click();
  await expect(tile(page, 0)).toBeFocused();
  const kept = () => studio.rpc("posts.list", {}).then(({ posts }) => posts[0]?.content.media[0]?.edit);
  await expect.poll(kept).toMatchObject({ mute: true, trim: { from_ms: 500 } });

  await page.reload();
  await expect(tile(page, 0)).toHaveAccessibleName(/retouché/, { timeout: 30_000 });
  await edit(page, 0);
  await expect(panel(page).getByRole("checkbox", { name: "Sans le son" })).toBeChecked();
  await expect(panel(page).getByRole("slider", { name: "Début" })).toHaveAttribute("aria-valuetext", "0:00,5");
});
