// Power goes while a person types: what was typed until half a second before is there.
import { expect, test } from "./support/studio.ts";

const INSTANTS = 20;
const LOST_MS = 500;

test("killed while typing at twenty random instants, at most the last half second is missing", async ({ studio, page, context }) => {
  test.setTimeout(420_000);
  studio.allow(/net::ERR|409 \(Conflict\)/);
  await studio.begin();
  const words = page.getByRole("textbox", { name: "Texte de la publication" });
  await words.click();
  // When each letter stood on the page, by the clock of this machine.
  await page.evaluate(() => {
    const typed: [number, number][] = [];
    Object.assign(window, { typed });
    addEventListener("input", (event) => {
      if (event.target instanceof HTMLTextAreaElement) typed.push([Date.now(), event.target.value.length]);
    }, true);
  });

  let n = 0;
  const missing: number[] = [];
  for (let instant = 0; instant < INSTANTS; instant += 1) {
    const until = Date.now() + 300 + Math.random() * 2200;
    while (Date.now() < until) {
      n += 1;
      await page.keyboard.type(`${String(n).padStart(4, "0")} `, { delay: 12 });
    }
    const killed = Date.now();
    await studio.core.kill();
    await context.setOffline(true);
    const whole = await words.inputValue();
    const typed = await page.evaluate(() => (window as unknown as { typed: [number, number][] }).typed);

    await studio.core.start();
    const { posts } = await studio.rpc("posts.list", {});
    const kept = posts.length === 0 ? "" : (await studio.rpc("posts.get", { post: posts[0]!.post.id })).content.text;
    const due = typed.filter(([at]) => at <= killed - LOST_MS).at(-1)?.[1] ?? 0;
    expect(posts.length, `instant ${instant}`).toBeLessThanOrEqual(1);
    expect(whole.startsWith(kept), `instant ${instant}: what was kept is what was typed`).toBe(true);
    expect(kept.length, `instant ${instant}: kept ${kept.length} of ${whole.length}, due ${due}`).toBeGreaterThanOrEqual(due);
    const first = typed.find(([, length]) => length > kept.length)?.[0];
    missing.push(first === undefined ? 0 : Math.max(0, killed - first));

    // The page comes back by itself, and the rest of the words with it.
    await context.setOffline(false);
    await expect.poll(async () => (await studio.rpc("posts.list", {})).posts.length, { timeout: 20_000 }).toBe(1);
    const post = (await studio.rpc("posts.list", {})).posts[0]!.post.id;
    await expect.poll(async () => (await studio.rpc("posts.get", { post })).content.text, { timeout: 20_000 }).toBe(whole);
    await expect(words).toHaveValue(whole);
  }
  test.info().annotations.push({ type: "missing, ms", description: missing.join(" ") });
  process.stdout.write(`missing, ms: ${missing.join(" ")}\n`);
});
