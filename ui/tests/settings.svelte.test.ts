import { expect, test } from "vitest";
import { render } from "vitest-browser-svelte";
import type { Status } from "../src/contract/Status";
import Settings from "../src/features/settings/Settings.svelte";
import { FakeHost, refusal, type Answers } from "./fake-host";
import Rooted from "./Rooted.svelte";
import { status } from "./samples";

function core(answers: Answers = {}, now: Partial<Status> = {}): FakeHost {
  const kept: Record<string, unknown> = { zone: "Africa/Bamako" };
  return new FakeHost({
    "studio.status": () => ({ ...status, ...now }),
    "settings.get": () => ({ settings: { ...kept } }),
    "settings.set": ({ key, value }) => {
      kept[key] = value;
      return { settings: { ...kept } };
    },
    "schedule.zones": () => ({ zones: ["Africa/Bamako", "Africa/Dakar", "Europe/Paris"], current: "Africa/Bamako" }),
    "media.reserve": () => ({ megapixels: 200, memory_mib: 512, picture_mib: 256, film_gib: 16, minutes: 240 }),
    "doctor.run": () => ({ checks: [{ name: "disk", ok: false, detail: "12 Mo libres." }] }),
    ...answers,
  });
}

test("the look is kept as soon as it is chosen", async () => {
  const host = core();
  const screen = await render(Rooted, { of: Settings });
  await screen.getByRole("radio", { name: "Sombre" }).click();
  await expect.poll(() => host.requests("settings.set")).toEqual([{ key: "theme", value: "dark" }]);
  await expect.element(screen.getByRole("radio", { name: "Sombre" })).toBeChecked();
});

test("a choice that could not be kept goes back to what it was", async () => {
  core({
    "settings.set": () => {
      throw refusal("disk_full", "Le disque est plein.");
    },
  });
  const screen = await render(Rooted, { of: Settings });
  await screen.getByRole("radio", { name: "Sombre" }).click();
  await expect.element(screen.getByRole("radio", { name: "Clair" })).toBeChecked();
  await screen.getByRole("switch", { name: "Mettre l’envoi en pause" }).click();
  await expect.element(screen.getByRole("switch", { name: "Mettre l’envoi en pause" })).not.toBeChecked();
});

test("the pause says who sends, and can be ended", async () => {
  const host = core({}, { worker: "elsewhere" });
  const screen = await render(Rooted, { of: Settings });
  await expect.element(screen.getByText(/Un autre Griot ouvert sur cet espace envoie/)).toBeVisible();
  const pause = screen.getByRole("switch", { name: "Mettre l’envoi en pause" });
  await pause.click();
  await expect.element(pause).toBeChecked();
  await pause.click();
  await expect.element(pause).not.toBeChecked();
  expect(host.requests("settings.set").map(({ value }) => value)).toEqual([true, false]);
});

test("a metered connection is as the system says, unless the person knows better", async () => {
  const host = core({}, { metered_by_system: true });
  const screen = await render(Rooted, { of: Settings });
  const group = screen.getByRole("group", { name: "Connexion comptée au mégaoctet" });
  await expect.element(group.getByRole("radio", { name: "Comme le dit le système" })).toBeChecked();
  await expect.element(screen.getByText(/Le système dit qu’elle est comptée/)).toBeVisible();
  await group.getByRole("radio", { name: "Non" }).click();
  await expect.element(group.getByRole("radio", { name: "Non" })).toBeChecked();
  await group.getByRole("radio", { name: "Comme le dit le système" }).click();
  await expect.poll(() => host.requests("settings.set")).toEqual([
    { key: "line.metered", value: false },
    { key: "line.metered", value: null },
  ]);
});

test("a monthly cap for X is kept as an amount, and an empty one is none", async () => {
  const host = core();
  const screen = await render(Rooted, { of: Settings });
  const cap = screen.getByLabelText("Plafond mensuel pour X, en dollars");
  const keep = screen.getByRole("button", { name: "Garder ce plafond" });
  await expect.element(keep).toBeDisabled();
  await cap.fill("beaucoup");
  await expect.element(cap).toHaveAccessibleDescription(/^Écrivez un montant/);
  await expect.element(keep).toBeDisabled();
  await cap.fill("7,50");
  await keep.click();
  await expect.poll(() => host.requests("settings.set")).toEqual([{ key: "x.month_cap", value: 7.5 }]);
  await cap.fill("");
  await keep.click();
  await expect.poll(() => host.requests("settings.set").at(-1)).toEqual({ key: "x.month_cap", value: null });
});

