import { expect, test, vi } from "vitest";
import { page, userEvent } from "vitest/browser";
import { render } from "vitest-browser-svelte";
import type { Attachment } from "../src/contract/Attachment";
import type { ImportDone } from "../src/contract/ImportDone";
import { arrivals } from "../src/lib/media/arrivals.svelte";
import { FakeHost, refusal, type Answers } from "./fake-host";
import MediaHarness from "./MediaHarness.svelte";
import { answers } from "./preview/media";
import { content, status } from "./samples";
import { soon } from "./soon";

async function strip(media: Attachment[] = content.media, more: Answers = {}) {
  const host = new FakeHost({ "studio.status": () => status, ...answers("full"), ...more });
  let now = media;
  await render(MediaHarness, { media, onchange: (changed: Attachment[]) => void (now = changed) });
  if (media.length > 0) await expect.element(tile(0)).toBeVisible();
  return { host, order: () => now.map((item) => item.asset), media: () => now };
}

const tile = (n: number) => page.getByRole("button", { name: new RegExp(`, ${n + 1} sur `) });
const open = (n: number) => {
  (tile(n).element() as HTMLElement).focus();
  return userEvent.keyboard("{Enter}");
};
const asked = async (n: number) => expect.element(tile(n)).toHaveFocus();

function carrying(...files: File[]): DataTransfer {
  const data = new DataTransfer();
  for (const file of files) data.items.add(file);
  return data;
}
const jpeg = (name: string) => new File(["bytes"], name, { type: "image/jpeg" });
const paste = (data: DataTransfer, target: Element = document.body) =>
  target.dispatchEvent(new ClipboardEvent("paste", { clipboardData: data, bubbles: true, cancelable: true }));

function tookIn(name: string, part: Partial<ImportDone> = {}): ImportDone {
  return {
    imported: [{ asset: name, path: name, kind: "image", width: 4, height: 5, bytes: 9, duplicate: false }],
    refused: [],
    ...part,
  };
}

test("Alt and the arrows move a picture, the keyboard stays on it, and the move is said", async () => {
  const { order } = await strip();
  (tile(0).element() as HTMLElement).focus();
  await userEvent.keyboard("{Alt>}{ArrowRight}{/Alt}");
  expect(order()).toEqual(["m-roof", "m-lamp", "m-film"]);
  await asked(1);
  await expect.element(page.getByText("lampe.jpg\u00a0: place 2 sur 3")).toBeInTheDocument();
  await userEvent.keyboard("{ArrowRight}{Alt>}{ArrowLeft}{/Alt}");
  expect(order()).toEqual(["m-roof", "m-film", "m-lamp"]);
});

test("Delete takes a picture out of the post and the keyboard goes to the next", async () => {
  const { order } = await strip();
  (tile(1).element() as HTMLElement).focus();
  await userEvent.keyboard("{Delete}");
  expect(order()).toEqual(["m-lamp", "m-film"]);
  await asked(1);
  await userEvent.keyboard("{Delete}{Delete}");
  expect(order()).toEqual([]);
  await expect.element(page.getByRole("button", { name: /Déposer, coller ou parcourir/ })).toHaveFocus();
});

test("a picture is dragged to another's place with the mouse", async () => {
  const { order } = await strip();
  const middle = (n: number) => {
    const box = tile(n).element().getBoundingClientRect();
    return { clientX: box.x + box.width / 2, clientY: box.y + 40, bubbles: true, pointerId: 1, pointerType: "mouse" };
  };
  tile(0).element().dispatchEvent(new PointerEvent("pointerdown", middle(0)));
  dispatchEvent(new PointerEvent("pointermove", middle(2)));
  dispatchEvent(new PointerEvent("pointerup", middle(2)));
  await soon(() => expect(order()).toEqual(["m-roof", "m-film", "m-lamp"]));
});

test("an asset that left the library says so and can be taken out; the others stay usable", async () => {
  const { order } = await strip([{ asset: "vanished", alt: "" }, ...content.media]);
  await expect.element(page.getByText("Absent de la médiathèque. Retirez-le de la publication.")).toBeVisible();
  (tile(0).element() as HTMLElement).focus();
  await userEvent.keyboard("{Delete}");
  expect(order()).toEqual(["m-lamp", "m-roof", "m-film"]);
});

test("when the library cannot be read the strip says so in place and reads again", async () => {
  let down = true;
  const whole = answers("full")["library.list"];
  await strip(content.media, {
    "library.list": (request) => {
      if (down || whole === undefined) throw refusal("environment", "Le disque n’a pas répondu.");
      return whole(request);
    },
  });
  await expect.element(page.getByText("Le disque n’a pas répondu.")).toBeVisible();
  down = false;
  await page.getByRole("button", { name: "Réessayer" }).click();
  await expect.element(tile(0)).toHaveAccessibleName(/lampe\.jpg/);
});

