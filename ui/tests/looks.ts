// Looks as a core without pictures draws them: shapes that turn, lean, are cut and framed as the real ones are.
import type { Asset } from "../src/contract/Asset";
import type { Edit } from "../src/contract/Edit";
import type { Fit } from "../src/contract/Fit";
import type { Look } from "../src/contract/Look";
import type { LookRequest } from "../src/contract/LookRequest";
import type { PresetView } from "../src/contract/PresetView";
import { seenAt, turnedSize, uprightPart } from "../src/lib/media/edit/geometry";
import { complete } from "../src/lib/media/edit/edits";

/** What an asset shows, 400 by 300: colours follow from its id. */
export function sceneOf(asset: string): string {
  const hue = [...asset].reduce((sum, letter) => (sum * 31 + letter.charCodeAt(0)) % 360, 7);
  return `<rect width="400" height="300" fill="hsl(${hue} 60% 72%)"/><rect y="170" width="400" height="130" fill="hsl(${(hue + 30) % 360} 45% 38%)"/><circle cx="250" cy="140" r="46" fill="hsl(${hue} 70% 30%)"/>`;
}

const preset = (id: string, width: number, height: number, fit: Fit, more: Partial<PresetView> = {}): PresetView => ({
  id, width, height, fit, format: "jpeg", max_bytes: null, safe: [0, 0], kind: "image", usual: false, checked_on: "2026-11-01", ...more,
});

export const presets: PresetView[] = [
  preset("bluesky/photo", 2000, 2000, "inside", { usual: true }),
  preset("bluesky/square", 1080, 1080, "cover"),
  preset("bluesky/card", 1200, 630, "cover"),
  preset("bluesky/film", 1920, 1920, "inside", { kind: "video", format: "mp4", usual: true }),
  preset("mastodon/photo", 1920, 1920, "inside", { usual: true }),
  preset("mastodon/portrait", 1080, 1350, "cover"),
  preset("mastodon/film", 1920, 1920, "inside", { kind: "video", format: "mp4", usual: true }),
  preset("whatsapp/photo", 1600, 1600, "inside", { usual: true }),
  preset("whatsapp/status", 1080, 1920, "blur", { safe: [250, 250] }),
  preset("whatsapp/film", 1080, 1920, "blur", { kind: "video", format: "mp4", safe: [250, 250], usual: true }),
];

interface Drawn {
  asset: string;
  edit: Edit;
  original: { width: number; height: number };
  frame: { width: number; height: number };
  fit: Fit;
  network: string | null;
}

/** The answer to a request. */
export function lookOf({ asset: id, account, edit: asked }: LookRequest, assets: readonly Asset[]): Look {
  const asset = assets.find((one) => one.id === id);
  const original = asset ? { width: asset.facts.width, height: asset.facts.height } : { width: 1600, height: 1200 };
  const edit = complete(asked);
  const network = account === null ? null : account.replace(/^a-/, "");
  const film = asset?.facts.animated === true && network === "bluesky";
  const kind = film ? "video" : (asset?.facts.kind ?? "image");
  const framing = network === null ? undefined : edit.frames[network];
  const own = presets.filter((one) => one.id.startsWith(`${network}/`) && one.kind === kind);
  const chosen = own.find((one) => one.id === `${network}/${framing?.preset}`) ?? own.find((one) => one.usual);
  const fit = framing?.fit ?? chosen?.fit ?? "inside";
  const kept = seen(original, edit, network);
  let frame = { width: chosen?.width ?? kept.width, height: chosen?.height ?? kept.height };
  if (fit === "inside") {
    const scale = Math.min(1, frame.width / kept.width, frame.height / kept.height);
    frame = { width: Math.round(kept.width * scale), height: Math.round(kept.height * scale) };
  }
  const drawn: Drawn = { asset: id, edit, original, frame, fit, network };
  return { name: JSON.stringify(drawn), ...frame, kind, fit, preset: chosen ? (chosen.id.split("/")[1] ?? null) : null, safe: chosen?.safe ?? [0, 0] };
}

function seen(original: Drawn["original"], edit: Edit, network: string | null): { width: number; height: number } {
  const turned = turnedSize(original, edit.turn);
  const part = uprightPart(turned, edit.straighten);
  const crop = network === null ? null : edit.frames[network]?.crop;
  return { width: (turned.width * part * (crop?.width ?? 10_000)) / 10_000, height: (turned.height * part * (crop?.height ?? 10_000)) / 10_000 };
}

/** The picture of a look that was named. */
export function pictureOfLook(name: string): string {
  const { asset, edit, original, frame, fit, network } = JSON.parse(name) as Drawn;
  const { width: w, height: h } = turnedSize(original, edit.turn);
  const part = uprightPart({ width: w, height: h }, edit.straighten);
  const crop = (network === null ? null : edit.frames[network]?.crop) ?? { left: 0, top: 0, width: 10_000, height: 10_000 };
  const kept = seen(original, edit, network);
  // From the original to what is kept, in its pixels; applied right to left.
  const picture = `translate(${(-crop.left / 10_000) * w * part} ${(-crop.top / 10_000) * h * part}) translate(${(w * part) / 2} ${(h * part) / 2}) rotate(${edit.straighten / 100}) scale(${edit.flip ? -1 : 1} 1) rotate(${edit.turn * 90}) translate(${-original.width / 2} ${-original.height / 2}) scale(${original.width / 400} ${original.height / 300})`;
  const focus = seenAt((network === null ? null : edit.frames[network]?.focus) ?? { x: 0.5, y: 0.5 }, original, edit);
  const at = (how: "most" | "least") => {
    const scale = how === "most" ? Math.max(frame.width / kept.width, frame.height / kept.height) : Math.min(frame.width / kept.width, frame.height / kept.height);
    const along = (share: number, side: number, room: number) => (how === "least" ? (room - side) / 2 : Math.min(0, Math.max(room - side, room / 2 - share * side)));
    return `translate(${along(focus.x, kept.width * scale, frame.width)} ${along(focus.y, kept.height * scale, frame.height)}) scale(${scale})`;
  };
  const scene = (how: "most" | "least", style: string) =>
    `<g style="${style}"><svg overflow="visible"><g transform="${at(how)}"><svg width="${kept.width}" height="${kept.height}" overflow="hidden"><g transform="${picture}">${sceneOf(asset)}</g></svg></g></svg></g>`;
  const { brightness, contrast, saturation } = edit.adjust;
  const light = `filter:brightness(${1 + brightness / 200}) contrast(${1 + contrast / 200}) saturate(${1 + saturation / 100})`;
  const words = network === null ? "" : edit.overlays.map((one) => (one.kind === "text" ? `<text x="50%" y="92%" text-anchor="middle" font-size="${(one.size / 100) * Math.min(frame.width, frame.height)}" fill="#fff">${one.text.replace(/[<&]/g, "")}</text>` : "")).join("");
  const body = fit === "blur" ? `${scene("most", "filter:blur(40px) brightness(.55)")}${scene("least", light)}` : scene(fit === "cover" ? "most" : "least", light);
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${frame.width} ${frame.height}" width="${frame.width}" height="${frame.height}">${body}${words}</svg>`;
  return `data:image/svg+xml,${encodeURIComponent(svg)}`;
}
