// The queue as a person meets it: what may be pressed is what the core gave, nothing is sent twice without a warning, and the
// keyboard keeps its place.
import { toast } from "svelte-sonner";
import { expect, test, vi } from "vitest";
import { userEvent } from "vitest/browser";
import { render } from "vitest-browser-svelte";
import type { ByHandStep } from "../src/contract/ByHandStep";
import type { ByHandView } from "../src/contract/ByHandView";
import QueueScreen from "../src/features/queue/Queue.svelte";
import { core as page } from "../src/lib/data.svelte";
import { refusal, type Answers } from "./fake-host";
import { core, delivery, menuOf } from "./queue-core";
import Rooted from "./Rooted.svelte";
import { line } from "./samples";

const doubt = line("d1", { state: "unknown", group: "person", network: "telegram", account_name: "Canal", title: "Le marché", actions: ["confirm", "retry", "cancel"] });
const hand = line("d2", { state: "assisted", group: "person", title: "Le programme", actions: ["by_hand", "confirm"] });

test("three sections; what may be pressed is exactly what the core gave", async () => {
  core([doubt, line("d3", { title: "Ce qui vient", actions: [] }), line("d4", { title: "Passée", state: "published", group: "done", actions: [] })]);
  const screen = await render(Rooted, { of: QueueScreen });
  await expect.element(screen.getByRole("region", { name: /Demandent quelqu’un/ })).toBeVisible();
  const row = screen.getByRole("listitem").filter({ hasText: "Le marché" });
  await expect.element(row.getByText("Peut-être en ligne")).toBeVisible();
  expect(row.getByRole("button").elements().map((one) => one.textContent.trim())).toEqual(["Le marché", "Elle y est", "Renvoyer", ""]);
  expect(await menuOf("Le marché")).toEqual(["Elle y est", "Renvoyer", "Annuler la publication", "Détails"]);
  await userEvent.keyboard("{Escape}");
  await expect.poll(() => document.querySelector('[role="menu"]')).toBeNull();
  expect(await menuOf("Ce qui vient")).toEqual(["Détails"]);
});

test("sending again after a doubt warns first and sends once", async () => {
  const host = core([doubt], { "deliveries.get": () => ({ delivery: delivery(doubt, { url: "https://t.example/canal" }) }) });
  const screen = await render(Rooted, { of: QueueScreen });
  await screen.getByRole("button", { name: "Renvoyer" }).click();
  const dialog = screen.getByRole("dialog");
  await expect.element(dialog.getByText(/peut la faire paraître deux fois/)).toBeVisible();
  await dialog.getByRole("button", { name: "Regarder le compte" }).click();
  expect(host.opened).toEqual(["https://t.example/canal"]);
  expect(host.requests("deliveries.retry")).toEqual([]);
  await dialog.getByRole("button", { name: "Renvoyer quand même" }).click();
  await expect.element(dialog).not.toBeInTheDocument();
  expect(host.requests("deliveries.retry")).toEqual([{ id: "d1" }]);
});

test("sending again what was refused needs no warning", async () => {
  const host = core([line("d5", { state: "failed", failed: "content", group: "person", actions: ["edit", "retry"] })]);
  const screen = await render(Rooted, { of: QueueScreen });
  await screen.getByRole("button", { name: "Renvoyer" }).click();
  await expect.poll(() => host.requests("deliveries.retry")).toEqual([{ id: "d5" }]);
});

test("confirming takes an address or none; a refused address stays typed", async () => {
  const host = core([doubt], {
    "deliveries.confirm": ({ url }) => {
      if (url === "pas une adresse") throw refusal("bad_request", "Ce n’est pas une adresse de page.");
      return { delivery: delivery(doubt) };
    },
  });
  const screen = await render(Rooted, { of: QueueScreen });
  await screen.getByRole("button", { name: "Elle y est" }).click();
  const field = screen.getByLabelText("Adresse de la publication");
  await field.fill("pas une adresse");
  await screen.getByRole("button", { name: "Noter comme publiée" }).click();
  await expect.poll(() => host.requests("deliveries.confirm")).toHaveLength(1);
  await expect.element(field).toHaveValue("pas une adresse");
  await field.fill("");
  await screen.getByRole("button", { name: "Noter comme publiée" }).click();
  await expect.element(field).not.toBeInTheDocument();
  expect(host.requests("deliveries.confirm").at(-1)).toEqual({ id: "d1", url: null });
});

