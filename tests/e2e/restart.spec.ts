// The core goes away under the page, and comes back.
import { axe } from "./support/axe.ts";
import { expect, test } from "./support/studio.ts";

test("a core that is started again finds its page, and everything that was typed meanwhile", async ({ studio, page }) => {
  studio.allow(/net::ERR/);
  await studio.begin();
  const words = page.getByRole("textbox", { name: "Texte de la publication" });
  await words.pressSequentially("Avant la coupure. ");
  await expect(page.getByText(/^Enregistré à/)).toBeVisible();

  await studio.core.kill();
  await expect(page.getByRole("status").getByText("Griot ne répond plus.")).toBeVisible();
  await words.pressSequentially("Pendant la coupure. ");
  await expect(page.getByText("Pas encore enregistré : Griot ne répond plus".replace(" :", "\u00a0:")).first()).toBeVisible();
  await axe(page, "the core is away");

  await studio.core.start();
  await expect(page.getByText("Griot ne répond plus.")).toHaveCount(0, { timeout: 20_000 });
  await words.pressSequentially("Après.");
  const { posts } = await studio.rpc("posts.list", {});
  expect(posts).toHaveLength(1);
  await expect
    .poll(async () => (await studio.rpc("posts.get", { post: posts[0]!.post.id })).content.text)
    .toBe("Avant la coupure. Pendant la coupure. Après.");
  await expect(page.getByText(/^Enregistré à/)).toBeVisible();
});

test("a page that is reloaded while the core is away offers the words it kept", async ({ studio, page }) => {
  studio.allow(/net::ERR/);
  await studio.begin();
  const words = page.getByRole("textbox", { name: "Texte de la publication" });
  await words.pressSequentially("Premier état. ");
  await expect(page.getByText(/^Enregistré à/)).toBeVisible();
  await studio.core.kill();
  await expect(page.getByRole("status").getByText("Griot ne répond plus.")).toBeVisible();
  await words.pressSequentially("Écrit pendant la coupure.");
  await expect(page.getByText(/^Pas encore enregistré/).first()).toBeVisible();
  await page.close();

  await studio.core.start();
  const again = await page.context().newPage();
  await again.goto(studio.core.origin);
  await expect(again.getByText(/Des mots écrits pendant une coupure ont été gardés/)).toBeVisible();
  await again.getByRole("button", { name: "Reprendre" }).click();
  await expect(again.getByRole("textbox", { name: "Texte de la publication" })).toHaveValue("Premier état. Écrit pendant la coupure.");
});
