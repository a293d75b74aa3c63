// Nothing public by accident, with the real core: a scenario for each slip that a tired person makes.
import type { Page } from "@playwright/test";
import { axe } from "./support/axe.ts";
import type { Pds } from "./support/pds.ts";
import { expect, test, type Studio } from "./support/studio.ts";

const FAR = "2031-03-02T18:00";
const PLAIN = { media: [], variants: {}, zone: null, late: "hold", draft: false, again: false, confirmed: false };
const words = (page: Page) => page.getByRole("textbox", { name: "Texte de la publication" });
const dialog = (page: Page) => page.getByRole("dialog");

/** A channel where a person publishes by hand. */
async function byHand(studio: Studio, name: string): Promise<void> {
  await studio.rpc("accounts.add", { network: "whatsapp", server: null, handle: name, name, fields: {}, by_hand: false });
}
/** A post that is scheduled there, open in the composer. */
async function scheduled(studio: Studio, page: Page, text: string): Promise<string> {
  await studio.begin();
  await byHand(studio, "Chaîne Sahel");
  const { post } = await studio.rpc("posts.compose", { ...PLAIN, text, to: ["whatsapp"], at: FAR });
  await studio.go(`/composer/${post}`);
  await expect(page.getByText(/^Programmée sur 1 compte, /)).toBeVisible();
  return post;
}
/** The words that would go out. */
async function confirmed(studio: Studio, post: string): Promise<string> {
  const [{ post: one }, { revisions }] = await Promise.all([studio.rpc("posts.get", { post }), studio.rpc("posts.history", { post })]);
  return revisions.find((revision) => revision.id === one.current)!.content.text;
}
async function choose(page: Page, name: RegExp): Promise<void> {
  await page.getByRole("button", { name: "Choisir les comptes" }).first().click();
  await page.getByRole("menuitemcheckbox", { name }).click();
  await page.keyboard.press("Escape");
}
async function connect(studio: Studio, pds: Pds, name: string): Promise<{ handle: string; password: string }> {
  const made = await pds.account(name);
  await studio.rpc("accounts.add", { network: "bluesky", server: pds.url, handle: made.handle, name, fields: { password: made.password }, by_hand: false });
  return made;
}

test("half a correction of a scheduled post changes nothing that goes out, until it is confirmed", async ({ studio, page }) => {
  const post = await scheduled(studio, page, "Dimanche à 18 h.");
  await words(page).press("Control+End");
  await words(page).pressSequentially(" Apportez");
  await expect(page.getByText(/^Gardée ici à/)).toBeVisible();
  await expect(page.getByRole("heading", { name: "Correction", level: 1 })).toBeVisible();
  await axe(page, "a correction");
  // Gone elsewhere, reloaded, come back: still a correction, and still not what goes out.
  await studio.go("/queue");
  await page.reload();
  await studio.go(`/composer/${post}`);
  await expect(words(page)).toHaveValue("Dimanche à 18 h. Apportez");
  expect(await confirmed(studio, post)).toBe("Dimanche à 18 h.");
  await words(page).press("Control+End");
  await words(page).pressSequentially(" de l’eau.");
  await words(page).press("Control+Enter");
  await expect(page.getByText("Ce qui est programmé dit maintenant le nouveau texte.")).toBeVisible();
  expect(await confirmed(studio, post)).toBe("Dimanche à 18 h. Apportez de l’eau.");
});

test("a correction can be left, and taking that back brings its words again", async ({ studio, page }) => {
  const post = await scheduled(studio, page, "Dimanche à 18 h.");
  await words(page).press("Control+End");
  await words(page).pressSequentially(" Ou pas");
  await page.getByRole("button", { name: "Abandonner la correction" }).click();
  await expect(words(page)).toHaveValue("Dimanche à 18 h.");
  expect(await confirmed(studio, post)).toBe("Dimanche à 18 h.");
  await page.getByRole("button", { name: "Défaire" }).click();
  await expect(words(page)).toHaveValue("Dimanche à 18 h. Ou pas");
  expect(await confirmed(studio, post)).toBe("Dimanche à 18 h.");
});

