// A queue for looking at: every kind of line, times around now.
import type { DeliveryView } from "../../src/contract/DeliveryView";
import type { QueueLine } from "../../src/contract/QueueLine";
import type { Answers } from "../fake-host";
import { fitting, line, traffic } from "../samples";

const HOUR = 3_600_000;
const at = (hours: number) => new Date(Math.floor(Date.now() / 60_000) * 60_000 + hours * HOUR).toISOString();

const person: QueueLine[] = [
  line("d-unknown", {
    network: "telegram", account_name: "Canal Telegram", state: "unknown", group: "person", due: at(-1.5), title: "Rendez-vous au marché de Ségou samedi matin, place de la mosquée, de huit heures à midi", asset: "m-market",
    reason: "Peut-être en ligne : la réponse s’est perdue. Regardez le compte avant de renvoyer.", actions: ["confirm", "retry", "cancel"], attempts: 1,
  }),
  line("d-hand", { network: "phpbb", account: "a-phpbb", account_name: "Forum des villages", state: "assisted", group: "person", due: at(-1), title: "Le programme de la semaine en images", asset: "m-roof", reason: "Texte et 3 images prêts.", actions: ["by_hand", "confirm", "move", "cancel"] }),
  line("d-long", { network: "x", account_name: "@sahel", state: "failed", failed: "content", group: "person", due: at(-28), title: "Ce que coûte une ampoule", reason: "Le texte dépasse de 12 caractères. Rien n’est parti.", actions: ["edit", "retry", "cancel"], attempts: 1 }),
  line("d-late1", { network: "facebook", account_name: "Page Sahel Énergie", state: "waiting", waiting_for: "late", group: "person", due: at(-9), title: "Atelier du samedi", actions: ["release", "move", "cancel"] }),
  line("d-late2", { network: "bluesky", state: "waiting", waiting_for: "late", group: "person", due: at(-8), title: "Atelier du samedi", asset: null, actions: ["release", "move", "cancel"] }),
  line("d-account", { network: "mastodon", account: "a-mastodon", account_name: "Sahel", state: "waiting", waiting_for: "account", group: "person", due: at(-0.5), title: "Bonne nouvelle de Kidal", actions: ["reconnect", "cancel"] }),
];

const coming: QueueLine[] = [
  line("d-now", { state: "uploading", due: null, actions: [], title: "Merci aux femmes de la coopérative", upload_bytes: 21_600_000 }),
  line("d-1", { network: "facebook", account_name: "Page Sahel Énergie", state: "waiting", waiting_for: "network", due: at(3), upload_bytes: 1_240_000 }),
  line("d-2", { state: "waiting", waiting_for: "network", due: at(3), account_name: "sahel.bsky.social" }),
  line("d-3", { network: "mastodon", account_name: "Sahel", due: at(26), part: 1, title: "Le mot du lundi : l’eau de l’école de Nioro", asset: "m-roof", wall: { local: "2026-12-01T09:00", zone: "Europe/Paris", tzdata: "2026a" } }),
  line("d-4", { network: "facebook", account_name: "Une page dont le nom est vraiment très long et ne tiendra jamais sur une ligne", due: at(75), title: "Sans-espace-".repeat(20), actions: ["move", "hand_over", "edit", "cancel"] }),
];

const kept: QueueLine[] = [
  line("d-kept", { network: "mastodon", account_name: "Sahel", state: "handed_over", group: "kept", due: at(30), kept_at: at(30), title: "Réunion publique à la mairie", actions: ["withdraw", "move", "cancel"] }),
  line("d-asked", { network: "wordpress", account_name: "Le blog", state: "handed_over", group: "kept", due: at(50), kept_at: at(48), wish: "move", title: "Bilan du mois", asset: "m-roof", actions: ["withdraw", "cancel"] }),
];

const done: QueueLine[] = [
  line("d-live", { network: "mastodon", account_name: "@sahel@mastodon.example", state: "published", group: "done", updated: at(-3), due: at(-3), title: "Bonne semaine à toutes et à tous depuis Kidal", asset: "m-market", actions: ["correct", "copy", "delete"], attempts: 1, url: "https://mastodon.example/@sahel/1138", sent_bytes: 3_400_000 }),
  line("d-gone", { state: "cancelled", group: "done", updated: at(-30), due: at(-20), title: "Atelier reporté", actions: [] }),
  line("d-corrected", { network: "telegram", account_name: "Canal Telegram", state: "published", group: "done", updated: at(-1), due: at(-5), title: "Le marché ouvre à 8 h", wish: "edit", wish_waits: "network", actions: ["leave", "correct", "copy", "delete"], url: "https://t.me/sahel/12" }),
  line("d-deleted", { network: "facebook", account_name: "Page Sahel Énergie", state: "deleted", group: "done", updated: at(-40), due: at(-60), deleted_at: at(-40), title: "Annonce retirée", actions: ["copy"], url: "https://www.facebook.com/104_205" }),
];

const TEXT = "[b]Le programme de la semaine[/b] en images.\n[list]\n[*]Lundi : Nioro\n[*]Mardi : Kayes\n[/list]\n[url=https://sahel.example/programme]Tout le programme[/url]";

