// Every pair of text and ground that stands together can be read: 4.5 to 1, in both looks. What is no text needs 3 to 1.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";

const css = readFileSync(join(import.meta.dirname, "../src/lib/css/tokens.css"), "utf8");

function tokens(selector: string): Record<string, string> {
  const block = css.slice(css.indexOf(`${selector} {`)).split("}")[0] ?? "";
  return Object.fromEntries([...block.matchAll(/--([\w-]+):\s*(#[0-9a-f]{6})/g)].map(([, name, value]) => [name ?? "", value ?? ""]));
}

const LOOKS = { light: tokens(":root"), dark: { ...tokens(":root"), ...tokens('[data-theme="dark"]') } };

const TEXT: readonly (readonly [string, readonly string[]])[] = [
  ["ink", ["paper", "surface", "sunken", "accent-soft", "due-soft", "ok-soft", "bad-soft", "calm-soft"]],
  ["ink-2", ["paper", "surface", "sunken", "calm-soft", "due-soft", "bad-soft", "ok-soft"]],
  ["ink-3", ["paper", "surface", "sunken"]],
  ["accent", ["paper", "surface", "sunken", "accent-soft"]],
  ["accent-strong", ["paper", "surface", "sunken", "accent-soft"]],
  ["on-accent", ["accent", "accent-strong"]],
  ["due", ["paper", "surface", "sunken", "due-soft"]],
  ["ok", ["paper", "surface", "sunken", "ok-soft"]],
  ["bad", ["paper", "surface", "sunken", "bad-soft"]],
];
const SHAPES: readonly (readonly [string, readonly string[]])[] = [["focus", ["paper", "surface", "sunken", "accent-soft"]]];

function light(hex: string): number {
  const [r, g, b] = [1, 3, 5].map((at) => {
    const part = parseInt(hex.slice(at, at + 2), 16) / 255;
    return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
  }) as [number, number, number];
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}

function contrast(one: string, other: string): number {
  const [a, b] = [light(one), light(other)];
  return (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
}

function poor(pairs: typeof TEXT, least: number): string[] {
  return Object.entries(LOOKS).flatMap(([look, colours]) =>
    pairs.flatMap(([text, grounds]) =>
      grounds.flatMap((ground) => {
        const found = contrast(colours[text] ?? "#000000", colours[ground] ?? "#000000");
        return found >= least ? [] : [`${look}: ${text} on ${ground} ${found.toFixed(2)}`];
      }),
    ),
  );
}

test("text stands out from its ground", () => {
  expect(poor(TEXT, 4.5)).toEqual([]);
});

test("what shows the focus stands out from its ground", () => {
  expect(poor(SHAPES, 3)).toEqual([]);
});