test("once it is out the composer says so and where, and corrects nothing behind one’s back", async ({ studio, page }) => {
  const post = await scheduled(studio, page, "Samedi à 9 h.");
  await studio.rpc("posts.move", { post, at: null, zone: null, accounts: null, confirmed: false });
  await expect.poll(async () => (await studio.rpc("posts.get", { post })).places[0]?.state, { timeout: 30_000 }).toBe("assisted");
  const { places } = await studio.rpc("posts.get", { post });
  await studio.rpc("deliveries.confirm", { id: places[0]!.delivery, url: "https://whatsapp.example/sahel/42" });
  await expect(page.getByText("En ligne sur 1 compte.").first()).toBeVisible();
  await expect(page.getByRole("button", { name: /^Ouvrir ce qui est en ligne/ })).toBeVisible();
  await words(page).press("Control+End");
  await words(page).pressSequentially(" Tard");
  await expect(page.getByText(/En ligne avec l’ancien texte/)).toBeVisible();
  await expect(page.getByRole("button", { name: "Remplacer ce qui est programmé" })).toHaveCount(0);
  expect(await confirmed(studio, post)).toBe("Samedi à 9 h.");
});

test("the same post to the same account is asked, with what is there; moving it is the other way", async ({ studio, page }) => {
  studio.allow(/409 \(Conflict\)/);
  const post = await scheduled(studio, page, "Une seule fois.");
  await page.getByRole("button", { name: "Publier ailleurs ou de nouveau…" }).click();
  await page.getByRole("menuitemcheckbox", { name: /Chaîne Sahel/ }).click();
  await page.keyboard.press("Escape");
  await page.getByRole("button", { name: /^(Publier|Programmer) sur 1 compte/ }).click();
  await expect(dialog(page).getByText(/la fera paraître deux fois/)).toBeVisible();
  await axe(page, "publishing again is asked");
  await dialog(page).getByRole("button", { name: "Déplacer…" }).click();
  await dialog(page).getByLabel("Heure", { exact: true }).fill("19:30");
  await dialog(page).getByRole("button", { name: "Déplacer", exact: true }).click();
  await expect(page.getByText("Programmée sur 1 compte", { exact: false }).first()).toContainText("19:30");
  const { places } = await studio.rpc("posts.get", { post });
  expect(places.map((place) => place.wall?.local)).toEqual(["2031-03-02T19:30"]);
});

test("nobody is chosen by itself, also not in an old draft after an account was connected; publishing to several is asked", async ({ studio, page, pds }) => {
  test.setTimeout(120_000);
  studio.allow(/409 \(Conflict\)/);
  await studio.begin();
  await words(page).pressSequentially("Pour qui ?");
  await expect(page.getByText(/^Enregistré à/)).toBeVisible();
  const [left, right] = [await connect(studio, pds, "kayes"), await connect(studio, pds, "segou")];
  await page.reload();
  await expect(words(page)).toHaveValue("Pour qui ?");
  await expect(page.getByText("Aucun compte choisi. Choisissez à qui va cette publication.")).toBeVisible();
  await words(page).press("Control+Enter");
  await expect(page.getByText(/Aucun compte n’est choisi/)).toBeVisible();
  await page.keyboard.press("Escape");

  await choose(page, /kayes/);
  await choose(page, /segou/);
  await page.getByRole("button", { name: /^Publier sur 2 comptes/ }).click();
  await expect(dialog(page).getByText(/Publier maintenant sur 2 comptes/)).toBeVisible();
  await axe(page, "publishing to several is asked");
  await dialog(page).getByRole("button", { name: "Annuler" }).click();
  expect((await studio.rpc("deliveries.list", { state: null, done: null, post: null })).deliveries).toEqual([]);
  await page.getByRole("button", { name: /^Publier sur 2 comptes/ }).click();
  await dialog(page).getByRole("button", { name: "Publier sur 2 comptes" }).click();
  for (const { handle } of [left, right]) await expect.poll(async () => (await pds.posts(handle)).length, { timeout: 60_000 }).toBe(1);
});

test("writing it again takes what was said and chooses nobody new", async ({ studio, page }) => {
  const post = await scheduled(studio, page, "À reprendre.");
  await byHand(studio, "Autre chaîne");
  const { places } = await studio.rpc("posts.get", { post });
  await studio.rpc("deliveries.cancel", { id: places[0]!.delivery });
  const copy = await studio.rpc("deliveries.copy", { id: places[0]!.delivery });
  await studio.go(`/composer/${copy.post.id}`);
  await expect(words(page)).toHaveValue("À reprendre.");
  await expect(page.getByRole("button", { name: /^Programmer sur 1 compte/ })).toBeVisible();
  await expect(page.getByRole("button", { name: /sur 2 comptes/ })).toHaveCount(0);
});