test("a workspace is renamed only to another name that is one", async () => {
  const host = core();
  const screen = await render(Rooted, { of: Settings });
  const [name, rename] = [screen.getByLabelText("Nom", { exact: true }), screen.getByRole("button", { name: "Renommer" })];
  await expect.element(rename).toBeDisabled();
  await name.fill("   ");
  await expect.element(rename).toBeDisabled();
  await name.fill(" Kayes Lumière ");
  await rename.click();
  await expect.poll(() => host.requests("settings.set")).toEqual([{ key: "workspace.name", value: "Kayes Lumière" }]);
});

test("a backup says where it went and how large it is", async () => {
  core({ "workspace.backup": ({ file }) => ({ file, bytes: 61_200_000 }) });
  const screen = await render(Rooted, { of: Settings });
  await screen.getByRole("button", { name: "Faire une sauvegarde" }).click();
  await expect.element(screen.getByText(/Sauvegarde écrite\s: griot-sahel-energie-.*\.griot, 61,2\sMo\./)).toBeVisible();
});

test("a backup shows how far it is and can be stopped", async () => {
  const host = core({ "workspace.backup": () => new Promise(() => undefined), "jobs.cancel": () => ({}) });
  const screen = await render(Rooted, { of: Settings });
  await screen.getByRole("button", { name: "Faire une sauvegarde" }).click();
  await expect.poll(() => host.requests("workspace.backup").length).toBe(1);
  host.tell({ event: "job", id: "j-1", what: "Sauvegarde", done: 0.4, left_s: null });
  await expect.element(screen.getByRole("progressbar")).toHaveAttribute("aria-valuenow", "40");
  await screen.getByRole("button", { name: "Annuler" }).click();
  await expect.poll(() => host.requests("jobs.cancel")).toEqual([{ id: "j-1" }]);
});

test("a journal that was changed says so in words", async () => {
  const host = core({ "journal.verify": () => ({ entries: 3, head: "a", ok: false, problem: "L’événement 2 manque." }) });
  host.picks = [{ handle: "handle:j", name: "journal.json" }];
  const screen = await render(Rooted, { of: Settings });
  await screen.getByLabelText("Empreinte gardée (facultative)").fill(" abc ");
  await screen.getByRole("button", { name: "Vérifier un journal" }).click();
  await expect.element(screen.getByText("Le journal n’est pas intact. L’événement 2 manque.")).toBeVisible();
  expect(host.requests("journal.verify")).toEqual([{ file: "handle:j", head: "abc" }]);
});

test("what the machine lacks is a word, not only a colour", async () => {
  const host = core();
  const screen = await render(Rooted, { of: Settings });
  await expect.element(screen.getByText("À voir")).toBeVisible();
  await screen.getByRole("button", { name: "Vérifier de nouveau" }).click();
  await expect.poll(() => host.requests("doctor.run").length).toBe(2);
});

test("credit stays in pictures when it is wanted, and what a file may cost is said", async () => {
  const host = core();
  const screen = await render(Rooted, { of: Settings });
  const credit = screen.getByRole("switch", { name: "Garder le copyright et le crédit des images" });
  await expect.element(credit).not.toBeChecked();
  await credit.click();
  await expect.element(credit).toBeChecked();
  expect(host.requests("settings.set")).toEqual([{ key: "media.keep_credit", value: true }]);
  await expect.element(screen.getByText(/Une image\s: 200 mégapixels, 256\sMio de fichier, 512\sMio de mémoire/)).toBeVisible();
  await expect.element(screen.getByText(/Un film\s: 240 minutes, 16\sGio/)).toBeVisible();
});

test("settings that cannot be read say why, and the rest of the screen stays", async () => {
  core({
    "settings.get": () => {
      throw refusal("environment", "Le disque n’a pas répondu.");
    },
  });
  const screen = await render(Rooted, { of: Settings });
  await expect.element(screen.getByText("Le disque n’a pas répondu.")).toBeVisible();
  await expect.element(screen.getByRole("button", { name: "Faire une sauvegarde" })).toBeVisible();
});
