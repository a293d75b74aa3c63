// The panel as a person meets it: every change reaches the post, shows at once, and can be taken back; all of it by keyboard.
import axe from "axe-core";
import { expect, test, vi } from "vitest";
import { page, userEvent } from "vitest/browser";
import { render } from "vitest-browser-svelte";
import type { Attachment } from "../src/contract/Attachment";
import type { Edit } from "../src/contract/Edit";
import "../src/lib/css/base.css";
import "../src/lib/css/tokens.css";
import { FakeHost, refusal, type Answers } from "./fake-host";
import MediaHarness from "./MediaHarness.svelte";
import { lookOf } from "./looks";
import { answers } from "./preview/media";
import { answers as settings } from "./preview/settings";
import { accounts, assets, content, status } from "./samples";

const dialog = page.getByRole("dialog");
const tile = (n: number) => page.getByRole("button", { name: new RegExp(`, ${n + 1} sur `) });
const button = (name: string | RegExp) => dialog.getByRole("button", { name });
const tab = (name: string) => dialog.getByRole("tab", { name });
const stand = (there: { element(): Element }) => (there.element() as HTMLElement).focus();

async function panel(n: number, more: Answers = {}, media: Attachment[] = content.media) {
  const host = new FakeHost({ "studio.status": () => status, ...settings("full"), ...answers("full"), ...more });
  let now = media;
  await render(MediaHarness, { media, accounts, onchange: (changed: Attachment[]) => void (now = changed) });
  await expect.element(tile(n)).toBeVisible();
  stand(tile(n));
  await userEvent.keyboard("e");
  await expect.element(dialog).toBeVisible();
  return {
    host,
    edit: (): Edit | undefined => now[n]?.edit,
    looks: (account: string | null) => host.requests("media.look").filter((request) => request.account === account),
  };
}

async function clean(where: string): Promise<void> {
  await Promise.all(document.getAnimations().map((one) => one.finished.catch(() => null)));
  const { violations } = await axe.run(dialog.element(), { resultTypes: ["violations"] });
  expect(violations.map((one) => `${one.id}: ${one.nodes.map((node) => node.target.join(" ")).join(", ")}`), where).toEqual([]);
}

test("a turn is drawn by the core, kept with the post, shown on the tile, and the keyboard comes back to it", async () => {
  const { edit, looks } = await panel(0);
  await expect.element(tab("Image")).toHaveFocus();
  await button("Vers la droite").click();
  await vi.waitFor(() => expect(edit()?.turn).toBe(1));
  await vi.waitFor(() => expect(looks(null).at(-1)?.edit.turn).toBe(1));
  await expect.element(dialog.getByRole("img", { name: /^Rendu.: Une femme allume une lampe/ })).toBeVisible();
  await userEvent.keyboard("{Escape}");
  await expect.element(dialog).not.toBeInTheDocument();
  await expect.element(tile(0)).toHaveFocus();
  await expect.element(tile(0)).toHaveAccessibleName(/4:3, Une femme.*, retouché$/);
});

test("a slider goes by keys, and Delete or a double click brings it back; nothing is left then", async () => {
  const { edit } = await panel(0);
  const light = dialog.getByRole("slider", { name: "Luminosité" });
  stand(light);
  await userEvent.keyboard("{ArrowRight}{ArrowRight}");
  expect(edit()?.adjust.brightness).toBe(2);
  await userEvent.keyboard("{Delete}");
  expect(edit()).toBeUndefined();
  const straight = dialog.getByRole("slider", { name: "Redresser" });
  stand(straight);
  await userEvent.keyboard("{ArrowRight}");
  expect(edit()?.straighten).toBe(10);
  await expect.element(straight).toHaveAttribute("aria-valuetext", "+0,1°");
  await userEvent.dblClick(straight);
  expect(edit()).toBeUndefined();
});

test("a text is laid on once it says something, moves by arrow keys, and goes", async () => {
  const { edit } = await panel(0);
  await button("Ajouter un texte").click();
  const words = dialog.getByRole("textbox", { name: "Texte", exact: true });
  await expect.element(words).toHaveFocus();
  expect(edit()).toBeUndefined();
  await userEvent.keyboard("Kayes");
  expect(edit()?.overlays).toEqual([{ kind: "text", text: "Kayes", place: "bottom", size: 8, tone: "light", plate: true }]);
  stand(dialog.getByRole("radio", { name: "En bas", exact: true }));
  await userEvent.keyboard("{ArrowUp}{ArrowLeft}");
  expect(edit()?.overlays[0]?.place).toBe("left");
  await expect.element(dialog.getByRole("radio", { name: "À gauche", exact: true })).toHaveFocus();
  await dialog.getByRole("radio", { name: "Sombres" }).click();
  expect(edit()?.overlays[0]).toMatchObject({ tone: "dark" });
  await words.fill("  ");
  expect(edit()).toBeUndefined();
  await button("Enlever Texte 1").click();
  await expect.element(words).not.toBeInTheDocument();
});

