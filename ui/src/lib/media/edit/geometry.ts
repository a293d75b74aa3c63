// Where things are on a picture that was turned, mirrored, straightened and cut. The core makes the picture; this only says where
// on it a finger is. Points are shares of a side, crops are ten-thousandths of one.
import type { Crop } from "../../../contract/Crop";
import type { Edit } from "../../../contract/Edit";
import type { Focus } from "../../../contract/Focus";

/** The whole of a side, in the unit of a crop. */
export const WHOLE = 10_000;
/** The least of a side that a crop keeps. */
export const LEAST = 500;

export interface Size {
  width: number;
  height: number;
}

type Turn = Pick<Edit, "turn" | "flip" | "straighten">;

/** How much of each side straightening leaves: the largest upright part of the same shape. 1 for a straight picture. */
export function uprightPart({ width, height }: Size, straighten: number): number {
  const angle = (Math.abs(straighten) / 100 / 180) * Math.PI;
  const [sin, cos] = [Math.sin(angle), Math.cos(angle)];
  return Math.min(width / (width * cos + height * sin), height / (width * sin + height * cos), 1);
}

/** The sides of the original once it is turned by quarters. */
export function turnedSize({ width, height }: Size, turn: number): Size {
  return turn % 2 === 1 ? { width: height, height: width } : { width, height };
}

/** A point of the original, as a share of what is seen. It may lie outside: straightening cuts corners off. */
export function seenAt(point: Focus, original: Size, { turn, flip, straighten }: Turn): Focus {
  let { x, y } = point;
  for (let quarter = 0; quarter < turn; quarter += 1) [x, y] = [1 - y, x];
  if (flip) x = 1 - x;
  return leaned({ x, y }, turnedSize(original, turn), straighten, 1);
}

/** The point of the original that is seen there. */
export function originalAt(seen: Focus, original: Size, { turn, flip, straighten }: Turn): Focus {
  let { x, y } = leaned(seen, turnedSize(original, turn), straighten, -1);
  if (flip) x = 1 - x;
  for (let quarter = 0; quarter < turn; quarter += 1) [x, y] = [y, 1 - x];
  const within = (share: number) => Math.round(Math.min(1, Math.max(0, share)) * 1000) / 1000;
  return { x: within(x), y: within(y) };
}

/** Where straightening brings a point (`way` 1), or from where it brought it (`way` -1). */
function leaned(point: Focus, size: Size, straighten: number, way: 1 | -1): Focus {
  if (straighten === 0) return point;
  const kept = uprightPart(size, straighten);
  const angle = ((way * straighten) / 100 / 180) * Math.PI;
  const scale = way === 1 ? 1 : kept;
  const [x, y] = [(point.x - 0.5) * size.width * scale, (point.y - 0.5) * size.height * scale];
  const back = way === 1 ? kept : 1;
  return {
    x: 0.5 + (x * Math.cos(angle) - y * Math.sin(angle)) / (size.width * back),
    y: 0.5 + (x * Math.sin(angle) + y * Math.cos(angle)) / (size.height * back),
  };
}

/** The ratio of width to height of a crop that fills a frame, in the unit of crops: sides of the picture differ. */
export function lock(frame: Size, seen: Size): number {
  return frame.width / frame.height / (seen.width / seen.height);
}

/** The largest crop of a ratio, its middle as near to a point as the edges allow; the whole where the ratio is free. */
export function firstCrop(ratio: number | null, around: Focus): Crop {
  if (ratio === null) return { left: 0, top: 0, width: WHOLE, height: WHOLE };
  const width = Math.round(ratio > 1 ? WHOLE : WHOLE * ratio);
  const height = Math.round(ratio > 1 ? WHOLE / ratio : WHOLE);
  return placed({ left: around.x * WHOLE - width / 2, top: around.y * WHOLE - height / 2, width, height });
}

/** A crop brought back within the picture, its size kept. */
function placed({ left, top, width, height }: Crop): Crop {
  const along = (from: number, length: number) => Math.round(Math.min(Math.max(from, 0), WHOLE - length));
  return { left: along(left, width), top: along(top, height), width, height };
}

/** A crop moved by so much. */
export function movedCrop(crop: Crop, dx: number, dy: number): Crop {
  return placed({ ...crop, left: crop.left + dx, top: crop.top + dy });
}

/** A corner of a crop, by which it is pulled. */
export type Corner = "nw" | "ne" | "sw" | "se";
export const CORNERS: readonly Corner[] = ["nw", "ne", "sw", "se"];

/** A crop whose corner is pulled to a place; the opposite corner stays, and so does the ratio where there is one. */
export function pulled(crop: Crop, corner: Corner, to: { x: number; y: number }, ratio: number | null): Crop {
  const [west, north] = [corner === "nw" || corner === "sw", corner === "nw" || corner === "ne"];
  const fixed = { x: west ? crop.left + crop.width : crop.left, y: north ? crop.top + crop.height : crop.top };
  // What there is between the corner that stays and the edge.
  const room = { x: west ? fixed.x : WHOLE - fixed.x, y: north ? fixed.y : WHOLE - fixed.y };
  const reach = (away: number, most: number) => Math.min(Math.max(away, Math.min(LEAST, most)), most);
  let width = reach(west ? fixed.x - to.x : to.x - fixed.x, room.x);
  let height = reach(north ? fixed.y - to.y : to.y - fixed.y, room.y);
  if (ratio !== null) {
    // The larger of the two pulls leads, and the nearer edge ends it.
    width = Math.min(Math.max(width, height * ratio), room.x, room.y * ratio);
    height = width / ratio;
  }
  [width, height] = [Math.max(1, Math.floor(width)), Math.max(1, Math.floor(height))];
  return placed({ left: west ? fixed.x - width : fixed.x, top: north ? fixed.y - height : fixed.y, width, height });
}

/** Where the arrow keys push: a hundredth of a side, with Shift a tenth. */
export function pushed(key: string, far: boolean): { dx: number; dy: number } | null {
  const step = far ? WHOLE / 10 : WHOLE / 100;
  const steps: Record<string, { dx: number; dy: number }> = {
    ArrowLeft: { dx: -step, dy: 0 },
    ArrowRight: { dx: step, dy: 0 },
    ArrowUp: { dx: 0, dy: -step },
    ArrowDown: { dx: 0, dy: step },
  };
  return steps[key] ?? null;
}