const step = (kind: ByHandStep["kind"], value = "", label = ""): ByHandStep => ({ kind, value, label, field: label.toLowerCase() });
const forum: ByHandView = {
  folder: "/g/by-hand/d2", page: "https://web.example", text: "[b]Lundi[/b] : Nioro.", files: ["/g/by-hand/d2/01.jpg", "C:\\g\\02.mp4"], has_address: true,
  steps: [step("page", "https://web.example"), step("field", "12", "Forum"), step("field", "Le marché", "Titre"), step("text", "[b]Lundi[/b] : Nioro."), step("files")],
};
const byHand = (laid: ByHandView, more: Answers = {}) => core([hand], { "deliveries.get": () => ({ delivery: delivery(hand, { by_hand: laid }) }), ...more });

test("by hand: each step has its button, in the order of the place’s form, and is marked when it was done", async () => {
  const host = byHand(forum);
  const screen = await render(Rooted, { of: QueueScreen });
  await screen.getByRole("button", { name: "Commencer" }).click();
  const dialog = screen.getByRole("dialog", { name: "Publier à la main" });
  await expect.element(dialog.getByRole("button", { name: "Copier le texte" })).toBeVisible();
  expect(dialog.getByRole("heading", { level: 3 }).elements().map((one) => one.textContent)).toEqual(["La page où publier", "Forum", "Titre", "Le texte", "Les fichiers, dans l’ordre"]);
  await dialog.getByRole("button", { name: "Copier\u00a0: Titre" }).click();
  expect(host.copied).toBe("Le marché");
  await expect.element(dialog.getByText("Copié")).toBeVisible();
  await dialog.getByRole("button", { name: "Copier le texte" }).click();
  expect(host.copied).toBe("[b]Lundi[/b] : Nioro.");
  await expect.poll(() => dialog.getByText("Copié").elements().length).toBe(2);
  const links = dialog.getByRole("link").elements() as HTMLAnchorElement[];
  expect(links.map((link) => [link.getAttribute("href"), link.download])).toEqual([["/by-hand/d2/0", "01.jpg"], ["/by-hand/d2/1", "02.mp4"]]);
});

test("by hand: Enter does a step and stands on the next one, from the page to the address", async () => {
  const host = byHand({ ...forum, files: [], steps: forum.steps.slice(0, 4) });
  const screen = await render(Rooted, { of: QueueScreen });
  await screen.getByRole("button", { name: "Commencer" }).click();
  const dialog = screen.getByRole("dialog");
  const heard: (string | null)[] = [];
  for (const name of ["Ouvrir la page", "Copier\u00a0: Forum", "Copier\u00a0: Titre", "Copier le texte"]) {
    await expect.element(dialog.getByRole("button", { name })).toHaveFocus();
    await userEvent.keyboard("{Enter}");
    heard.push(host.copied);
  }
  expect(host.opened).toEqual(["https://web.example"]);
  expect(heard.slice(1)).toEqual(["12", "Le marché", "[b]Lundi[/b] : Nioro."]);
  await expect.element(dialog.getByLabelText("Adresse de la publication")).toHaveFocus();
  await userEvent.keyboard("https://web.example/1{Enter}");
  await expect.poll(() => host.requests("deliveries.confirm")).toEqual([{ id: "d2", url: "https://web.example/1" }]);
  await expect.element(dialog).not.toBeInTheDocument();
});

