// A studio with something of everything: examples, two accounts by hand, something to do by hand, something to come, something
// that is over.
import { expect, type Studio } from "./studio.ts";

/** Gives the address of a draft with media. */
export async function fill(studio: Studio): Promise<string> {
  await studio.begin(true);
  for (const [network, handle, name] of [
    ["whatsapp", "Chaîne Sahel", "Chaîne WhatsApp"],
    ["phpbb", "forum.sahel.example", "Forum des coopératives"],
  ] as const) {
    await studio.rpc("accounts.add", { network, server: null, handle, name, fields: {} });
  }
  const text = "À Kayes, 40 foyers ont la lumière depuis ce matin.";
  const post = { media: [], variants: {}, zone: null, late: "hold", draft: false, again: false, confirmed: false };
  await studio.rpc("posts.compose", { ...post, text, to: ["whatsapp"], at: null });
  await studio.rpc("posts.compose", { ...post, text: "Le film complet est en ligne dimanche à 18 h.", to: ["whatsapp"], at: "2031-03-02T18:00" });
  const done = await studio.rpc("posts.compose", { ...post, text: "Réunion de la coopérative samedi à 9 h.", to: ["whatsapp"], at: null });
  const id = done.deliveries[0]!.id;
  await expect.poll(async () => (await studio.rpc("deliveries.get", { id })).delivery.state, { timeout: 30_000 }).toBe("assisted");
  await studio.rpc("deliveries.confirm", { id, url: "https://whatsapp.example/sahel/42" });
  const { posts } = await studio.rpc("posts.list", {});
  const draft = posts.find((one) => one.deliveries === 0 && one.content.media.length > 0);
  return `/composer/${draft!.post.id}`;
}
