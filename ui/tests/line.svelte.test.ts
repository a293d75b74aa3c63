// The line as a person meets it: what went up and what is to go, what fits into ten minutes, and what a post will cost.
import { expect, test } from "vitest";
import { userEvent } from "vitest/browser";
import { render } from "vitest-browser-svelte";
import type { Fitting } from "../src/contract/Fitting";
import type { PostWeights } from "../src/contract/PostWeights";
import type { Status } from "../src/contract/Status";
import Connection from "../src/Connection.svelte";
import Traffic from "../src/lib/line/Traffic.svelte";
import Weight from "../src/lib/line/Weight.svelte";
import { FakeHost, refusal, type Answers } from "./fake-host";
import Rooted from "./Rooted.svelte";
import { accounts, content, fitting, line, status, traffic } from "./samples";

const light = line("d-light", { title: "Quelques mots", upload_bytes: 400, due: null });
const heavy = line("d-heavy", { title: "Le film du dimanche", upload_bytes: 61_000_000 });

function core(more: Answers = {}, now: Partial<Status> = {}): FakeHost {
  return new FakeHost({
    "studio.status": () => ({ ...status, ...now }),
    "queue.traffic": () => traffic,
    "queue.fitting": ({ minutes }) => fitting(minutes, [light, heavy], minutes * 1_000_000),
    "queue.send_fitting": ({ minutes }) => fitting(minutes, [light], 1_000_000),
    ...more,
  });
}

/** The dialog, opened as a person opens it. */
async function asked() {
  const screen = await render(Rooted, { of: Traffic });
  await screen.getByRole("button", { name: /Envoyer ce qui tient/ }).click();
  return screen;
}
const plain = (text: string | null | undefined) => (text ?? "").replaceAll("\u00a0", " ").replace(/\s+/g, " ").trim();

test("the queue's head says what went up today and this month, and what is to go", async () => {
  core({ "queue.traffic": () => ({ ...traffic, metered: true, link: "metered", bytes_per_second: 42_000 }) });
  const screen = await render(Rooted, { of: Traffic });
  await expect.element(screen.getByText(/12,4\sMo\senvoyés,\s8,1\sMo\sà\senvoyer/)).toBeVisible();
  const said = plain(screen.getByRole("region").element().textContent);
  expect(said).toContain("Ce mois-ci : 310 Mo");
  expect(said).toContain("Connexion comptée · 42 ko/s");
});

test("what fits is shown before it is sent, and is sent once", async () => {
  const host = core();
  const screen = await asked();
  const dialog = screen.getByRole("dialog");
  await expect.element(dialog.getByText(/1\spublication\sgardée\sjusqu’à\s14:18\s·\s61\sMo/)).toBeVisible();
  expect(plain(dialog.element().textContent)).toContain("1 publication part, 400 o. Calculé à 40 ko/s");
  expect(host.requests("queue.send_fitting")).toEqual([]);
  await dialog.getByRole("combobox").selectOptions("5");
  await dialog.getByRole("switch", { name: "Même ce qui est prévu plus tard" }).click();
  await expect.poll(() => host.requests("queue.fitting").at(-1)).toEqual({ minutes: 5, later: true });
  await dialog.getByRole("button", { name: /^Envoyer\s400\so$/ }).click();
  await expect.element(dialog).not.toBeInTheDocument();
  expect(host.requests("queue.send_fitting")).toEqual([{ minutes: 5, later: true }]);
});

test("an empty queue sends nothing, a speed that nobody measured is said to be assumed, a refusal is shown", async () => {
  core({ "queue.fitting": ({ minutes }) => fitting(minutes, [], 0) });
  const empty = await asked();
  await expect.element(empty.getByText("Rien n’attend d’être envoyé.")).toBeVisible();
  await expect.element(empty.getByRole("dialog").getByRole("button", { name: "Envoyer ce qui tient" })).toBeDisabled();
  await empty.unmount();
  const guess = (minutes: number): Fitting => ({ ...fitting(minutes, [light], 1_000_000), bytes_per_second: 16_384, measured: false });
  core({ "queue.fitting": ({ minutes }) => guess(minutes) });
  const guessed = await asked();
  await expect.element(guessed.getByText(/Rien\sn’a\sété\smesuré\sdepuis\sune\sheure\s:\scalculé\sà\s16,4\sko\/s/)).toBeVisible();
  await guessed.unmount();
  core({
    "queue.fitting": () => {
      throw refusal("not_now", "Les envois sont en pause.");
    },
  });
  const paused = await asked();
  await expect.element(paused.getByText("Les envois sont en pause.")).toBeVisible();
});

test("everything of it is reached by keyboard", async () => {
  core();
  const screen = await render(Rooted, { of: Traffic });
  await expect.element(screen.getByRole("button", { name: /Envoyer ce qui tient/ })).toBeVisible();
  await userEvent.keyboard("{Tab}{Enter}");
  await expect.element(screen.getByRole("dialog")).toBeVisible();
  await expect.poll(() => document.activeElement?.tagName).toBe("SELECT");
  await userEvent.keyboard("{Escape}");
  await expect.element(screen.getByRole("dialog")).not.toBeInTheDocument();
});

test("a post says what it weighs for each account before it is scheduled, and that a metered line costs", async () => {
  const answer: PostWeights = {
    weights: [{ account: "a-bluesky", bytes: 1_200_000, exact: true }, { account: "a-mastodon", bytes: 6_800_000, exact: false }, { account: "a-whatsapp", bytes: null, exact: true }],
    bytes: 8_000_000, exact: false, metered: true,
  };
  const host = core({ "posts.weigh": () => answer });
  const screen = await render(Weight, { content, chosen: accounts, nameOf: (network: string) => network });
  await expect.element(screen.getByText(/À\senvoyer\s:\s8\sMo\sau\splus/)).toBeVisible();
  const said = plain(screen.getByRole("region").element().textContent);
  expect(said).toContain("Connexion comptée");
  expect(said).toContain("bluesky, Sahel Énergie");
  expect(said).toContain("6,8 Mo au plus");
  expect(said).not.toContain("whatsapp");
  expect(host.requests("posts.weigh")[0]?.to).toEqual(["a-bluesky", "a-mastodon", "a-whatsapp"]);
});

test.each([["slow", "Connexion lente"], ["metered", "Connexion comptée"], ["good", "En ligne"]] as const)("the rail says that a line is %s", async (link, said) => {
  core({}, { link });
  const screen = await render(Rooted, { of: Connection });
  await expect.element(screen.getByText(said, { exact: true })).toBeVisible();
});
