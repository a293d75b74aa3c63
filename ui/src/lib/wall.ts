// The wall clock of a zone, in the form that time and date inputs take: only to propose a time. Which instant a wall time is,
// the core says.

/** `2026-11-29T18:00`: what a clock in that zone shows at that instant. */
export function wallTime(ms: number, zone: string): string {
  const form = new Intl.DateTimeFormat("en-CA", {
    timeZone: zone,
    year: "numeric",
    month: "2-digit",
    day: "2-digit",
    hour: "2-digit",
    minute: "2-digit",
    hourCycle: "h23",
  });
  const parts = Object.fromEntries(form.formatToParts(ms).map((part) => [part.type, part.value]));
  return `${parts.year}-${parts.month}-${parts.day}T${parts.hour}:${parts.minute}`;
}