test("a logo comes from the library, and the pile can be changed", async () => {
  const { edit } = await panel(0);
  await button("Ajouter un logo").click();
  const picker = page.getByRole("dialog", { name: "Choisir un logo" });
  await expect.element(picker).toBeVisible();
  await userEvent.keyboard("{Escape}");
  await expect.element(picker).not.toBeInTheDocument();
  await button("Ajouter un logo").click();
  await picker.getByRole("button", { name: /toit\.jpg/ }).click();
  await picker.getByRole("button", { name: /Poser ce logo/ }).click();
  await vi.waitFor(() => expect(edit()?.overlays).toEqual([{ kind: "logo", asset: "m-roof", place: "bottom-right", size: 20, opacity: 100 }]));
  await button("Ajouter un texte").click();
  await userEvent.keyboard("Kayes");
  await button("Mettre Texte 2 derrière").click();
  expect(edit()?.overlays.map((one) => one.kind)).toEqual(["text", "logo"]);
});

test("a network's frame: format, fit, the point by arrow keys, then the same for all", async () => {
  const { edit, looks } = await panel(0);
  await tab("Mastodon").click();
  await dialog.getByLabelText("Format").selectOptions("portrait");
  expect(edit()?.frames.mastodon).toMatchObject({ preset: "portrait", fit: null });
  const point = dialog.getByRole("slider", { name: "Point d’intérêt" });
  await expect.element(point).toBeVisible();
  stand(point);
  await userEvent.keyboard("{Shift>}{ArrowLeft}{/Shift}{ArrowUp}");
  expect(edit()?.frames.mastodon?.focus).toEqual({ x: 0.4, y: 0.49 });
  await vi.waitFor(() => expect(looks("a-mastodon").at(-1)?.edit.frames.mastodon?.focus).toEqual({ x: 0.4, y: 0.49 }));
  await expect.element(dialog.getByText("1080 × 1350 pixels")).toBeVisible();
  await button("Reprendre pour tous les réseaux").click();
  expect(edit()?.frames.bluesky).toMatchObject({ preset: null, fit: "cover", focus: { x: 0.4, y: 0.49 } });
  await dialog.getByRole("radio", { name: "Entière sur fond flou" }).click();
  expect(edit()?.frames.mastodon?.fit).toBe("blur");
  await expect.element(point).not.toBeInTheDocument();
});

test("a moving picture has the formats of a film where the network takes no GIF", async () => {
  const moving = assets.map((one) => ({ ...one, facts: { ...one.facts, animated: true } }));
  await panel(0, {
    "library.list": () => ({ assets: moving, total: moving.length, rough: [] }),
    "media.look": (request) => lookOf(request, moving),
  });
  const formats = () => [...dialog.getByLabelText("Format").element().querySelectorAll("option")].map((one) => one.value);
  await tab("Bluesky").click();
  await vi.waitFor(() => expect(formats()).toEqual(["film"]));
  await tab("Mastodon").click();
  await vi.waitFor(() => expect(formats()).toEqual(["photo", "portrait"]));
});

test("a crop has the frame's shape, moves and shrinks by keys, and can be given up", async () => {
  const { edit } = await panel(0);
  await tab("Mastodon").click();
  await dialog.getByLabelText("Format").selectOptions("portrait");
  await dialog.getByRole("radio", { name: "Un cadre à moi" }).click();
  const crop = () => edit()?.frames.mastodon?.crop;
  expect(crop()).toEqual({ left: 2000, top: 0, width: 6000, height: 10_000 });
  const whole = dialog.getByRole("slider", { name: "Cadre gardé" });
  await expect.element(whole).toBeVisible();
  stand(whole);
  await userEvent.keyboard("{ArrowRight}");
  expect(crop()?.left).toBe(2100);
  stand(dialog.getByRole("slider", { name: "Coin en bas à droite" }));
  await userEvent.keyboard("{Shift>}{ArrowUp}{/Shift}");
  expect(crop()).toEqual({ left: 2100, top: 0, width: 5400, height: 9000 });
  await userEvent.keyboard("{ArrowLeft}");
  expect(crop()?.width).toBe(5300);
  await dialog.getByRole("radio", { name: "Autour d’un point" }).click();
  expect(crop()).toBeNull();
});

test("what the network's buttons cover is hatched and said", async () => {
  await panel(0);
  await tab("WhatsApp").click();
  await dialog.getByLabelText("Format").selectOptions("status");
  await expect.element(dialog.getByText(/Bandes hachurées/)).toBeVisible();
  expect(dialog.element().querySelectorAll(".zones span")).toHaveLength(2);
});

test("everything is taken back at once, and what will not go out is said", async () => {
  const { edit } = await panel(0);
  await button("Miroir").click();
  await tab("Mastodon").click();
  await dialog.getByRole("radio", { name: "Remplir" }).click();
  expect(edit()).toMatchObject({ flip: true, frames: { mastodon: { fit: "cover" } } });
  await button("Tout remettre comme à l’origine").click();
  expect(edit()).toBeUndefined();
  await button("Défaire").click();
  expect(edit()).toMatchObject({ flip: true, frames: { mastodon: { fit: "cover" } } });
  await expect.element(button("Défaire")).not.toBeInTheDocument();
  await expect.element(dialog.getByText("la position GPS")).toBeVisible();
});

