// Two windows on one workspace, each with a core of its own.
import { axe } from "./support/axe.ts";
import { expect, test } from "./support/studio.ts";

test.beforeEach(({ studio }) => studio.allow(/net::ERR|409 \(Conflict\)/));

test("what one window writes appears in the other", async ({ studio, page, browser }) => {
  await studio.begin();
  await page.getByRole("textbox", { name: "Texte de la publication" }).pressSequentially("Écrit à gauche.");
  await expect(page.getByText(/^Enregistré à/)).toBeVisible();
  const context = await browser.newContext({ locale: "fr-FR" });
  studio.watch(context);
  const { page: other } = await studio.another(context, "second");
  const words = other.getByRole("textbox", { name: "Texte de la publication" });
  await expect(words).toHaveValue("Écrit à gauche.");
  await page.getByRole("textbox", { name: "Texte de la publication" }).pressSequentially(" Et encore.");
  await expect(words).toHaveValue("Écrit à gauche. Et encore.");
  await words.click();
  await words.press("Control+End");
  await words.pressSequentially(" Puis à droite.");
  await expect(page.getByRole("textbox", { name: "Texte de la publication" })).toHaveValue("Écrit à gauche. Et encore. Puis à droite.");
  await expect(other.getByText(/par un autre Griot/)).toBeVisible();
  await context.close();
});

test("two windows that wrote at once lose nothing: the page says so and keeps both", async ({ studio, page, context: left, browser }) => {
  await studio.begin();
  const words = page.getByRole("textbox", { name: "Texte de la publication" });
  await words.pressSequentially("Commun.");
  await expect(page.getByText(/^Enregistré à/)).toBeVisible();
  const right = await browser.newContext({ locale: "fr-FR" });
  studio.watch(right);
  const { page: other } = await studio.another(right, "second");
  const others = other.getByRole("textbox", { name: "Texte de la publication" });
  await expect(others).toHaveValue("Commun.");

  await left.setOffline(true);
  await words.pressSequentially(" À gauche.");
  await expect(page.getByText(/^Pas encore enregistré/).first()).toBeVisible();
  await others.click();
  await others.press("Control+End");
  await others.pressSequentially(" À droite.");
  await expect(other.getByText(/^Enregistré à/)).toBeVisible();
  await left.setOffline(false);
  await expect(page.getByText("Une autre fenêtre a écrit dans cette publication.")).toBeVisible({ timeout: 20_000 });
  await expect(words).toHaveValue("Commun. À gauche.");
  await axe(page, "two windows wrote");
  await page.getByRole("button", { name: "Garder les deux" }).click();
  await expect(page.getByText("Une autre fenêtre a écrit dans cette publication.")).toHaveCount(0);
  await expect(async () => {
    const { posts } = await studio.rpc("posts.list", {});
    const texts = await Promise.all(posts.map(async ({ post }) => (await studio.rpc("posts.get", { post: post.id })).content.text));
    expect(texts.sort()).toEqual(["Commun. À droite.", "Commun. À gauche."]);
  }).toPass({ timeout: 20_000 });
  await right.close();
});
