// A studio with something of everything: examples, two accounts by hand, something to do by hand, something to come.
import type { Studio } from "./studio.ts";

export async function fill(studio: Studio): Promise<void> {
  await studio.begin(true);
  for (const [network, handle, name] of [
    ["whatsapp", "Chaîne Sahel", "Chaîne WhatsApp"],
    ["phpbb", "forum.sahel.example", "Forum des coopératives"],
  ] as const) {
    await studio.rpc("accounts.add", { network, server: null, handle, name, fields: {} });
  }
  const text = "À Kayes, 40 foyers ont la lumière depuis ce matin.";
  const post = { media: [], variants: {}, zone: null, late: "hold", draft: false };
  await studio.rpc("posts.compose", { ...post, text, to: ["whatsapp"], at: null });
  await studio.rpc("posts.compose", { ...post, text: "Le film complet est en ligne dimanche à 18 h.", to: ["whatsapp"], at: "2031-03-02T18:00" });
}
