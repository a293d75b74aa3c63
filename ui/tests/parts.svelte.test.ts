import { expect, test } from "vitest";
import { render } from "vitest-browser-svelte";
import { createRawSnippet } from "svelte";
import Button from "../src/lib/parts/Button.svelte";

const words = (text: string) => createRawSnippet(() => ({ render: () => `<span>${text}</span>` }));

test("a busy button cannot be pressed twice", async () => {
  const screen = await render(Button, { busy: true, children: words("Programmer") });
  await expect.element(screen.getByRole("button", { name: "Programmer" })).toBeDisabled();
});
