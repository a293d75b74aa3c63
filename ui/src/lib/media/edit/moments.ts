// Moments of a film as people read and type them, and the part of it that is kept.
import type { Trim } from "../../../contract/Trim";

/** The shortest part that can be kept. */
export const SHORTEST_MS = 500;
/** So many pictures stand on the strip; the core makes as many. */
export const STRIP = 12;

/** `1:02.4`, in the language's own decimal sign: minutes, seconds, tenths. */
export function written(ms: number, decimal: string): string {
  const tenths = Math.round(ms / 100);
  const [minutes, seconds] = [Math.floor(tenths / 600), Math.floor((tenths % 600) / 10)];
  return `${minutes}:${String(seconds).padStart(2, "0")}${decimal}${tenths % 10}`;
}

/** What was typed, in milliseconds: `1:02.4`, `62,4`, `1:02`; nothing where it is no time. */
export function read(typed: string): number | null {
  const parts = /^\s*(?:(?:(\d{1,3}):)?(\d{1,3}):)?(\d{1,5})(?:[.,](\d{1,3}))?\s*$/.exec(typed);
  if (parts === null) return null;
  const [, hours = "0", minutes = "0", seconds = "0", rest = ""] = parts;
  return (Number(hours) * 3600 + Number(minutes) * 60 + Number(seconds)) * 1000 + Number(rest.padEnd(3, "0"));
}

/** The part that is kept; the whole where nothing was cut. */
export function kept(trim: Trim | null, whole: number): Trim {
  const to = Math.min(trim?.to_ms ?? whole, whole);
  return { from_ms: Math.min(trim?.from_ms ?? 0, Math.max(0, to - SHORTEST_MS)), to_ms: to };
}

/** The part with its start or end elsewhere: within the film, never shorter than the shortest; nothing for the whole. */
export function cut(trim: Trim | null, whole: number, end: "from" | "to", ms: number): Trim | null {
  const part = kept(trim, whole);
  const least = Math.min(SHORTEST_MS, whole);
  const at = Math.round(ms / 100) * 100;
  const next: Trim =
    end === "from"
      ? { ...part, from_ms: Math.min(Math.max(at, 0), part.to_ms - least) }
      : // The last tenth is the film's own end, however odd its length.
        { ...part, to_ms: Math.max(at >= whole - 50 ? whole : at, part.from_ms + least) };
  return next.from_ms <= 0 && next.to_ms >= whole ? null : next;
}

/** Where the arrow keys bring an end: a tenth of a second, with Shift a second; Home and End all the way. */
export function stepped(key: string, far: boolean, from: number, whole: number): number | null {
  const step = far ? 1000 : 100;
  if (key === "ArrowLeft" || key === "ArrowDown") return from - step;
  if (key === "ArrowRight" || key === "ArrowUp") return from + step;
  if (key === "Home") return 0;
  return key === "End" ? whole : null;
}

/** A subtitle file's text, whatever it was written with: marked Unicode, UTF-8, else the Windows of Western Europe. */
export function decoded(bytes: Uint8Array): string {
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return new TextDecoder("utf-16le").decode(bytes);
  if (bytes[0] === 0xfe && bytes[1] === 0xff) return new TextDecoder("utf-16be").decode(bytes);
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    return new TextDecoder("windows-1252").decode(bytes);
  }
}
