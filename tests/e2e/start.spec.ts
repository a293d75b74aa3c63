// The first minute: nothing is there yet.
import { axe } from "./support/axe.ts";
import { expect, test } from "./support/studio.ts";

test("the first page makes an empty workspace under the name that was typed", async ({ studio, page }) => {
  await expect(page.getByRole("heading", { level: 1, name: "Bienvenue dans Griot" })).toBeVisible();
  await expect(page.getByText(studio.core.workspace)).toBeVisible();
  await axe(page, "first page");
  await page.getByLabel("Nom de l’espace").fill("Kayes Lumière");
  await page.getByRole("button", { name: "Commencer" }).click();
  await expect(page.getByRole("navigation", { name: "Écrans" })).toBeVisible();
  await expect(page.getByText("Kayes Lumière")).toBeVisible();
  await expect(page.getByRole("textbox", { name: "Texte de la publication" })).toBeFocused();
  expect((await studio.rpc("posts.list", {})).posts).toEqual([]);
});

test("with examples there are pictures, a film and two drafts, and the composer holds the last one", async ({ studio, page }) => {
  await page.getByRole("button", { name: "Essayer avec des exemples" }).click();
  await expect(page.getByRole("textbox", { name: "Texte de la publication" })).not.toHaveValue("", { timeout: 60_000 });
  const { assets } = await studio.rpc("library.list", { limit: null, offset: 0, search: null, kind: null, only: null });
  expect(assets.map((asset) => asset.facts.kind).sort()).toContain("video");
  expect((await studio.rpc("posts.list", {})).posts).toHaveLength(2);
});

test("the language and the look of the first page become the workspace’s", async ({ studio, page }) => {
  await page.getByRole("radio", { name: "English" }).check();
  await expect(page.getByRole("heading", { level: 1, name: "Welcome to Griot" })).toBeVisible();
  await expect(page.getByRole("radio", { name: "English" })).toBeFocused();
  await page.getByRole("radio", { name: "Dark" }).check();
  await expect(page.locator("html[data-theme=dark]")).toBeAttached();
  await axe(page, "first page, English, dark");
  await page.getByRole("button", { name: "Begin", exact: true }).click();
  await expect(page.getByRole("navigation", { name: "Screens" })).toBeVisible();
  await expect.poll(async () => (await studio.rpc("studio.status", {})).theme).toBe("dark");
  expect((await studio.rpc("studio.status", {})).lang).toBe("en");
});

test("a backup is taken, and another studio begins with it", async ({ studio, page }) => {
  await studio.begin(true);
  await studio.go("/settings");
  const [download] = await Promise.all([page.waitForEvent("download"), page.getByRole("button", { name: "Faire une sauvegarde" }).click()]);
  await expect(page.getByText(/Sauvegarde écrite\s: griot-sahel-energie-/)).toBeVisible();
  const file = test.info().outputPath("sahel.griot");
  await download.saveAs(file);
  const other = await studio.elsewhere(page.context());
  const [chooser] = await Promise.all([other.page.waitForEvent("filechooser"), other.page.getByRole("button", { name: "Reprendre une sauvegarde" }).click()]);
  await chooser.setFiles(file);
  await expect(other.page.getByText("Sahel Énergie")).toBeVisible({ timeout: 60_000 });
  expect((await studio.rpc("posts.list", {}, other.core)).posts).toHaveLength(2);
});
