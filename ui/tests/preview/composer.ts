// What the core answers to the composer while its screens are looked at.
import type { Content } from "../../src/contract/Content";
import type { OnePost } from "../../src/contract/OnePost";
import { complete } from "../../src/lib/media/edit/edits";
import { lookOf } from "../looks";
import { networks } from "./accounts";
import { accounts, assets, check, content, line, onePost } from "../samples";
import { refusal, type Answers } from "../fake-host";

const zones = ["Africa/Abidjan", "Africa/Bamako", "Africa/Dakar", "Africa/Niamey", "Africa/Ouagadougou", "Asia/Kolkata", "Europe/Paris", "UTC"];

function posts(): Map<string, OnePost> {
  const long = "Un très long titre de brouillon qui ne tient pas sur une ligne et que la liste doit couper sans rien casser de sa mise en page, même à 1280 pixels";
  const own: Content = { ...content, variants: { mastodon: { text: `${content.text}\n\nMerci à toutes.`, media: null, fields: { visibility: "unlisted" } } } };
  return new Map([
    ["p-1", onePost("p-1", own)],
    ["p-2", { ...onePost("p-2", { text: long, media: [], variants: {} }), post: { id: "p-2", current: "p-2-r1", created_at: "2026-11-20T09:00:00Z", updated_at: "2026-11-20T19:12:00Z" } }],
    ["p-3", onePost("p-3", content, 2)],
    ["p-long", onePost("p-long", { text: "Bamako et Kayes. ".repeat(3530), media: [], variants: {} })],
  ]);
}

export function answers(state: string): Answers {
  const known = state === "empty" ? new Map<string, OnePost>() : posts();
  const there = state === "empty" ? [] : accounts;
  let saved = 1;
  const get = (id: string): OnePost => {
    const one = known.get(id);
    if (one === undefined) throw refusal("not_found", "Cette publication n’existe pas.");
    return one;
  };
  return {
    "accounts.list": () => ({ accounts: there }),
    "networks.list": () => ({ networks }),
    "posts.list": () => ({ posts: [...known.values()] }),
    "posts.get": ({ post }) => get(post),
    "posts.save": ({ post, content, typing }) => {
      saved += 1;
      const id = post ?? `p-new-${saved}`;
      const one = { ...onePost(id, content, known.get(id)?.deliveries ?? 0), stamp: `s${saved}`, typing };
      known.set(id, one);
      return one;
    },
    "posts.history": ({ post }) => ({
      revisions: [3, 2, 1].map((n) => ({
        id: `${post}-r${n}`,
        post,
        number: n,
        content: { ...content, text: n === 3 ? content.text : content.text.slice(0, 40 * n) },
        created_at: `2026-11-2${n - 1}T14:07:32Z`,
      })),
    }),
    "posts.revert": ({ post }) => get(post),
    "posts.remove": ({ post }) => {
      known.delete(post);
      return {};
    },
    "posts.weigh": ({ content, to }) => {
      const weights = there
        .filter((account) => to.includes(account.id))
        .map((account) => ({ account: account.id, bytes: account.state === "assisted" ? null : content.media.length * 1_130_000 + 300, exact: !content.media.some((medium) => medium.asset === "m-film") }));
      return { weights, bytes: weights.reduce((sum, weight) => sum + (weight.bytes ?? 0), 0), exact: weights.every((weight) => weight.exact), metered: state === "metered" };
    },
    "posts.remedy": ({ content }) => ({ content: { ...content, media: content.media.slice(0, 2) } }),
    "posts.check": ({ content, to }) => ({
      checks: there.filter((account) => to.includes(account.id)).map((account) => {
        const words = content.variants[account.network]?.text ?? content.text;
        const film = content.media.some((medium) => medium.asset === "m-film");
        const over = account.network === "bluesky" ? Math.max(0, words.length - 300) : 0;
        const mixed = film && account.network === "mastodon";
        const sample = check(account);
        return {
          ...sample,
          text: { used: words.length, max: account.network === "bluesky" ? 300 : account.network === "mastodon" ? 500 : null, unit: "graphemes" as const, over },
          verdict: over > 0 ? ("error" as const) : mixed ? ("warning" as const) : ("ok" as const),
          problems: [
            ...(over > 0 ? [{ code: "text_too_long", level: "error" as const, message: `le texte dépasse de ${over} signes.`, fix: "Raccourcissez-le, ou écrivez-en un autre dans son onglet.", media: null, remedies: [{ id: "shorten", label: "Raccourcir" }] }] : []),
            ...(mixed ? [{ code: "mixed_media", level: "warning" as const, message: "une vidéo et des photos ne vont pas ensemble.", fix: "Garder les photos, ou la vidéo ?", media: "m-film", remedies: [{ id: "photos", label: "Garder les photos" }, { id: "film", label: "Garder la vidéo" }] }] : []),
          ],
          preview: {
            ...sample.preview,
            segments: words.slice(0, 3000).split(/([#@][\p{L}\d.]+|https?:\/\/\S+)/u).filter(Boolean).map((text) => ({
              kind: text.startsWith("#") ? ("hashtag" as const) : text.startsWith("@") ? ("mention" as const) : text.startsWith("http") ? ("link" as const) : ("plain" as const),
              text,
            })),
            folded: words.length > 400,
            media: content.media.slice(0, 2).map((medium) => {
              const framed = lookOf({ asset: medium.asset, account: account.id, edit: complete(medium.edit), side: 960 }, assets);
              return { asset: medium.asset, kind: medium.asset === "m-film" ? ("video" as const) : ("image" as const), alt: medium.alt, width: framed.width, height: framed.height, fit: framed.fit, focus: { x: 0.5, y: 0.5 }, duration_ms: null, look: medium.edit ? framed.name : null };
            }),
          },
        };
      }),
    }),
    "posts.schedule": ({ post, to }) => {
      if (state === "busy") return new Promise(() => undefined);
      return { warnings: [], post, deliveries: to.map((account, n) => ({ id: `d-${n}`, account, network: "bluesky", state: "scheduled", due: null, upload_bytes: 3_400_000 })) };
    },
    "deliveries.list": () => ({
      deliveries: [line("d-1", { post: "p-3" }), line("d-2", { post: "p-3", account: "a-mastodon", network: "mastodon" })],
      counts: { person: 0, coming: 2, kept: 0, done: 0 },
    }),
    "edit.undo": () => ({ op: "schedule_post" }),
    "rules.fields": ({ network }) => ({
      fields:
        network !== "mastodon"
          ? []
          : [
              { name: "visibility", label: "Visibilité", kind: "choice", choices: [{ value: "public", label: "Publique" }, { value: "unlisted", label: "Non listée" }], max: null, required: false, default: "public" },
              { name: "spoiler", label: "Avertissement", kind: "line", choices: [], max: null, required: false, default: null },
              { name: "language", label: "Langue", kind: "language", choices: [], max: null, required: false, default: null },
              { name: "sensitive", label: "Médias sensibles", kind: "flag", choices: [], max: null, required: false, default: "false" },
              { name: "first_comment", label: "Premier commentaire", kind: "text", choices: [], max: null, required: false, default: null },
            ],
    }),
    "schedule.zones": () => ({ zones, current: "Africa/Bamako" }),
    "schedule.resolve": ({ at, zone }) => ({
      at: `${at}:00.000Z`,
      zone: zone ?? "Africa/Bamako",
      clocks: "exact",
      past: at < "2026-11-23",
      note: zone === "Europe/Paris" ? "Les horloges montrent cette heure deux fois ce jour-là ; c’est la première." : null,
    }),
  };
}