test("by hand: an address is asked for where there is one, and can be done without", async () => {
  const host = byHand(forum);
  const screen = await render(Rooted, { of: QueueScreen });
  await screen.getByRole("button", { name: "Commencer" }).click();
  await screen.getByRole("button", { name: "Noter comme publiée" }).click();
  await expect.element(screen.getByText(/Collez l’adresse de la publication/)).toBeVisible();
  expect(host.requests("deliveries.confirm")).toEqual([]);
  await screen.getByRole("button", { name: "Noter sans adresse" }).click();
  await expect.poll(() => host.requests("deliveries.confirm")).toEqual([{ id: "d2", url: null }]);
});

test("by hand: a refused address stays typed; where a place gives none the field may stay empty", async () => {
  const host = byHand({ ...forum, has_address: false }, {
    "deliveries.confirm": ({ url }) => {
      if (url !== null) throw refusal("bad_request", "Ce n’est pas une adresse de page.");
      return { delivery: delivery(hand) };
    },
  });
  const screen = await render(Rooted, { of: QueueScreen });
  await screen.getByRole("button", { name: "Commencer" }).click();
  const field = screen.getByLabelText("Adresse de la publication");
  await field.fill("pas une adresse");
  await screen.getByRole("button", { name: "Noter comme publiée" }).click();
  await expect.poll(() => host.requests("deliveries.confirm")).toHaveLength(1);
  await expect.element(field).toHaveValue("pas une adresse");
  expect(screen.getByRole("button", { name: "Noter sans adresse" }).elements()).toEqual([]);
  await field.fill("");
  await screen.getByRole("button", { name: "Noter comme publiée" }).click();
  await expect.poll(() => host.requests("deliveries.confirm").at(-1)).toEqual({ id: "d2", url: null });
});

test("moving asks the core what the time is, in the zone it was meant in", async () => {
  const moved = line("d6", { wall: { local: "2026-12-01T09:00", zone: "Europe/Paris", tzdata: "2026a" }, actions: ["move"] });
  const host = core([moved], {
    "schedule.resolve": ({ at, zone }) => ({ at: `${at}:00Z`, zone: zone ?? "", clocks: at.endsWith("02:30") ? "first_of_two" : "exact", past: at < "2026-11-01", note: at.endsWith("02:30") ? "Cette heure existe deux fois ce jour-là." : null }),
  });
  const screen = await render(Rooted, { of: QueueScreen });
  await screen.getByRole("button", { name: "Déplacer" }).click();
  const [day, time] = [screen.getByLabelText("Jour"), screen.getByLabelText("Heure", { exact: true })];
  await expect.element(day).toHaveValue("2026-12-01");
  await expect.element(time).toHaveValue("09:00");
  await time.fill("02:30");
  await expect.element(screen.getByText("Cette heure existe deux fois ce jour-là.")).toBeVisible();
  await day.fill("2026-10-01");
  await expect.element(screen.getByText(/Cette heure est passée/)).toBeVisible();
  const press = screen.getByRole("dialog").getByRole("button", { name: "Déplacer" });
  await expect.element(press).toBeDisabled();
  await day.fill("2026-12-02");
  await press.click();
  await expect.poll(() => host.requests("deliveries.move")).toEqual([{ id: "d6", at: "2026-12-02T02:30", zone: "Europe/Paris" }]);
});

test("undo is offered only where it would take back this very cancel", async () => {
  const told = vi.spyOn(toast, "success");
  for (const undo of ["cancel_delivery", null] as const) {
    told.mockClear();
    const host = core([line("d7", { actions: ["cancel"] })], { "edit.undo": () => ({ op: "cancel_delivery" }) }, { undo });
    const screen = await render(Rooted, { of: QueueScreen });
    await screen.getByRole("button", { name: "Annuler" }).click();
    await expect.poll(() => told.mock.calls.length).toBe(1);
    expect(host.requests("deliveries.cancel")).toEqual([{ id: "d7" }]);
    const way = told.mock.calls[0]?.[1]?.action as { onClick: () => void } | undefined;
    expect(way === undefined).toBe(undo === null);
    way?.onClick();
    await expect.poll(() => host.requests("edit.undo").length).toBe(undo === null ? 0 : 1);
    await screen.unmount();
  }
  told.mockRestore();
});

