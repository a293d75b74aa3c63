// Too much at once, and files that are gone: a sentence, and nothing typed is lost.
import { open, rm } from "node:fs/promises";
import { expect, test } from "./support/studio.ts";

test("a paste of two hundred pictures arrives whole, and the words stay", async ({ studio, page }) => {
  test.setTimeout(240_000);
  await studio.begin();
  const words = page.getByRole("textbox", { name: "Texte de la publication" });
  await words.pressSequentially("Deux cents photos.");
  await words.evaluate(async (field) => {
    const data = new DataTransfer();
    for (let n = 0; n < 200; n += 1) {
      const canvas = new OffscreenCanvas(64, 48);
      const ink = canvas.getContext("2d");
      if (ink === null) throw new Error("no canvas");
      ink.fillStyle = `hsl(${n * 1.8} 60% 50%)`;
      ink.fillRect(0, 0, 64, 48);
      ink.fillStyle = "#fff";
      ink.fillRect(n % 60, n % 40, 3, 3);
      data.items.add(new File([await canvas.convertToBlob()], `photo-${n}.png`, { type: "image/png" }));
    }
    field.dispatchEvent(new ClipboardEvent("paste", { clipboardData: data, bubbles: true, cancelable: true }));
  });
  await expect(page.getByRole("button", { name: "Tout montrer (200)" })).toBeVisible({ timeout: 180_000 });
  await expect(words).toHaveValue("Deux cents photos.");
  await page.getByRole("button", { name: "Tout montrer (200)" }).click();
  await expect(page.locator("[data-tile]")).toHaveCount(200);
  await words.pressSequentially(" On écrit encore.");
  await expect
    .poll(async () => {
      const { posts } = await studio.rpc("posts.list", {});
      const { content } = await studio.rpc("posts.get", { post: posts[0]!.post.id });
      return [posts.length, content.media.length, content.text];
    })
    .toEqual([1, 200, "Deux cents photos. On écrit encore."]);
});

test("a text of sixty thousand characters is kept whole, and one can go on writing", async ({ studio, page }) => {
  await studio.begin();
  const words = page.getByRole("textbox", { name: "Texte de la publication" });
  const long = "Le fleuve monte, la lampe veille. ".repeat(2000).slice(0, 60_000);
  await words.click();
  await page.keyboard.insertText(long);
  await expect(words).toHaveValue(long);
  const began = Date.now();
  await page.keyboard.type("Fin.", { delay: 0 });
  await expect(words).toHaveValue(`${long}Fin.`);
  expect(Date.now() - began, "four letters after sixty thousand").toBeLessThan(4_000);
  await expect(async () => {
    const { posts } = await studio.rpc("posts.list", {});
    expect((await studio.rpc("posts.get", { post: posts[0]!.post.id })).content.text).toBe(`${long}Fin.`);
  }).toPass();
});

test("a file that vanishes on its way is named, and the words stay", async ({ studio, page }) => {
  studio.allow(/net::ERR/);
  await studio.begin();
  const words = page.getByRole("textbox", { name: "Texte de la publication" });
  await words.pressSequentially("Avec un film.");
  // Larger than one piece: the file goes while the first piece is on its way.
  const path = test.info().outputPath("pirogue-longue.mp4");
  const file = await open(path, "w");
  await file.truncate(24_000_000);
  await file.close();
  let gone = false;
  await page.route(/\/media\/import/, async (route) => {
    if (!gone) await rm(path);
    gone = true;
    await route.continue();
  });
  const [chooser] = await Promise.all([page.waitForEvent("filechooser"), page.getByRole("button", { name: "Déposer, coller ou parcourir" }).click()]);
  await chooser.setFiles(path);
  await expect(page.getByText(/pirogue-longue\.mp4.*le fichier ne se lit plus/)).toBeVisible({ timeout: 30_000 });
  await expect(words).toHaveValue("Avec un film.");
  await expect(page.locator("[data-tile]")).toHaveCount(0);
});
