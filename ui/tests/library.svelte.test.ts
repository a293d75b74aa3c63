import { beforeEach, expect, test } from "vitest";
import { page, userEvent } from "vitest/browser";
import { render } from "vitest-browser-svelte";
import { takeHandoff } from "../src/lib/media/handoff.svelte";
import { FakeHost, refusal, type Answers } from "./fake-host";
import LibraryHarness from "./LibraryHarness.svelte";
import { answers } from "./preview/media";
import { status } from "./samples";
import { soon } from "./soon";

beforeEach(() => {
  location.hash = "";
});

async function library(state = "full", more: Answers = {}) {
  const host = new FakeHost({ "studio.status": () => status, ...answers(state), ...more });
  await render(LibraryHarness);
  return host;
}

const choose = (name: string) => page.getByRole("checkbox", { name: `Choisir ${name}` });

test("what a post still needs stays, with the reason; the rest is removed", async () => {
  const host = await library();
  await choose("lampe.jpg").click();
  await choose("toit.jpg").click();
  await page.getByRole("button", { name: "Retirer de la médiathèque" }).click();
  const dialog = page.getByRole("dialog");
  await expect.element(dialog.getByText("Retirer 2 médias\u00a0?")).toBeVisible();
  await dialog.getByRole("button", { name: "Retirer de la médiathèque" }).click();
  await expect.element(page.getByText(/est dans une publication programmée/)).toBeVisible();
  expect(host.requests("library.remove")).toEqual([{ assets: ["m-lamp", "m-roof"] }]);
  host.tell({ event: "changed", tags: ["library"] });
  await expect.element(choose("toit.jpg")).not.toBeInTheDocument();
  await expect.element(choose("lampe.jpg")).toBeInTheDocument();
});

test("a removal that fails leaves the choice as it was", async () => {
  await library("full", {
    "library.remove": () => {
      throw refusal("no_rights", "Le dossier est fermé.");
    },
  });
  await choose("toit.jpg").click();
  await page.getByRole("button", { name: "Retirer de la médiathèque" }).click();
  await page.getByRole("dialog").getByRole("button", { name: "Retirer de la médiathèque" }).click();
  await expect.element(page.getByRole("dialog")).not.toBeInTheDocument();
  await expect.element(choose("toit.jpg")).toBeChecked();
});

test("Shift chooses a range, Ctrl A all that is shown, and composing takes them along in order", async () => {
  await library();
  await choose("toit.jpg").click();
  await choose("atelier 1.jpg").click({ modifiers: ["Shift"] });
  await expect.element(page.getByText("4 choisis")).toBeVisible();
  await page.getByRole("button", { name: "Composer avec" }).click();
  expect(location.hash).toBe("#/composer/new");
  expect(takeHandoff().map((item) => item.asset)).toEqual(["m-roof", "m-film", "g-0", "g-1"]);
  await userEvent.keyboard("{Control>}a{/Control}");
  await expect.element(page.getByText("63 choisis")).toBeVisible();
});

test("a search narrows what is shown, and says when nothing fits", async () => {
  const host = await library();
  await expect.element(page.getByText("63 médias")).toBeVisible();
  await page.getByRole("searchbox").fill("lampe");
  await expect.element(page.getByText("1 média", { exact: true })).toBeVisible();
  await page.getByRole("button", { name: "Films" }).click();
  await expect.element(page.getByRole("heading", { name: "Aucun média ne correspond" })).toBeVisible();
  expect(host.requests("library.list").at(-1)).toMatchObject({ search: "lampe", kind: "video" });
});

test("pages of 200 follow one another until all are there", async () => {
  const host = await library("many");
  await expect.element(page.getByText("200 sur 10\u202f003")).toBeVisible();
  const list = page.getByRole("list", { name: "Médias de la médiathèque" }).element();
  await soon(() => {
    list.parentElement?.scrollTo(0, 1_000_000);
    expect(host.requests("library.list").length).toBeGreaterThan(1);
  });
  await expect.element(page.getByText(/^[46]00 sur 10\u202f003$/)).toBeVisible();
  expect(list.children.length).toBeLessThan(120);
  expect(host.requests("library.list")[1]).toMatchObject({ limit: 200, offset: 200 });
});

test("the arrows walk the tiles, Enter opens one, and closing comes back to it", async () => {
  await library();
  const first = page.getByRole("button", { name: /lampe\.jpg/ });
  await expect.element(first).toBeVisible();
  (first.element() as HTMLElement).focus();
  await userEvent.keyboard("{ArrowRight}{Enter}");
  await expect.element(page.getByRole("dialog", { name: "toit.jpg" })).toBeVisible();
  await userEvent.keyboard("{Escape}");
  await expect.element(page.getByRole("button", { name: /toit\.jpg/ })).toHaveFocus();
});

test("empty and failed are said in words, with a way on", async () => {
  await library("empty");
  await expect.element(page.getByRole("heading", { name: "La médiathèque est vide" })).toBeVisible();
  const host = new FakeHost({
    "studio.status": () => status,
    "library.list": () => {
      throw refusal("database_damaged", "La base ne se lit pas.");
    },
  });
  await render(LibraryHarness);
  await expect.element(page.getByText("La base ne se lit pas.")).toBeVisible();
  expect(host.requests("library.list").length).toBeGreaterThan(0);
});
