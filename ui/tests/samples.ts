// A small studio for tests and for `tests/preview.html`: accounts, assets, drafts and a queue as the core would tell them.
import type { AccountView } from "../src/contract/AccountView";
import type { Asset } from "../src/contract/Asset";
import type { Content } from "../src/contract/Content";
import type { Fitting } from "../src/contract/Fitting";
import type { OnePost } from "../src/contract/OnePost";
import type { Plan } from "../src/contract/Plan";
import type { PostCheck } from "../src/contract/PostCheck";
import type { PostPlace } from "../src/contract/PostPlace";
import type { QueueLine } from "../src/contract/QueueLine";
import type { Status } from "../src/contract/Status";
import type { Traffic } from "../src/contract/Traffic";

export const status: Status = {
  version: "0.1.0",
  workspace: { name: "Sahel Énergie", folder: "D:\\Griot\\Sahel" },
  folder: "D:\\Griot\\Sahel",
  lang: "fr",
  theme: "light",
  zone: "Africa/Bamako",
  worker: "here",
  link: "good",
  metered_by_system: null,
  offline_since: null,
  needs_person: 3,
  waiting: 0,
  coming: 3,
  sent_today: 12_400_000,
  secrets: "open",
  ffmpeg: true,
  undo: null,
};

export const accounts: AccountView[] = [
  { id: "a-bluesky", network: "bluesky", handle: "sahel.bsky.social", state: "connected", name: "Sahel Énergie", server: "https://bsky.social" },
  { id: "a-mastodon", network: "mastodon", handle: "@sahel@mastodon.example", state: "connected", name: "Sahel", server: "https://mastodon.example" },
  { id: "a-whatsapp", network: "whatsapp", handle: "Chaîne Sahel", state: "assisted", name: "Chaîne WhatsApp", server: "" },
];

export function asset(id: string, name: string, alt = "", film = false): Asset {
  return {
    id,
    hash: id.padEnd(64, "0"),
    name,
    facts: {
      kind: film ? "video" : "image",
      format: film ? "mp4" : "jpeg",
      width: film ? 1080 : 1600,
      height: film ? 1920 : 1200,
      bytes: film ? 18_200_000 : 4_100_000,
      animated: false,
      alpha: false,
      duration_ms: film ? 45_000 : null,
      video_codec: film ? "h264" : null,
      audio_codec: film ? "aac" : null,
      fps: film ? 30 : null,
      metadata: film ? [] : ["exif", "gps"],
    },
    alt,
    focus: null,
    suggested: null,
    tags: [],
    imported_at: "2026-11-20T09:00:00Z",
  };
}

export const assets: Asset[] = [
  asset("m-lamp", "lampe.jpg", "Une femme allume une lampe dans la cour de l’école"),
  asset("m-roof", "toit.jpg", "Panneaux sur le toit de l’école"),
  asset("m-film", "coopérative.mp4", "", true),
];

export const content: Content = {
  text: "À Kayes, 40 foyers ont la lumière depuis ce matin. ☀️\n\nMerci aux femmes de la coopérative qui ont porté ce projet pendant deux ans. Le film complet dimanche à 18 h.\n\n#Kayes #Énergie — https://sahel.example/kayes",
  media: [
    { asset: "m-lamp", alt: "Une femme allume une lampe dans la cour de l’école" },
    { asset: "m-roof", alt: "Panneaux sur le toit de l’école" },
    { asset: "m-film", alt: "" },
  ],
  variants: {},
};

/** A person's choice: every account that works, now. */
export const toAll: Plan = { to: accounts.filter((account) => account.state !== "reconnect").map((account) => account.id), when: "now", at: null, zone: null, late: "hold" };

/** Where a post stands for an account. */
export function place(account: string, part: Partial<PostPlace> = {}): PostPlace {
  const known = accounts.find((one) => one.id === account);
  return { delivery: `d-${account}`, account, network: known?.network ?? "bluesky", state: "scheduled", waiting_for: null, due: "2026-11-29T18:00:00Z", wall: { local: "2026-11-29T18:00", zone: "Africa/Bamako", tzdata: "2026f" }, url: null, follows: true, ...part };
}

export function onePost(id: string, said: Content, deliveries = 0): OnePost {
  return {
    post: { id, current: `${id}-r1`, created_at: "2026-11-20T09:00:00Z", updated_at: "2026-11-22T14:07:32Z" },
    content: said,
    stamp: "s1",
    typing: false,
    plan: null,
    deliveries,
    places: [],
    correction: null,
  };
}

export function check(account: AccountView, part: Partial<PostCheck> = {}): PostCheck {
  return {
    account: account.id,
    network: account.network,
    by_hand: account.state === "assisted",
    text: { used: 214, max: 300, unit: "graphemes", over: 0 },
    verdict: "ok",
    problems: [],
    cost: account.network === "x" ? "X facture 0,015 $ (prix lus le 22/08/2026). Ce mois : 1,20 $ partis, 0,40 $ programmés, plafond 5,00 $." : null,
    preview: {
      segments: [{ kind: "plain", text: content.text }],
      folded: false,
      spoiler: null,
      media: content.media.slice(0, 2).map((m) => ({
        asset: m.asset,
        kind: "image",
        alt: m.alt,
        width: 1600,
        height: 1200,
        fit: "inside",
        focus: { x: 0.5, y: 0.5 },
        duration_ms: null,
        look: null,
      })),
    },
    ...part,
  };
}

export function line(id: string, part: Partial<QueueLine>): QueueLine {
  return {
    id,
    post: "p-1",
    account: "a-bluesky",
    network: "bluesky",
    state: "scheduled",
    due: "2026-11-29T18:00:00Z",
    waiting_for: null,
    attempts: 0,
    url: null,
    account_name: "Sahel Énergie",
    title: "À Kayes, 40 foyers ont la lumière depuis ce matin",
    asset: "m-lamp",
    failed: null,
    part: 0,
    updated: "2026-11-22T08:02:11Z",
    group: "coming",
    actions: ["move", "cancel"],
    upload_bytes: null,
    sent_bytes: 0,
    ...part,
  };
}

export const traffic: Traffic = {
  link: "good",
  metered: false,
  bytes_per_second: null,
  measured: null,
  sent_today: 12_400_000,
  to_go_today: 8_100_000,
  to_go: 41_300_000,
  sent_month: 310_000_000,
  days: [{ day: "2026-11-22", bytes: 12_400_000 }],
  zone: "Africa/Bamako",
};

/** What fits: the small ones of these lines go, the large ones stay. */
export function fitting(minutes: number, lines: readonly QueueLine[], most: number): Fitting {
  const weighed = lines.map((one) => ({
    id: one.id,
    account: one.account,
    network: one.network,
    account_name: one.account_name,
    title: one.title,
    due: one.due,
    bytes: one.upload_bytes ?? 0,
    seconds: 4,
  }));
  const [goes, stays] = [weighed.filter((one) => one.bytes <= most), weighed.filter((one) => one.bytes > most)];
  const sum = (some: readonly { bytes: number }[]) => some.reduce((total, one) => total + one.bytes, 0);
  return { minutes, bytes_per_second: 40_000, measured: true, goes, bytes: sum(goes), stays, kept_bytes: sum(stays), until: "2026-11-22T14:18:00Z" };
}
