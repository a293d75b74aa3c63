// Who is not let in reads a sentence, and nothing else. (What the server says to programs is tested beside the server.)
import { axe } from "./support/axe.ts";
import { expect, test } from "./support/studio.ts";

const SENTENCE = "Cette page n’est plus reliée à Griot.";

test.beforeEach(({ studio }) => studio.allow(/status of 40[13]/));

test("an address that was used already opens nothing", async ({ studio, browser }) => {
  const context = await browser.newContext();
  studio.watch(context);
  const page = await context.newPage();
  await page.goto(studio.core.url);
  await expect(page.getByText(SENTENCE).first()).toBeVisible();
  await expect(page.getByText("Ouvrez l’adresse que Griot affiche dans son terminal")).toBeVisible();
  expect(new URL(page.url()).hash).not.toContain("token");
  await axe(page, "address used already");
  await context.close();
});

test("a page without an address that Griot gave opens nothing", async ({ studio, browser }) => {
  const context = await browser.newContext();
  studio.watch(context);
  const page = await context.newPage();
  for (const path of ["/", "/#token=none", "/#/queue"]) {
    await page.goto("about:blank");
    await page.goto(studio.core.origin + path);
    await expect(page.getByText(SENTENCE).first()).toBeVisible();
  }
  await context.close();
});

test("the page that was let in stays in after a reload, and its address holds no secret", async ({ studio, page }) => {
  await studio.begin();
  expect(page.url()).not.toContain("token");
  await page.reload();
  await expect(page.getByRole("navigation", { name: "Écrans" })).toBeVisible();
});

test("a session that ended keeps what is typed on the page", async ({ studio, page }) => {
  await studio.begin();
  await page.context().clearCookies();
  const words = page.getByRole("textbox", { name: "Texte de la publication" });
  await words.pressSequentially("Ces mots restent.");
  await expect(page.getByText(/cette page n’est plus reliée/i).first()).toBeVisible();
  await expect(words).toHaveValue("Ces mots restent.");
});
