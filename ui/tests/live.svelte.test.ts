// What is live, and is to change: corrected, deleted, left as it is.
import { expect, test } from "vitest";
import { userEvent } from "vitest/browser";
import { render } from "vitest-browser-svelte";
import QueueScreen from "../src/features/queue/Queue.svelte";
import { refusal } from "./fake-host";
import { core, delivery, menuOf } from "./queue-core";
import Rooted from "./Rooted.svelte";
import { line } from "./samples";

const live = line("d9", { state: "published", group: "done", network: "telegram", account_name: "Canal", title: "Le marché ouvre à 8 h", url: "https://t.example/9", actions: ["correct", "copy", "delete"] });
const there = { text: "Le marché ouvre à 8 h", asked: null, edited_at: null, deleted_at: null, waits: null, notes: [] };

test("what is live is corrected in a dialog that keeps the words when the rules refuse them", async () => {
  const host = core([live], {
    "deliveries.get": () => ({ delivery: delivery(live, { live: there }) }),
    "deliveries.edit": ({ text }) => {
      if (text === "trop long") throw refusal("refused", "Le texte dépasse.");
      return { delivery: delivery(live, { live: { ...there, asked: text } }) };
    },
  });
  const screen = await render(Rooted, { of: QueueScreen });
  await expect.element(screen.getByText("Le marché ouvre à 8 h")).toBeVisible();
  expect(await menuOf("Le marché ouvre")).toEqual(["Corriger la publication…", "La récrire", "Supprimer du réseau…", "Ouvrir la publication", "Détails"]);
  document.querySelector<HTMLElement>('[role="menuitem"]')?.click();
  const dialog = screen.getByRole("dialog");
  const field = dialog.getByLabelText("Le texte");
  await expect.element(field).toHaveValue("Le marché ouvre à 8 h");
  const press = dialog.getByRole("button", { name: "Envoyer la correction" });
  await expect.element(press).toBeDisabled();
  await field.fill("trop long");
  await press.click();
  await expect.element(dialog.getByText("Le texte dépasse.")).toBeVisible();
  await expect.element(field).toHaveValue("trop long");
  await field.fill("Le marché ouvre à 9 h");
  await press.click();
  await expect.element(dialog).not.toBeInTheDocument();
  expect(host.requests("deliveries.edit").at(-1)).toEqual({ id: "d9", text: "Le marché ouvre à 9 h", dry_run: false });
});

test("deleting says that it cannot be undone there, and asks once", async () => {
  const host = core([live], { "deliveries.get": () => ({ delivery: delivery(live, { live: there }) }), "deliveries.delete": () => ({ delivery: delivery(live) }) });
  const screen = await render(Rooted, { of: QueueScreen });
  await expect.element(screen.getByText("Le marché ouvre à 8 h")).toBeVisible();
  await menuOf("Le marché ouvre");
  [...document.querySelectorAll<HTMLElement>('[role="menuitem"]')].find((one) => one.textContent.includes("Supprimer"))?.click();
  const dialog = screen.getByRole("dialog");
  await expect.element(dialog.getByText(/cela ne se défait pas/)).toBeVisible();
  expect(host.requests("deliveries.delete")).toEqual([]);
  await dialog.getByRole("button", { name: "Supprimer pour de bon" }).click();
  await expect.element(dialog).not.toBeInTheDocument();
  expect(host.requests("deliveries.delete")).toEqual([{ id: "d9", dry_run: false }]);
});

test("what its account keeps from leaving offers to connect it again before anything else", async () => {
  core([line("d12", { state: "published", group: "done", account: "a-lost", title: "Retenue", wish: "edit", wish_waits: "account", actions: ["reconnect", "leave", "correct"] })]);
  const screen = await render(Rooted, { of: QueueScreen });
  await expect.element(screen.getByText("Retenue")).toBeVisible();
  await expect.element(screen.getByRole("button", { name: "La laisser telle quelle" })).not.toBeInTheDocument();
  await screen.getByRole("button", { name: "Reconnecter" }).click();
  await expect.poll(() => location.hash).toBe("#/accounts/a-lost");
  location.hash = "";
});

test("what was deleted says when, keeps its words, and what was asked can be left", async () => {
  const gone = line("d10", { state: "deleted", group: "done", title: "Effacée", deleted_at: "2026-11-22T14:07:00.000Z", url: "https://t.example/10", actions: ["copy"] });
  const asked = line("d11", { state: "published", group: "done", title: "Demandée", wish: "edit", wish_waits: "network", actions: ["leave", "correct"] });
  const host = core([gone, asked], { "deliveries.leave": () => ({ delivery: delivery(asked) }) });
  const screen = await render(Rooted, { of: QueueScreen });
  await expect.element(screen.getByText(/Supprimée du réseau\s: .*Son texte reste ici/)).toBeVisible();
  await expect.element(screen.getByText(/va être donné au réseau. Attend la connexion/)).toBeVisible();
  expect(await menuOf("Effacée")).toEqual(["La récrire", "Détails"]);
  await userEvent.keyboard("{Escape}");
  await expect.poll(() => document.querySelector('[role="menu"]')).toBeNull();
  await screen.getByRole("button", { name: "La laisser telle quelle" }).click();
  await expect.poll(() => host.requests("deliveries.leave")).toEqual([{ id: "d11" }]);
});