test("a pasted picture is attached, and what is refused is said file by file", async () => {
  const { media } = await strip(content.media, {
    "library.import": () => tookIn("m-new", { refused: [{ path: "handle:notes.pdf", code: "not_media", message: "ce n’est ni une image ni un film." }] }),
  });
  paste(carrying(jpeg("a.jpg"), new File(["x"], "notes.pdf")));
  await expect.element(page.getByText("notes.pdf\u00a0: ce n’est ni une image ni un film.")).toBeVisible();
  expect(media().at(-1)).toEqual({ asset: "m-new", alt: "" });
  await page.getByRole("button", { name: "Compris" }).click();
  await expect.element(page.getByText("notes.pdf\u00a0: ce n’est ni une image ni un film.")).not.toBeInTheDocument();
});

test("what the library had already brings its alt text and is not attached twice", async () => {
  const again = { path: "a", kind: "image", width: 4, height: 5, bytes: 9, duplicate: true } as const;
  const { media } = await strip(content.media.slice(0, 1), {
    "library.import": () => ({ imported: [{ ...again, asset: "m-roof" }, { ...again, asset: "m-lamp" }], refused: [] }),
  });
  paste(carrying(jpeg("a.jpg")));
  await soon(() => expect(media()).toHaveLength(2));
  expect(media()[1]).toEqual({ asset: "m-roof", alt: "Panneaux sur le toit de l’école" });
});

test("200 pasted files are one import; the grid folds after twelve and opens", async () => {
  const { host, media } = await strip([], {
    "library.import": ({ files }) => ({ imported: files.slice(0, 150).flatMap((file) => tookIn(file).imported), refused: files.slice(150).map((path) => ({ path, code: "not_media", message: "illisible." })) }),
  });
  paste(carrying(...Array.from({ length: 200 }, (_, n) => jpeg(`${n}.jpg`))));
  await soon(() => expect(media()).toHaveLength(150));
  expect(host.requests("library.import")).toHaveLength(1);
  await expect.element(page.getByRole("heading", { name: "50 fichiers n’ont pas été pris" })).toBeVisible();
  expect(document.querySelectorAll("[data-tile]")).toHaveLength(12);
  await page.getByRole("button", { name: "Tout montrer (150)" }).click();
  expect(document.querySelectorAll("[data-tile]")).toHaveLength(150);
});

test("text pasted into a field stays text, even when a picture of it comes along", async () => {
  const { host } = await strip();
  const data = carrying(jpeg("cells.png"));
  data.setData("text/plain", "Deux cellules");
  expect(paste(data, page.getByRole("textbox", { name: "Texte" }).element())).toBe(true);
  const words = new DataTransfer();
  words.setData("text/plain", "Des mots");
  expect(paste(words)).toBe(true);
  expect(host.requests("library.import")).toHaveLength(0);
});

test("files over the window show the veil; text that is dragged does not", async () => {
  const { host, media } = await strip([], { "library.import": () => tookIn("m-new") });
  const text = new DataTransfer();
  text.setData("text/plain", "mot");
  expect(document.body.dispatchEvent(new DragEvent("dragover", { dataTransfer: text, bubbles: true, cancelable: true }))).toBe(true);
  await expect.element(page.getByText("Déposez pour ajouter")).not.toBeInTheDocument();
  const data = carrying(jpeg("a.jpg"));
  document.body.dispatchEvent(new DragEvent("dragover", { dataTransfer: data, bubbles: true, cancelable: true }));
  await expect.element(page.getByText("Déposez pour ajouter")).toBeVisible();
  document.body.dispatchEvent(new DragEvent("drop", { dataTransfer: data, bubbles: true, cancelable: true }));
  await expect.element(page.getByText("Déposez pour ajouter")).not.toBeInTheDocument();
  await soon(() => expect(media()).toHaveLength(1));
  host.tell({ event: "drop", phase: "over", files: [] });
  await expect.element(page.getByText("Déposez pour ajouter")).toBeVisible();
  host.tell({ event: "drop", phase: "fell", files: [{ handle: "h-1", name: "b.jpg" }] });
  await soon(() => expect(host.requests("library.import").at(-1)).toEqual({ files: ["h-1"] }));
});

