import { beforeEach, expect, test } from "vitest";
import { render } from "vitest-browser-svelte";
import App from "../src/App.svelte";
import { beginning } from "../src/features/welcome/welcome.svelte";
import { appearance } from "../src/lib/appearance.svelte";
import { setLocale } from "../src/lib/words";
import { FakeHost, refusal, type Answers } from "./fake-host";
import { status } from "./samples";

const before = { ...status, workspace: null };

beforeEach(() => {
  Object.assign(beginning, { name: "", step: null, failed: null });
  appearance.forget();
  void setLocale("fr", { reload: false });
});

const core = (answers: Answers): FakeHost => new FakeHost({ "studio.status": () => before, ...answers });
const made = { workspace: "D:\\Griot\\Sahel", schema: 7 };

test("a workspace begins with the name that was typed", async () => {
  const host = core({ "workspace.create": () => made });
  const screen = await render(App);
  await expect.element(screen.getByText("D:\\Griot\\Sahel")).toBeVisible();
  await screen.getByLabelText("Nom de l’espace").fill(" Sahel Énergie ");
  await screen.getByRole("button", { name: "Commencer" }).click();
  await expect.poll(() => host.requests("workspace.create")).toEqual([{ name: "Sahel Énergie", samples: false }]);
});

test("without a name the studio finds one; the examples say how far they are", async () => {
  const host = core({ "workspace.create": () => new Promise(() => undefined) });
  const screen = await render(App);
  await screen.getByRole("button", { name: "Essayer avec des exemples" }).click();
  await expect.poll(() => host.requests("workspace.create")).toEqual([{ name: null, samples: true }]);
  host.tell({ event: "job", id: "j-2", what: "Exemples", done: 0.5, left_s: null });
  await expect.element(screen.getByRole("progressbar")).toHaveAttribute("aria-valuenow", "50");
});

test("another language and look apply at once, keep what was typed, and become the workspace’s", async () => {
  const host = core({ "workspace.create": () => made, "settings.set": () => ({ settings: {} }) });
  const screen = await render(App);
  await screen.getByLabelText("Nom de l’espace").fill("Kayes");
  await screen.getByRole("radio", { name: "Sombre" }).click();
  await screen.getByRole("radio", { name: "English" }).click();
  await expect.element(screen.getByLabelText("Name of the workspace")).toHaveValue("Kayes");
  await expect.element(screen.getByRole("radio", { name: "English" })).toHaveFocus();
  expect(document.documentElement.dataset.theme).toBe("dark");
  await screen.getByRole("button", { name: "Begin" }).click();
  await expect.poll(() => host.requests("settings.set")).toEqual([
    { key: "language", value: "en" },
    { key: "theme", value: "dark" },
  ]);
});

test("a workspace that could not be made says why, where it was asked for", async () => {
  core({
    "workspace.create": () => {
      throw refusal("no_rights", "Le dossier D:\\Griot\\Sahel est fermé.");
    },
  });
  const screen = await render(App);
  await screen.getByLabelText("Nom de l’espace").fill("Kayes");
  await screen.getByRole("button", { name: "Commencer" }).click();
  await expect.element(screen.getByRole("alert")).toHaveTextContent("Le dossier D:\\Griot\\Sahel est fermé.");
  await expect.element(screen.getByLabelText("Nom de l’espace")).toHaveValue("Kayes");
});

test("a backup is restored from the file that was chosen", async () => {
  const host = core({ "workspace.restore": ({ file }) => ({ file, bytes: 5 }) });
  host.picks = [{ handle: "handle:b", name: "sahel.griot" }];
  const screen = await render(App);
  await screen.getByRole("button", { name: "Reprendre une sauvegarde" }).click();
  await expect.poll(() => host.requests("workspace.restore")).toEqual([{ file: "handle:b" }]);
});
