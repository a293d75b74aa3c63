// What a post says, tab by tab: the common words, and what one network's tab says otherwise. Pure; nothing here decides what
// a network allows.
import type { Attachment } from "$contract/Attachment";
import type { Content } from "$contract/Content";
import type { NetworkId } from "$contract/NetworkId";
import type { Variant } from "$contract/Variant";

/** The common words, or those of one network. */
export type Tab = "all" | NetworkId;

/** Nothing written yet. */
export const EMPTY: Content = { text: "", media: [], variants: {} };

/** Whether nothing is written and nothing is shown. */
export function isEmpty(content: Content): boolean {
  const says = (part: { text?: string | null; media?: readonly Attachment[] | null }) =>
    (part.text ?? "").trim() !== "" || (part.media ?? []).length > 0;
  return !says(content) && !Object.values(content.variants).some(says);
}

/** The words of a tab. */
export function textOn(content: Content, tab: Tab): string {
  return variantOf(content, tab)?.text ?? content.text;
}

/** The pictures and films of a tab. */
export function mediaOn(content: Content, tab: Tab): Attachment[] {
  return variantOf(content, tab)?.media ?? content.media;
}

/** What was put into a declared field of a network. */
export function fieldsOn(content: Content, tab: Tab): Record<string, string> {
  return variantOf(content, tab)?.fields ?? {};
}

/** Whether a network's tab has words of its own. */
export function hasOwnText(content: Content, tab: Tab): boolean {
  return (variantOf(content, tab)?.text ?? null) !== null;
}

/** Whether a network's tab has pictures of its own. */
export function hasOwnMedia(content: Content, tab: Tab): boolean {
  return (variantOf(content, tab)?.media ?? null) !== null;
}

/** Whether what goes out there is not simply what goes out everywhere. */
export function differs(content: Content, tab: Tab): boolean {
  const own = variantOf(content, tab);
  if (own === undefined) return false;
  return (
    textOn(content, tab) !== content.text ||
    !same(mediaOn(content, tab), content.media) ||
    Object.keys(own.fields ?? {}).length > 0
  );
}

/** The content with other words on a tab; nothing means the common ones again. */
export function withText(content: Content, tab: Tab, text: string | null): Content {
  if (tab === "all") return { ...content, text: text ?? "" };
  return withVariant(content, tab, { text });
}

/** The content with other pictures on a tab; nothing means the common ones again. */
export function withMedia(content: Content, tab: Tab, media: Attachment[] | null): Content {
  if (tab === "all") return { ...content, media: media ?? [] };
  return withVariant(content, tab, { media });
}

/** The content with another value in a declared field; an empty one says nothing. */
export function withField(content: Content, tab: NetworkId, name: string, value: string): Content {
  const fields = Object.fromEntries(Object.entries(fieldsOn(content, tab)).filter(([known]) => known !== name));
  if (value !== "") fields[name] = value;
  return withVariant(content, tab, { fields });
}

/** How the text begins, on one line. */
export function firstLine(content: Content): string {
  const texts = [content.text, ...Object.values(content.variants).map((variant) => variant?.text ?? "")];
  const text = texts.find((words) => words.trim() !== "") ?? "";
  return (text.trim().split("\n", 1)[0] ?? "").slice(0, 160);
}

/** Whether two values say the same, whatever the order of their names; an absent part is a null one. */
export function same(one: unknown, other: unknown): boolean {
  if (one === other || (one ?? null) === (other ?? null)) return true;
  if (Array.isArray(one) && Array.isArray(other)) {
    return one.length === other.length && one.every((part, n) => same(part, other[n]));
  }
  if (!isRecord(one) || !isRecord(other)) return false;
  const names = new Set([...Object.keys(one), ...Object.keys(other)]);
  return [...names].every((name) => same(one[name], other[name]));
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function variantOf(content: Content, tab: Tab): Variant | undefined {
  return tab === "all" ? undefined : content.variants[tab];
}

function withVariant(content: Content, tab: NetworkId, part: Partial<Variant>): Content {
  const known = content.variants[tab];
  const next: Variant = { text: known?.text ?? null, media: known?.media ?? null, fields: known?.fields ?? {}, ...part };
  const others = Object.entries(content.variants).filter(([network]) => network !== tab);
  const empty = next.text === null && next.media === null && Object.keys(next.fields).length === 0;
  return { ...content, variants: Object.fromEntries(empty ? others : [...others, [tab, next]]) };
}
