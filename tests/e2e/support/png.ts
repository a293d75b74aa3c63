// Pictures of screens, small enough to keep: at most 256 colours, chosen by median cut, in an indexed PNG.
// Reads what the browser writes (8 bits, RGB or RGBA, not interlaced) and nothing else.
import { crc32, deflateSync, inflateSync } from "node:zlib";

interface Picture {
  width: number;
  height: number;
  /** Three bytes a pixel. */
  rgb: Uint8Array;
}

const SIGNATURE = Buffer.from([137, 80, 78, 71, 13, 10, 26, 10]);

function read(png: Buffer): Picture {
  let [width, height, channels] = [0, 0, 3];
  const packed: Buffer[] = [];
  for (let at = 8; at < png.length; ) {
    const size = png.readUInt32BE(at);
    const name = png.toString("latin1", at + 4, at + 8);
    const body = png.subarray(at + 8, at + 8 + size);
    if (name === "IHDR") {
      [width, height] = [body.readUInt32BE(0), body.readUInt32BE(4)];
      if (body[8] !== 8 || (body[9] !== 2 && body[9] !== 6) || body[12] !== 0) throw new Error("not a picture of a screen");
      channels = body[9] === 2 ? 3 : 4;
    }
    if (name === "IDAT") packed.push(body);
    at += size + 12;
  }
  return { width, height, rgb: unfilter(inflateSync(Buffer.concat(packed)), width, height, channels) };
}

function unfilter(raw: Buffer, width: number, height: number, channels: number): Uint8Array {
  const row = width * channels;
  const flat = new Uint8Array(row * height);
  for (let y = 0; y < height; y += 1) {
    const filter = raw[y * (row + 1)];
    for (let x = 0; x < row; x += 1) {
      const left = x >= channels ? flat[y * row + x - channels]! : 0;
      const up = y > 0 ? flat[(y - 1) * row + x]! : 0;
      const corner = x >= channels && y > 0 ? flat[(y - 1) * row + x - channels]! : 0;
      const guess = filter === 0 ? 0 : filter === 1 ? left : filter === 2 ? up : filter === 3 ? (left + up) >> 1 : paeth(left, up, corner);
      flat[y * row + x] = (raw[y * (row + 1) + 1 + x]! + guess) & 255;
    }
  }
  if (channels === 3) return flat;
  const rgb = new Uint8Array(width * height * 3);
  for (let pixel = 0; pixel < width * height; pixel += 1) rgb.set(flat.subarray(pixel * 4, pixel * 4 + 3), pixel * 3);
  return rgb;
}

function paeth(left: number, up: number, corner: number): number {
  const guess = left + up - corner;
  const [a, b, c] = [Math.abs(guess - left), Math.abs(guess - up), Math.abs(guess - corner)];
  return a <= b && a <= c ? left : b <= c ? up : corner;
}

type Colour = [number, number, number, count: number];

/** Halves the box of colours that spreads most, until there are enough boxes. */
function palette(colours: Colour[], most: number): Colour[] {
  const boxes = [colours];
  const spread = (box: Colour[]): [number, number] => {
    const spans = [0, 1, 2].map((part) => {
      let [low, high] = [255, 0];
      for (const colour of box) [low, high] = [Math.min(low, colour[part]!), Math.max(high, colour[part]!)];
      return high - low;
    });
    const part = spans.indexOf(Math.max(...spans));
    return [part, spans[part]!];
  };
  while (boxes.length < most) {
    const ranked = boxes.map((box, n) => ({ n, box, wide: box.length > 1 ? spread(box) : ([0, 0] as [number, number]) })).sort((a, b) => b.wide[1] - a.wide[1]);
    const first = ranked[0];
    if (first === undefined || first.wide[1] === 0) break;
    const sorted = [...first.box].sort((a, b) => a[first.wide[0]]! - b[first.wide[0]]!);
    const half = sorted.reduce((sum, colour) => sum + colour[3], 0) / 2;
    let [at, seen] = [0, 0];
    while (at < sorted.length - 1 && seen + sorted[at]![3] <= half) seen += sorted[at++]![3];
    at = Math.min(Math.max(at, 1), sorted.length - 1);
    boxes.splice(first.n, 1, sorted.slice(0, at), sorted.slice(at));
  }
  return boxes.map((box) => box.reduce((best, colour) => (colour[3] > best[3] ? colour : best)));
}

function chunk(name: string, body: Uint8Array): Buffer {
  const named = Buffer.concat([Buffer.from(name, "latin1"), body]);
  const framed = Buffer.alloc(named.length + 8);
  framed.writeUInt32BE(body.length, 0);
  named.copy(framed, 4);
  framed.writeUInt32BE(crc32(named), named.length + 4);
  return framed;
}

/** The same picture with fewer colours and bytes. */
export function small(png: Buffer, most = 256): Buffer {
  const { width, height, rgb } = read(png);
  const counts = new Map<number, number>();
  const keyAt = (pixel: number) => (rgb[pixel * 3]! << 16) | (rgb[pixel * 3 + 1]! << 8) | rgb[pixel * 3 + 2]!;
  for (let pixel = 0; pixel < width * height; pixel += 1) counts.set(keyAt(pixel), (counts.get(keyAt(pixel)) ?? 0) + 1);
  const colours: Colour[] = [...counts].map(([key, count]) => [key >> 16, (key >> 8) & 255, key & 255, count]);
  const kept = palette(colours, most);
  const nearest = new Map<number, number>();
  for (const [red, green, blue] of colours) {
    let [best, least] = [0, Infinity];
    for (const [n, [r, g, b]] of kept.entries()) {
      const far = (r - red) ** 2 + (g - green) ** 2 + (b - blue) ** 2;
      if (far < least) [best, least] = [n, far];
    }
    nearest.set((red << 16) | (green << 8) | blue, best);
  }
  const rows = Buffer.alloc((width + 1) * height);
  for (let y = 0; y < height; y += 1) for (let x = 0; x < width; x += 1) rows[y * (width + 1) + 1 + x] = nearest.get(keyAt(y * width + x))!;
  const head = Buffer.alloc(13);
  head.writeUInt32BE(width, 0);
  head.writeUInt32BE(height, 4);
  head.set([8, 3, 0, 0, 0], 8);
  const table = Buffer.from(kept.flatMap(([r, g, b]) => [r, g, b]));
  return Buffer.concat([SIGNATURE, chunk("IHDR", head), chunk("PLTE", table), chunk("IDAT", deflateSync(rows, { level: 9 })), chunk("IEND", Buffer.alloc(0))]);
}