test("several late ones go with one press, in turn", async () => {
  const late = (id: string) => line(id, { state: "waiting", waiting_for: "late", group: "person", title: id, actions: ["release", "cancel"] });
  const host = core([late("l1"), late("l2")]);
  const screen = await render(Rooted, { of: QueueScreen });
  await screen.getByRole("button", { name: "Laisser partir les 2 en retard" }).click();
  await expect.poll(() => host.requests("deliveries.release")).toEqual([{ id: "l1" }, { id: "l2" }]);
});

test("a failed press leaves the row as it was", async () => {
  const host = core([line("d8", { state: "waiting", waiting_for: "late", group: "person", actions: ["release"] })], {
    "deliveries.release": () => {
      throw refusal("not_now", "Cette publication est annulée.");
    },
  });
  const screen = await render(Rooted, { of: QueueScreen });
  const press = screen.getByRole("button", { name: "Laisser partir" });
  await press.click();
  await expect.poll(() => host.requests("deliveries.release")).toHaveLength(1);
  await expect.element(press).toBeEnabled();
});

test("arrows move between rows of all sections, Enter opens the details, and the focus comes back", async () => {
  core([doubt, line("d3", { title: "Ce qui vient" })]);
  const screen = await render(Rooted, { of: QueueScreen });
  const [first, second] = [screen.getByRole("button", { name: "Le marché", exact: true }), screen.getByRole("button", { name: "Ce qui vient", exact: true })];
  await expect.element(first).toBeVisible();
  (first.element() as HTMLElement).focus();
  await userEvent.keyboard("{ArrowDown}");
  await expect.element(second).toHaveFocus();
  await userEvent.keyboard("{ArrowUp}{Enter}");
  await expect.element(screen.getByRole("dialog", { name: "Le marché" })).toBeVisible();
  await userEvent.keyboard("{Escape}");
  await expect.element(screen.getByRole("dialog")).not.toBeInTheDocument();
  await expect.element(first).toHaveFocus();
});

test("when the row with the focus leaves, the one that takes its place has it", async () => {
  const lines = [doubt, hand];
  const host = core(lines);
  const screen = await render(Rooted, { of: QueueScreen });
  await expect.element(screen.getByRole("button", { name: "Le marché", exact: true })).toBeVisible();
  (screen.getByRole("button", { name: "Le marché", exact: true }).element() as HTMLElement).focus();
  lines.shift();
  host.tell({ event: "changed", tags: ["outbox"] });
  await expect.element(screen.getByRole("button", { name: "Le programme", exact: true })).toHaveFocus();
});

test("what becomes of a delivery is said once, politely", async () => {
  const host = core([line("d9", { network: "telegram", account_name: "Canal", state: "publishing", actions: [] })]);
  const screen = await render(Rooted, { of: QueueScreen });
  await expect.element(screen.getByText("Publication en cours")).toBeVisible();
  await expect.poll(() => host.requests("networks.list").length).toBe(1);
  host.tell({ event: "delivery", id: "d9", state: "armed", waiting_for: null });
  host.tell({ event: "delivery", id: "d9", state: "published", waiting_for: null });
  await expect.element(screen.getByText("Telegram, Canal\u00a0: En ligne")).toBeInTheDocument();
});

