// Accessibility of what is on screen now: nothing to find, all rules, the colours included.
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { expect, type Page } from "@playwright/test";
import type { AxeResults } from "axe-core";

const source = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

/** Finds nothing, or the test fails with what was found and where. */
export async function axe(page: Page, where: string): Promise<void> {
  await page.evaluate(() => document.fonts.ready.then(() => Promise.all(document.getAnimations().map((one) => one.finished.catch(() => null)))).then(() => null));
  await page.evaluate(source);
  const { violations } = await page.evaluate(
    () => (globalThis as unknown as { axe: { run(on: Document, how: object): Promise<AxeResults> } }).axe.run(document, { resultTypes: ["violations"] }),
  );
  const said = violations.flatMap((one) => one.nodes.map((node) => `${one.id}: ${node.target.join(" ")} (${node.any[0]?.message ?? one.help})`));
  expect(said, where).toEqual([]);
}