test("a picture that cannot be drawn says why and is asked for again", async () => {
  let down = true;
  const whole = answers("full")["media.look"];
  await panel(0, {
    "media.look": (request) => {
      if (down || whole === undefined) throw refusal("not_found", "L’original n’est plus sur le disque.");
      return whole(request);
    },
  });
  await expect.element(dialog.getByText("L’original n’est plus sur le disque.")).toBeVisible();
  down = false;
  await button("Réessayer").click();
  await expect.element(dialog.getByRole("img", { name: /^Rendu/ })).toBeVisible();
});

test("a film is cut by keys and numbers, muted, and given a cover", async () => {
  const { edit } = await panel(2);
  stand(dialog.getByRole("slider", { name: "Début" }));
  await userEvent.keyboard("{Shift>}{ArrowRight}{ArrowRight}{/Shift}{ArrowRight}");
  expect(edit()?.trim).toEqual({ from_ms: 2100, to_ms: 45_000 });
  const end = dialog.getByRole("textbox", { name: "Fin" });
  await end.fill("0:12,5");
  await userEvent.keyboard("{Enter}");
  expect(edit()?.trim).toEqual({ from_ms: 2100, to_ms: 12_500 });
  await expect.element(dialog.getByText("Dure 0:10,4 sur 0:45,0.")).toBeVisible();
  await end.fill("bientôt");
  await userEvent.keyboard("{Enter}");
  await expect.element(dialog.getByText(/Écrivez minutes et secondes/)).toBeVisible();
  await button("Prendre l’image à 0:02,1").click();
  expect(edit()?.cover_ms).toBe(2100);
  await dialog.getByRole("checkbox", { name: "Sans le son" }).click();
  expect(edit()?.mute).toBe(true);
  await expect.element(dialog.getByRole("checkbox", { name: "Volume régulier" })).toBeDisabled();
  const weight = dialog.getByRole("textbox", { name: "Poids au plus" });
  await weight.fill("zéro");
  await userEvent.tab();
  await expect.element(dialog.getByText("Un nombre entier d’au moins 1.")).toBeVisible();
  await weight.fill("8");
  await userEvent.tab();
  expect(edit()?.max_megabytes).toBe(8);
});

test("subtitles that are none are refused in the core's words; good ones say how much is spoken", async () => {
  const { edit, host } = await panel(2);
  await expect.element(button("Choisir un fichier")).toBeVisible();
  const file = dialog.element().querySelector<HTMLInputElement>("input[type=file]");
  const give = (name: string, text: string) => {
    const data = new DataTransfer();
    data.items.add(new File([text], name));
    if (file) file.files = data.files;
    file?.dispatchEvent(new Event("change", { bubbles: true }));
  };
  give("notes.srt", "rien");
  await expect.element(dialog.getByText("Ce fichier n’a pas de sous-titres SRT ou WebVTT.")).toBeVisible();
  expect(edit()).toBeUndefined();
  give("film.srt", "1\n00:00:01,000 --> 00:00:02,000\nI ni ce\n\n2\n00:00:03,000 --> 00:00:04,000\nMerci\n");
  await expect.element(dialog.getByText("· 2 répliques")).toBeVisible();
  expect(host.requests("media.subtitles").at(-1)?.name).toBe("film.srt");
  expect(edit()?.subtitles?.name).toBe("film.srt");
  await button("Enlever les sous-titres").click();
  expect(edit()).toBeUndefined();
});

test("without ffmpeg the strip says so and leads to the settings", async () => {
  const broken = vi.spyOn(FakeHost.prototype, "mediaUrl").mockImplementation((asset) => (asset === "m-film" ? "data:image/png,none" : "data:,"));
  await panel(2, { "studio.status": () => ({ ...status, ffmpeg: false }) });
  await expect.element(dialog.getByText(/le programme ffmpeg, qui manque ici/)).toBeVisible();
  await expect.element(dialog.getByRole("link", { name: "Ouvrir les réglages" })).toHaveAttribute("href", "#/settings");
  broken.mockRestore();
});

test("axe finds nothing in the panel of a picture, a network and a film", async () => {
  await panel(0);
  await expect.element(dialog.getByRole("img", { name: /^Rendu/ })).toBeVisible();
  await button("Ajouter un texte").click();
  await clean("picture");
  await tab("Mastodon").click();
  await dialog.getByLabelText("Format").selectOptions("portrait");
  await dialog.getByRole("radio", { name: "Un cadre à moi" }).click();
  await expect.element(dialog.getByRole("slider", { name: "Cadre gardé" })).toBeVisible();
  await clean("network");
  await userEvent.keyboard("{Escape}");
  stand(tile(2));
  await userEvent.keyboard("e");
  await expect.element(dialog.getByRole("slider", { name: "Début" })).toBeVisible();
  await clean("film");
});
