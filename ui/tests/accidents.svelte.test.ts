// Nothing public by accident: what the composer shows of the core's rule, and what it asks before it sends.
import { toast } from "svelte-sonner";
import { afterEach, beforeEach, expect, test } from "vitest";
import { userEvent } from "vitest/browser";
import { render } from "vitest-browser-svelte";
import type { Content } from "../src/contract/Content";
import type { OnePost } from "../src/contract/OnePost";
import Harness from "./ComposerHarness.svelte";
import { FakeHost, refusal, type Answers } from "./fake-host";
import { accounts, assets, check, onePost, place, status, toAll } from "./samples";
import { soon } from "./soon";

const say = (text: string): Content => ({ text, media: [], variants: {} });
const NOTE = "Tant que vous ne la confirmez pas, c’est l’ancien texte qui part.";
let one: OnePost;

function core(more: Answers = {}): FakeHost {
  return new FakeHost({
    "studio.status": () => status,
    "accounts.list": () => ({ accounts }),
    "networks.list": () => ({ networks: [] }),
    "posts.list": () => ({ posts: [] }),
    "posts.choice": () => ({ plan: null }),
    "posts.plan": () => ({}),
    "posts.get": () => one,
    "posts.save": ({ content }) => {
      const out = one.places.length > 0;
      one = { ...one, content, stamp: `${one.stamp}+`, typing: out, correction: out ? { kept_at: "2026-11-29T14:07:00Z", confirmable: one.places.some((at) => at.follows), gone: [], note: NOTE } : null };
      return one;
    },
    "posts.check": ({ to }) => ({ checks: accounts.filter((account) => to.includes(account.id)).map((account) => check(account)) }),
    "posts.weigh": ({ to }) => ({ weights: to.map((account) => ({ account, bytes: 40, exact: true })), bytes: 40 * to.length, exact: true, metered: false }),
    "posts.history": () => ({ revisions: [] }),
    "rules.fields": () => ({ fields: [] }),
    "schedule.zones": () => ({ zones: ["Africa/Bamako"], current: "Africa/Bamako" }),
    "schedule.resolve": ({ at, zone }) => ({ at: `${at}:00.000Z`, zone: zone ?? "Africa/Bamako", clocks: "exact", past: false, note: null }),
    "library.list": () => ({ assets, total: assets.length, rough: [] }),
    ...more,
  });
}

async function open(path: string, host: FakeHost) {
  location.hash = path;
  const screen = await render(Harness);
  return { screen, host, text: screen.getByRole("textbox", { name: "Texte de la publication" }) };
}
const sent = (to: string[]) => ({ warnings: [], post: "p-1", deliveries: to.map((account) => ({ id: account, account, network: "bluesky" as const, state: "scheduled" as const, due: null, upload_bytes: null })) });

beforeEach(() => {
  one = { ...onePost("p-1", say("Bonjour")), stamp: "s" };
});
afterEach(() => {
  // What one test was told must not lie over what the next one presses.
  toast.dismiss();
  location.hash = "";
});

test("nobody is chosen by the page: a post goes to nobody until somebody is chosen, also an old draft", async () => {
  const { host, screen, text } = await open("/composer/p-1", core());
  await expect.element(text).toHaveFocus();
  await expect.element(screen.getByText(/Aucun compte choisi/)).toBeVisible();
  await userEvent.keyboard("{Control>}{Enter}{/Control}");
  await expect.element(screen.getByText(/Aucun compte n’est choisi/)).toBeVisible();
  expect(host.requests("posts.schedule")).toEqual([]);
});

test("a new post shows the last choice at once, its number on the button, and writes no other choice by itself", async () => {
  const { host, screen } = await open("/composer/new", core({ "posts.choice": () => ({ plan: { ...toAll, to: ["a-bluesky", "a-mastodon"], when: "at" as const } }) }));
  await expect.element(screen.getByRole("button", { name: /^Programmer sur 2 comptes/ })).toBeVisible();
  await expect.element(screen.getByRole("radio", { name: "Programmer" })).toBeChecked();
  expect(host.requests("posts.plan")).toEqual([]);
});

test("publishing at once to several is asked with names and number, and goes only after a yes", async () => {
  one = { ...one, plan: { ...toAll, to: ["a-bluesky", "a-mastodon"] } };
  const { host, screen } = await open(
    "/composer/p-1",
    core({
      "posts.schedule": ({ to, confirmed }) => {
        if (!confirmed) throw refusal("confirm_needed", "Publier maintenant sur 2 comptes ? Bluesky ; Mastodon.", { count: 2, accounts: [], why: ["many"] });
        return sent(to);
      },
    }),
  );
  await screen.getByRole("button", { name: /^Publier sur 2 comptes/ }).click();
  const dialog = screen.getByRole("dialog");
  await expect.element(dialog.getByText("Publier maintenant sur 2 comptes ? Bluesky ; Mastodon.")).toBeVisible();
  await dialog.getByRole("button", { name: "Annuler" }).click();
  expect(host.requests("posts.schedule").map((request) => request.confirmed)).toEqual([false]);
  await screen.getByRole("button", { name: /^Publier sur 2 comptes/ }).click();
  await dialog.getByRole("button", { name: "Publier sur 2 comptes" }).click();
  await soon(() => expect(host.requests("posts.schedule").map((request) => request.confirmed)).toEqual([false, false, true]));
  await expect.element(screen.getByText(/Publication en route vers 2 comptes/)).toBeVisible();
});

