// The words themselves: both languages say the same things, as they are to be written, and none is left over.
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";

type Said = string | [{ declarations: string[]; match: Record<string, string> }];
type Words = Record<string, Said>;

const root = join(import.meta.dirname, "..");
const LANGS = ["fr", "en"] as const;
const files = readdirSync(join(root, "messages/fr")).sort();

function read(lang: string, file: string): Words {
  const words = JSON.parse(readFileSync(join(root, "messages", lang, file), "utf8")) as Words;
  delete words.$schema;
  return words;
}

const all = (lang: string): [string, Said][] => files.flatMap((file) => Object.entries(read(lang, file)));

/** Every sentence that a message can become. */
const sentences = (said: Said): string[] => (typeof said === "string" ? [said] : Object.values(said[0].match));

/** What a message asks for. */
const inputs = (said: Said): string => [...new Set(sentences(said).flatMap((text) => [...text.matchAll(/\{(\w+)\}/g)].map(([, name]) => name)))].sort().join(" ");

const wrong = (lang: string, fault: (text: string) => boolean): string[] =>
  all(lang).flatMap(([key, said]) => sentences(said).filter(fault).map((text) => `${key}: ${text}`));

test("both languages have the same files and keys, with the same inputs", () => {
  expect(readdirSync(join(root, "messages/en")).sort()).toEqual(files);
  for (const file of files) {
    const [fr, en] = LANGS.map((lang) => read(lang, file)) as [Words, Words];
    expect(Object.keys(en).sort(), file).toEqual(Object.keys(fr).sort());
    for (const [key, said] of Object.entries(fr)) expect(inputs(en[key] ?? ""), key).toBe(inputs(said));
  }
});

test("no key stands in two files", () => {
  const keys = all("fr").map(([key]) => key);
  expect(keys.filter((key, n) => keys.indexOf(key) !== n)).toEqual([]);
});

test("French has a non-breaking space before : ; ! ? » and after «", () => {
  // An address (https://), a clock (18:00) and a file's ending are not punctuation.
  expect(wrong("fr", (text) => /(?<![\u00a0\u202f:/])[;!?»]|(?<![\u00a0\u202f\d]):(?!\/\/|\d)|«(?![\u00a0\u202f])/.test(text))).toEqual([]);
});

test("apostrophes are typographic in both languages", () => {
  for (const lang of LANGS) expect(wrong(lang, (text) => text.includes("'"))).toEqual([]);
});

test("nothing is exclaimed and nothing is apologised for", () => {
  for (const lang of LANGS) expect(wrong(lang, (text) => /!|\boups\b|\boops\b|désolé|\bsorry\b/i.test(text))).toEqual([]);
});

test("no sentence has two spaces in a row, or one at its end", () => {
  for (const lang of LANGS) expect(wrong(lang, (text) => /\p{L}/u.test(text) && /[ \u00a0]{2}|^\s|\s$/.test(text))).toEqual([]);
});

test("every word is used somewhere", () => {
  const source = readdirSync(join(root, "src"), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && /\.(svelte|ts)$/.test(entry.name) && !entry.parentPath.includes(join("lib", "messages")))
    .map((entry) => readFileSync(join(entry.parentPath, entry.name), "utf8"))
    .join("\n");
  const used = new Set([...source.matchAll(/\bm\.(\w+)/g)].map(([, key]) => key));
  const dead = all("fr").filter(([key]) => !used.has(key)).map(([key]) => key);
  expect(dead).toEqual([]);
});