test("details tell each try in words, with seconds and zone", async () => {
  const shown = line("d10", { state: "published", group: "done", title: "Bonne semaine", url: "https://m.example/1", actions: [] });
  const host = core([shown], {
    "deliveries.get": () => ({
      delivery: delivery(shown, {
        remote_id: "1138",
        attempts: [{ n: 1, op: "publish", phase: "ended", started: "2026-11-22T08:02:09Z", ended: "2026-11-22T08:02:11Z", outcome: "published", detail: "Lue sur le serveur." }],
      }),
    }),
  });
  const screen = await render(Rooted, { of: QueueScreen });
  await screen.getByRole("button", { name: "Preuve" }).click();
  const dialog = screen.getByRole("dialog");
  await expect.element(dialog.getByText("Essai 1\u00a0: publier")).toBeVisible();
  await expect.element(dialog.getByText(/08:02:09 à 08:02:11/)).toBeVisible();
  await expect.element(dialog.getByText("En ligne, prouvé")).toBeVisible();
  await expect.element(dialog.getByText(/heure de Africa\/Bamako/)).toBeVisible();
  await dialog.getByRole("button", { name: "Copier le numéro" }).click();
  expect(host.copied).toBe("1138");
});

test("pausing, an empty queue, older ones, and work under way", async () => {
  const host = core([], { "settings.set": () => ({ settings: {} }), "jobs.cancel": () => ({}) }, { worker: "paused", link: "none", offline_since: new Date(Date.now() - 11_520_000).toISOString() });
  const screen = await render(Rooted, { of: QueueScreen });
  await expect.element(screen.getByRole("heading", { name: "Rien dans la file" })).toBeVisible();
  await expect.element(screen.getByText("Hors ligne depuis 3\u00a0h\u00a012")).toBeVisible();
  await expect.element(screen.getByText(/Tout est en pause/)).toBeVisible();
  await screen.getByRole("button", { name: "Reprendre" }).click();
  expect(host.requests("settings.set")).toEqual([{ key: "outbox.paused", value: false }]);
  host.tell({ event: "job", id: "job-4", what: "Préparation du film", done: 0.4, left_s: 95 });
  const jobs = screen.getByRole("region", { name: "Travaux en cours" });
  await expect.element(jobs.getByRole("progressbar")).toHaveAttribute("aria-valuenow", "40");
  await expect.element(jobs.getByText("encore 1\u00a0min")).toBeVisible();
  await jobs.getByRole("button", { name: "Annuler" }).click();
  expect(host.requests("jobs.cancel")).toEqual([{ id: "job-4" }]);
  page.jobs = [];
});

const given = line("k1", { state: "handed_over", group: "kept", network: "mastodon", title: "Réunion publique", kept_at: "2026-12-01T10:00:00.000Z", actions: ["withdraw", "move", "cancel"] });

test("what the networks keep has a place of its own, says when it appears, and is taken back", async () => {
  const host = core([given], { "deliveries.withdraw": () => ({ delivery: delivery(given) }) });
  const screen = await render(Rooted, { of: QueueScreen });
  const part = screen.getByRole("region", { name: /Chez les réseaux/ });
  await expect.element(part.getByText(/Le réseau la publiera/)).toBeVisible();
  await part.getByRole("button", { name: "Reprendre" }).click();
  await expect.poll(() => host.requests("deliveries.withdraw")).toEqual([{ id: "k1" }]);
});

test("what a network is about to be asked for is said", async () => {
  core([{ ...given, wish: "cancel" }]);
  const screen = await render(Rooted, { of: QueueScreen });
  await expect.element(screen.getByText("Va être reprise au réseau, puis annulée.")).toBeVisible();
});