test("what is typed into a scheduled post is a correction that says so, and replaces only when it is confirmed", async () => {
  one = { ...one, deliveries: 1, places: [place("a-bluesky")] };
  const { host, screen, text } = await open(
    "/composer/p-1",
    core({
      "posts.confirm": () => (one = { ...one, correction: null, typing: false, stamp: "confirmed" }),
    }),
  );
  await expect.element(text).toHaveFocus();
  await expect.element(screen.getByText(/^Programmée sur 1 compte/)).toBeVisible();
  expect(screen.getByRole("button", { name: /Remplacer/ }).query()).toBeNull();
  await userEvent.keyboard("!");
  await expect.element(screen.getByText(NOTE)).toBeVisible();
  await expect.element(screen.getByRole("heading", { name: "Correction", level: 1 })).toBeVisible();
  expect(host.requests("posts.confirm")).toEqual([]);
  await userEvent.keyboard("{Control>}{Enter}{/Control}");
  await soon(() => expect(host.requests("posts.confirm")).toHaveLength(1));
  await expect.element(screen.getByText("Ce qui est programmé dit maintenant le nouveau texte.")).toBeVisible();
  expect(host.requests("posts.schedule")).toEqual([]);
});

test("a correction can be left: the confirmed text stands again, and nothing was sent", async () => {
  one = { ...one, content: say("Bonjour à demi"), typing: true, deliveries: 1, places: [place("a-bluesky")], correction: { kept_at: "2026-11-29T14:07:00Z", confirmable: true, gone: [], note: NOTE } };
  const { host, screen, text } = await open("/composer/p-1", core({ "posts.abandon": () => (one = { ...one, content: say("Bonjour"), correction: null, typing: false, stamp: "dropped" }) }));
  await expect.element(text).toHaveValue("Bonjour à demi");
  await screen.getByRole("button", { name: "Abandonner la correction" }).click();
  await expect.element(text).toHaveValue("Bonjour");
  expect(host.requests("posts.confirm")).toEqual([]);
  await expect.element(screen.getByText(/La correction est abandonnée/)).toBeVisible();
});

test("once it has gone out the page says so, and offers no replacing of what is live", async () => {
  one = { ...one, deliveries: 1, places: [place("a-bluesky")] };
  const { host, screen, text } = await open("/composer/p-1", core());
  await expect.element(screen.getByText(/^Programmée sur 1 compte/)).toBeVisible();
  one = { ...one, places: [place("a-bluesky", { state: "published", follows: false, url: "https://b.example/1" })] };
  host.tell({ event: "changed", tags: ["outbox"] });
  await expect.element(screen.getByText("En ligne sur 1 compte.")).toBeVisible();
  await expect.element(screen.getByRole("button", { name: /^Ouvrir ce qui est en ligne/ })).toBeVisible();
  await text.click();
  await userEvent.keyboard("{Control>}{Enter}{/Control}");
  expect(host.requests("posts.confirm")).toEqual([]);
  expect(host.requests("posts.schedule")).toEqual([]);
});

test("publishing where it is already is a word of its own, asked with what is there", async () => {
  const there = place("a-bluesky", { state: "published", follows: false, url: "https://b.example/1" });
  one = { ...one, deliveries: 1, places: [there] };
  const { host, screen } = await open(
    "/composer/p-1",
    core({
      "posts.schedule": ({ to, again }) => {
        if (!again) throw refusal("already_scheduled", "Elle y est déjà.", { places: [there] });
        return sent(to);
      },
    }),
  );
  await screen.getByRole("button", { name: "Publier ailleurs ou de nouveau…" }).click();
  await screen.getByRole("menuitemcheckbox", { name: /Bluesky|Sahel/ }).first().click();
  await userEvent.keyboard("{Escape}");
  await screen.getByRole("button", { name: /^Publier sur 1 compte/ }).click();
  const dialog = screen.getByRole("dialog");
  await expect.element(dialog.getByText(/la fera paraître deux fois/)).toBeVisible();
  expect(host.requests("posts.schedule").map((request) => request.again)).toEqual([false]);
  await dialog.getByRole("button", { name: "Publier de nouveau" }).click();
  await soon(() => expect(host.requests("posts.schedule").map((request) => request.again)).toEqual([false, true]));
});

test("another time moves the whole post in one step", async () => {
  one = { ...one, deliveries: 2, places: [place("a-bluesky"), place("a-mastodon")] };
  const { host, screen } = await open("/composer/p-1", core({ "posts.move": () => ({ post: one, moved: ["d-a-bluesky", "d-a-mastodon"], left: [] }) }));
  await screen.getByRole("button", { name: "Déplacer…" }).click();
  const dialog = screen.getByRole("dialog");
  await expect.element(dialog.getByLabelText("Date")).toHaveValue("2026-11-29");
  await dialog.getByLabelText("Heure", { exact: true }).fill("19:30");
  await dialog.getByRole("button", { name: "Déplacer", exact: true }).click();
  await soon(() => expect(host.requests("posts.move")).toEqual([{ post: "p-1", at: "2026-11-29T19:30", zone: "Africa/Bamako", accounts: null, confirmed: false }]));
  expect(host.requests("posts.schedule")).toEqual([]);
});