test("the newest receiver gets the files; when it left in the meantime nobody else does", async () => {
  const { media } = await strip([]);
  const got = vi.fn();
  const leave = arrivals.add(got);
  await arrivals.bring(Promise.resolve(tookIn("m-new")));
  expect(got).toHaveBeenCalledOnce();
  let arrive: (done: ImportDone) => void = () => undefined;
  const way = arrivals.bring(new Promise((resolve) => (arrive = resolve)));
  leave();
  arrive(tookIn("m-late"));
  await way;
  expect(got).toHaveBeenCalledOnce();
  expect(media()).toEqual([]);
  await arrivals.bring(Promise.resolve(tookIn("m-next")));
  await soon(() => expect(media()).toHaveLength(1));
});

test("the picker gives the assets in the order in which they were chosen", async () => {
  const { order } = await strip(content.media.slice(0, 1));
  await page.getByRole("button", { name: "Depuis la médiathèque" }).click();
  const dialog = page.getByRole("dialog");
  await expect.element(dialog.getByRole("button", { name: /lampe\.jpg/ })).toBeDisabled();
  await dialog.getByRole("button", { name: /coopérative\.mp4/ }).click();
  await dialog.getByRole("button", { name: /toit\.jpg/ }).click();
  await userEvent.keyboard("{Enter}");
  await expect.element(dialog).not.toBeInTheDocument();
  expect(order()).toEqual(["m-lamp", "m-film", "m-roof"]);
});

test("the alt text of a post goes to the library too where the library has no words of its own", async () => {
  const { host, media } = await strip();
  await open(2);
  await page.getByRole("textbox", { name: "Texte alternatif dans cette publication" }).fill("Un film");
  await expect.element(page.getByText("Enregistré", { exact: true })).toBeVisible();
  expect(media()[2]?.alt).toBe("Un film");
  expect(host.requests("library.edit").at(-1)).toEqual({ asset: "m-film", alt: "Un film", focus: null, tags: null });
});

test("the focal point moves by arrow keys, is said in words and is saved", async () => {
  const { host } = await strip();
  await open(0);
  const point = page.getByRole("slider", { name: "Point d’intérêt" });
  await expect.element(point).toBeVisible();
  (point.element() as HTMLElement).focus();
  await userEvent.keyboard("{Shift>}{ArrowLeft}{/Shift}{ArrowUp}");
  await expect.element(point).toHaveAttribute("aria-valuetext", "Point d’intérêt\u00a0: 40\u00a0% depuis la gauche, 49\u00a0% depuis le haut");
  await expect.element(page.getByText("Enregistré", { exact: true })).toBeVisible();
  expect(host.requests("library.edit").at(-1)?.focus).toEqual({ x: 0.4, y: 0.49 });
});

test("the suggested point is shown while nobody chose one, and can be taken up again", async () => {
  const list = answers("full")["library.list"];
  const { host } = await strip(content.media, {
    "library.list": async (request) => {
      const found = await list?.(request);
      return { assets: (found?.assets ?? []).map((one) => ({ ...one, suggested: { x: 0.62, y: 0.4 } })), total: found?.total ?? 0, rough: [] };
    },
  });
  await open(0);
  const point = page.getByRole("slider", { name: "Point d’intérêt" });
  await expect.element(point).toHaveAttribute("aria-valuetext", "Point d’intérêt\u00a0: 62\u00a0% depuis la gauche, 40\u00a0% depuis le haut");
  await expect.element(page.getByText(/Point suggéré d’après l’image/)).toBeVisible();
  const use = page.getByRole("button", { name: "Reprendre la suggestion" });
  await expect.element(use).toBeDisabled();
  (point.element() as HTMLElement).focus();
  await userEvent.keyboard("{ArrowLeft}");
  await use.click();
  await vi.waitFor(() => expect(host.requests("library.edit").at(-1)?.focus).toEqual({ x: 0.62, y: 0.4 }));
  expect(host.requests("media.look").at(-1)).toMatchObject({ asset: "m-lamp", account: null });
});

test("a description that could not be saved stays, says so, and can be sent again", async () => {
  let down = true;
  const edit = answers("full")["library.edit"];
  await strip(content.media, {
    "library.edit": (request) => {
      if (down || edit === undefined) throw refusal("disk_full", "Le disque est plein.");
      return edit(request);
    },
  });
  await open(2);
  const words = page.getByRole("textbox", { name: "Texte alternatif dans cette publication" });
  await words.fill("Un film");
  await expect.element(page.getByText("Pas encore enregistré")).toBeVisible();
  await expect.element(words).toHaveValue("Un film");
  down = false;
  await page.getByRole("button", { name: "Réessayer" }).click();
  await expect.element(page.getByText("Enregistré", { exact: true })).toBeVisible();
});

test("a film that does not play is gone through picture by picture", async () => {
  await strip();
  await open(2);
  await expect.element(page.getByRole("slider", { name: /Moment du film/ })).toBeVisible();
});