test("everything of the coming days is handed over in one go, after a look at what stays", async () => {
  const one = { id: "c1", network: "mastodon", account_name: "Sahel", title: "Atelier", due: "2026-12-01T10:00:00.000Z", wall: null, reason: null } as const;
  const stays = { ...one, id: "c2", network: "bluesky", reason: "Bluesky ne garde pas de date." } as const;
  const host = core([line("c1", { title: "Atelier" })], {
    "deliveries.hand_over_all": ({ days }) => ({ given: days > 1 ? [one] : [], left: [stays] }),
  });
  const screen = await render(Rooted, { of: QueueScreen });
  await expect.element(screen.getByRole("region", { name: /Chez les réseaux/ })).not.toBeInTheDocument();
  await screen.getByRole("button", { name: "Confier aux réseaux…" }).click();
  const dialog = screen.getByRole("dialog", { name: "Confier aux réseaux" });
  await expect.element(dialog.getByText("Bluesky ne garde pas de date.")).toBeVisible();
  await dialog.getByRole("spinbutton").fill("1");
  await expect.element(dialog.getByRole("button", { name: "Confier 0" })).toBeDisabled();
  await dialog.getByRole("spinbutton").fill("400");
  await expect.element(dialog.getByText("Un nombre entier entre 1 et 365.")).toBeVisible();
  await expect.element(dialog.getByText("Atelier")).not.toBeInTheDocument();
  await expect.element(dialog.getByRole("button", { name: "Confier 0" })).toBeDisabled();
  await dialog.getByRole("spinbutton").fill("14");
  await dialog.getByRole("button", { name: "Confier 1" }).click();
  await expect.element(dialog).not.toBeInTheDocument();
  expect(host.requests("deliveries.hand_over_all").at(-1)).toEqual({ days: 14, dry_run: false });
});

test("older ones are asked of the core, fifty at a time", async () => {
  const host = core([], {
    "deliveries.list": ({ done }) => ({
      deliveries: Array.from({ length: done ?? 0 }, (_, n) => line(`o${n}`, { group: "done", state: "published", actions: [], title: `Passée ${n}` })),
      counts: { person: 0, coming: 0, kept: 0, done: 214 },
    }),
  });
  const screen = await render(Rooted, { of: QueueScreen });
  await screen.getByRole("button", { name: "Montrer plus anciennes" }).click();
  await expect.poll(() => host.requests("deliveries.list").map(({ done }) => done)).toEqual([50, 100]);
});

test("two thousand lines can be used", async () => {
  core(Array.from({ length: 2000 }, (_, n) => line(`m${n}`, { title: `Publication ${n}` })));
  const before = performance.now();
  const screen = await render(Rooted, { of: QueueScreen });
  await expect.element(screen.getByRole("button", { name: "Publication 0", exact: true })).toBeVisible();
  expect(performance.now() - before).toBeLessThan(5000);
  expect(document.querySelectorAll("[data-line]").length).toBe(200);
  await screen.getByRole("button", { name: "Montrer la suite" }).click();
  await expect.poll(() => document.querySelectorAll("[data-line]").length).toBe(400);
});

test("a queue that cannot be read says so in place and is read again", async () => {
  let broken = true;
  core([], {
    "deliveries.list": () => {
      if (broken) throw refusal("environment", "Le disque n’a pas répondu.");
      return { deliveries: [], counts: { person: 0, coming: 0, kept: 0, done: 0 } };
    },
  });
  const screen = await render(Rooted, { of: QueueScreen });
  await expect.element(screen.getByText("Le disque n’a pas répondu.")).toBeVisible();
  broken = false;
  await screen.getByRole("button", { name: "Réessayer" }).click();
  await expect.element(screen.getByRole("heading", { name: "Rien dans la file" })).toBeVisible();
});

test("an account that stops working within days stands above the queue, with the press that answers it", async () => {
  const ends = { at: "2026-12-06T09:00:00.000Z", soon: true, says: "jusqu’au 6 décembre, dans 5 jours", todo: "Reconnectez le compte." };
  const account = { id: "a-page", network: "facebook" as const, handle: "Café Bamako", state: "connected" as const, name: "Café Bamako", server: "", ends };
  core([line("d3", { title: "Ce qui vient", actions: [] })], {
    "deliveries.list": () => ({ deliveries: [], counts: { person: 0, coming: 0, kept: 0, done: 0 }, ending: [account] }),
  });
  const screen = await render(Rooted, { of: QueueScreen });
  const said = screen.getByRole("status").filter({ hasText: "Café Bamako" });
  await expect.element(said).toHaveTextContent(/jusqu’au 6 décembre, dans 5 jours\. Reconnectez le compte\./);
  await said.getByRole("button", { name: "Reconnecter" }).click();
  await expect.poll(() => location.hash).toBe("#/accounts/a-page");
  location.hash = "";
});
