// What pictures and films look like in words and numbers, and the arithmetic of the focal point. Nothing here decides what a
// network takes: it only shows what the core read from the file.
import type { Facts } from "../../contract/Facts";
import type { Focus } from "../../contract/Focus";
import { length } from "../format";
import { m } from "../words";

const KNOWN: readonly (readonly [number, number])[] = [
  [1, 1], [4, 5], [5, 4], [3, 4], [4, 3], [2, 3], [3, 2], [9, 16], [16, 9], [9, 20], [20, 9], [1, 2], [2, 1], [21, 9], [1.91, 1],
];

/** `4:5`: the nearest shape that people have a name for, else the ratio with one decimal. */
export function shape(width: number, height: number): string {
  if (width <= 0 || height <= 0) return "";
  const ratio = width / height;
  const near = KNOWN.find(([w, h]) => Math.abs(ratio / (w / h) - 1) < 0.015);
  const [w, h] = near ?? (ratio >= 1 ? [ratio.toFixed(1), 1] : [1, (1 / ratio).toFixed(1)]);
  return `${w}:${h}`;
}

/** `4:5`, or for a film `0:45 · 9:16`. */
export function badge(facts: Facts): string {
  const form = shape(facts.width, facts.height);
  return facts.duration_ms === null ? form : `${length(facts.duration_ms)} · ${form}`;
}

/** The middle, where crops look when no person chose a point. */
export const CENTRE: Focus = { x: 0.5, y: 0.5 };

/** A share of a side as people say it. */
export const percent = (share: number): number => Math.round(share * 100);

/** Where a point is, in words. */
export const placeSaid = ({ x, y }: Focus): string => m.media_focus_at({ x: percent(x), y: percent(y) });

/** Where on a box a pointer is, as shares of its sides: beyond 0 and 1 once it left the box; nothing while the box has no size. */
export function shareAt(pointer: { clientX: number; clientY: number }, ground: Element | undefined): Focus | null {
  const box = ground?.getBoundingClientRect();
  if (box === undefined || box.width === 0 || box.height === 0) return null;
  return { x: (pointer.clientX - box.left) / box.width, y: (pointer.clientY - box.top) / box.height };
}

/** A point brought back onto the picture. */
export function within({ x, y }: Focus): Focus {
  const side = (share: number) => Math.min(1, Math.max(0, share));
  return { x: side(x), y: side(y) };
}

/** Keeps a point on the picture, in whole per cent. */
export function onPicture(x: number, y: number): Focus {
  const kept = within({ x, y });
  return { x: percent(kept.x) / 100, y: percent(kept.y) / 100 };
}

/** Where the arrow keys move a point; nothing for another key. */
export function nudged(from: Focus, key: string, far: boolean): Focus | null {
  const step = far ? 0.1 : 0.01;
  switch (key) {
    case "ArrowLeft":
      return onPicture(from.x - step, from.y);
    case "ArrowRight":
      return onPicture(from.x + step, from.y);
    case "ArrowUp":
      return onPicture(from.x, from.y - step);
    case "ArrowDown":
      return onPicture(from.x, from.y + step);
    default:
      return null;
  }
}

/** The `object-position` that shows what a crop of that shape keeps: the point in the middle, as far as the edges allow. */
export function cropPosition(focus: Focus, size: { width: number; height: number }, ratio: number): string {
  const wide = size.width / size.height;
  // How much of each side the crop keeps.
  const keeps = wide > ratio ? { x: ratio / wide, y: 1 } : { x: 1, y: wide / ratio };
  const along = (point: number, share: number) =>
    share >= 1 ? 50 : Math.round((Math.min(Math.max(point - share / 2, 0), 1 - share) / (1 - share)) * 10_000) / 100;
  return `${along(focus.x, keeps.x)}% ${along(focus.y, keeps.y)}%`;
}

/** A list with one of its things elsewhere; the same list when nothing moves. `to` is the place among the others. */
export function moved<T>(list: readonly T[], from: number, to: number): readonly T[] {
  const place = Math.min(Math.max(to, 0), list.length - 1);
  if (place === from || from < 0 || from >= list.length) return list;
  const others = list.filter((_, n) => n !== from);
  return [...others.slice(0, place), list[from] as T, ...others.slice(place)];
}

/** What no rendition will carry, in words; each once. */
export function metadataWords(kinds: readonly string[]): string[] {
  const words: Record<string, () => string> = {
    gps: m.media_meta_gps,
    exif: m.media_meta_exif,
    camera: m.media_meta_camera,
    "maker note": m.media_meta_camera,
    serial: m.media_meta_serial,
    author: m.media_meta_author,
    time: m.media_meta_time,
    comment: m.media_meta_comment,
    tags: m.media_meta_words,
    iptc: m.media_meta_words,
    xmp: m.media_meta_edits,
    edits: m.media_meta_edits,
    icc: m.media_meta_colours,
    thumbnail: m.media_meta_thumbnail,
    "user data": m.media_meta_application,
    "application data": m.media_meta_application,
    c2pa: m.media_meta_edits,
    "further pictures": m.media_meta_further,
    "further tracks": m.media_meta_further,
    "trailing data": m.media_meta_application,
  };
  // How a picture is turned or its film cut into pieces is no secret: the picture stays as it is seen.
  const silent = ["rotation", "fragments", "pixel aspect", "variable rate", "fields", "full range"];
  return [...new Set(kinds.filter((kind) => !silent.includes(kind)).map((kind) => words[kind]?.() ?? kind))];
}
