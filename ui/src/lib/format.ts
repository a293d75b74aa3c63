// Numbers and times as people read them: in the page's language, in the workspace's zone.
import { getLocale } from "./words";

const parts = new Map<string, Intl.DateTimeFormat>();

function formatter(zone: string, options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat {
  const key = `${getLocale()} ${zone} ${JSON.stringify(options)}`;
  let known = parts.get(key);
  if (known === undefined) {
    known = new Intl.DateTimeFormat(getLocale(), { timeZone: zone, ...options });
    parts.set(key, known);
  }
  return known;
}

/** `18:00` */
export function clock(at: string, zone: string, seconds = false): string {
  const options: Intl.DateTimeFormatOptions = { hour: "2-digit", minute: "2-digit", hourCycle: "h23" };
  return formatter(zone, seconds ? { ...options, second: "2-digit" } : options).format(new Date(at));
}

/** `dim. 29 nov.` */
export function day(at: string, zone: string): string {
  return formatter(zone, { weekday: "short", day: "numeric", month: "short" }).format(new Date(at));
}

/** `dimanche 29 novembre 2026 à 18:00` */
export function moment(at: string, zone: string): string {
  return formatter(zone, { dateStyle: "full", timeStyle: "short" }).format(new Date(at));
}

/** How many days lie between now and then in that zone: 0 today, 1 tomorrow, -1 yesterday. */
export function daysAway(at: string, zone: string, now = Date.now()): number {
  const dayOf = (ms: number) => formatter(zone, { year: "numeric", month: "2-digit", day: "2-digit" }).formatToParts(ms);
  const number = (ms: number) => {
    const of = (type: string) => Number(dayOf(ms).find((part) => part.type === type)?.value ?? 0);
    return Date.UTC(of("year"), of("month") - 1, of("day")) / 86_400_000;
  };
  return number(Date.parse(at)) - number(now);
}

/** `aujourd’hui`, `hier`, `demain`, else the day. */
export function relativeDay(at: string, zone: string): string {
  const away = daysAway(at, zone);
  if (Math.abs(away) > 1) return day(at, zone);
  return new Intl.RelativeTimeFormat(getLocale(), { numeric: "auto" }).format(away, "day");
}

/** `3 h 12`, `5 min` */
export function duration(ms: number): string {
  const minutes = Math.max(0, Math.round(ms / 60_000));
  const hours = Math.floor(minutes / 60);
  const nbsp = "\u00a0";
  if (hours === 0) return `${minutes}${nbsp}min`;
  return `${hours}${nbsp}h${nbsp}${String(minutes % 60).padStart(2, "0")}`;
}

/** `0:45` */
export function length(ms: number): string {
  const seconds = Math.round(ms / 1000);
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;
}

/** `6,8 Mo`, `6.8 MB` */
export function bytes(count: number): string {
  const units = getLocale() === "fr" ? ["o", "ko", "Mo", "Go"] : ["B", "kB", "MB", "GB"];
  let [size, unit] = [count, 0];
  while (size >= 1000 && unit < units.length - 1) [size, unit] = [size / 1000, unit + 1];
  const digits = unit === 0 || size >= 100 ? 0 : 1;
  return `${new Intl.NumberFormat(getLocale(), { maximumFractionDigits: digits }).format(size)}\u00a0${units[unit]}`;
}

/** `1 204` */
export function count(number: number): string {
  return new Intl.NumberFormat(getLocale()).format(number);
}