export function delivery(of: QueueLine): DeliveryView {
  const live = of.state === "published";
  return {
    ...of,
    reason: of.reason ?? null,
    wall: of.wall ?? { local: "2026-11-22T14:07", zone: "Africa/Bamako", tzdata: "2026a" },
    late: "publish:30",
    ...(live || of.state === "deleted" ? {
      live: {
        text: of.title, asked: of.wish === "edit" ? "Le marché ouvre à 9 h, et non à 8 h." : null, edited_at: null, deleted_at: of.deleted_at ?? null, waits: of.wish_waits ?? null,
        notes: of.network === "telegram" || of.network === "mastodon" ? [] : ["Bluesky ne laisse pas corriger d’ici ce qui est en ligne."],
      },
    } : {}),
    remote_id: live ? "at://did:plc:abc123/app.bsky.feed.post/3lkvx" : null,
    attempts: of.attempts === 0 ? [] : [
      { n: 1, op: "publish", phase: "ended", started: at(-3.2), ended: at(-3.19), outcome: "transient", detail: "Le réseau n’a pas répondu à temps." },
      { n: 2, op: "publish", phase: "ended", started: at(-3), ended: at(-2.999), outcome: live ? "published" : "unknown", detail: null },
    ],
    by_hand: of.state === "assisted" ? {
      folder: "D:\\Griot\\Sahel/by-hand/d-hand", page: "https://forum.example/posting.php?mode=post&f=12", text: TEXT, has_address: true,
      files: ["D:\\Griot\\Sahel/by-hand/d-hand/01.jpg", "D:\\Griot\\Sahel/by-hand/d-hand/02.jpg", "D:\\Griot\\Sahel/by-hand/d-hand/03.mp4"],
      steps: [
        { kind: "page", field: "", label: "", value: "https://forum.example/posting.php?mode=post&f=12" },
        { kind: "field", field: "forum", label: "Forum", value: "12" },
        { kind: "field", field: "title", label: "Titre", value: "Le programme de la semaine en images" },
        { kind: "text", field: "", label: "", value: TEXT },
        { kind: "files", field: "", label: "", value: "" },
      ],
    } : null,
  };
}

export function answers(state: string): Answers {
  const many = Array.from({ length: 2000 }, (_, n) => line(`many-${n}`, { due: at(n), title: `Publication ${n + 1} : ${n % 3 ? "l’eau de l’école" : "la lumière de Kayes"}` }));
  const all = state === "empty" ? [] : state === "many" ? [...person, ...many, ...done] : [...person, ...coming, ...kept, ...done];
  const count = (group: string) => all.filter((one) => one.group === group).length;
  return {
    "queue.traffic": () => ({ ...traffic, metered: state === "metered", link: state === "metered" ? "metered" : "good", bytes_per_second: state === "empty" ? null : 42_000 }),
    "queue.fitting": ({ minutes }) => fitting(minutes, all.filter((one) => one.waiting_for === "network" || one.state === "uploading"), minutes * 1_000_000),
    "queue.send_fitting": ({ minutes }) => fitting(minutes, all.filter((one) => one.waiting_for === "network"), minutes * 1_000_000),
    "deliveries.list": () =>
      state === "busy" ? new Promise(() => undefined) : { deliveries: all, counts: { person: count("person"), coming: count("coming"), kept: count("kept"), done: all.length === 0 ? 0 : 214 } },
    "deliveries.get": ({ id }) => {
      const found = all.find((one) => one.id === id);
      if (found === undefined) throw new Error("no such delivery");
      return { delivery: delivery(found) };
    },
    "deliveries.retry": ({ id }) => ({ delivery: delivery(all.find((one) => one.id === id) ?? line(id, {})) }),
    "deliveries.release": ({ id }) => ({ delivery: delivery(line(id, {})) }),
    "deliveries.cancel": ({ id }) => ({ delivery: delivery(line(id, {})) }),
    "deliveries.confirm": ({ id }) => ({ delivery: delivery(line(id, {})) }),
    "deliveries.hand_over": ({ id }) => ({ delivery: delivery(line(id, {})) }),
    "deliveries.withdraw": ({ id }) => ({ delivery: delivery(line(id, {})) }),
    "deliveries.hand_over_all": ({ days }) => ({
      given: days < 2 ? [] : [
        { id: "d-4", network: "facebook", account_name: "Page Sahel Énergie", title: "Atelier du samedi", due: at(75), wall: null, reason: null },
        { id: "d-3", network: "mastodon", account_name: "Sahel", title: "Le mot du lundi : l’eau de l’école de Nioro", due: at(26), wall: null, reason: null },
      ],
      left: [{ id: "d-2", network: "bluesky", account_name: "sahel.bsky.social", title: "Bonne nouvelle de Kidal", due: at(3), wall: null, reason: "Bluesky ne garde pas de date pour ce compte : elle part d’ici." }],
    }),
    "deliveries.move": ({ id }) => ({ delivery: delivery(line(id, {})) }),
    "schedule.resolve": ({ at, zone }) => ({ at: `${at}:00Z`, zone: zone ?? "Africa/Bamako", clocks: "exact", past: at < "2026-01-01", note: null }),
    "settings.set": () => ({ settings: {} }),
  };
}
