// The line above every screen: a page whose session ended takes a new address where it stands.
import { expect, test } from "vitest";
import { page } from "vitest/browser";
import { render } from "vitest-browser-svelte";
import Banner from "../src/Banner.svelte";
import { connect } from "../src/lib/data.svelte";
import type { Reentry } from "../src/lib/host/types";
import { FakeHost } from "./fake-host";

test("a session that ended asks for the new address, says what is wrong with one, and goes on with the right one", async () => {
  const host = new FakeHost({});
  const pasted: string[] = [];
  const became: Reentry[] = ["no_address", "used", "elsewhere", "in"];
  host.reenter = (address) => {
    pasted.push(address);
    return Promise.resolve(became[pasted.length - 1] ?? "in");
  };
  const end = connect();
  await render(Banner);
  expect(page.getByRole("textbox").query()).toBeNull();
  host.setLink("no_session");
  const field = page.getByRole("textbox", { name: "Adresse de Griot" });
  const go = page.getByRole("button", { name: "Continuer" });
  for (const said of [/Ce n’est pas une adresse/, /a déjà servi/, /un autre Griot/]) {
    await field.fill("http://127.0.0.1:1/#token=a");
    await go.click();
    await expect.element(page.getByRole("alert")).toHaveTextContent(said);
    await expect.element(field).toHaveValue("http://127.0.0.1:1/#token=a");
  }
  await go.click();
  await expect.element(field).toHaveValue("");
  host.setLink("up");
  await expect.element(field).not.toBeInTheDocument();
  expect(pasted).toHaveLength(4);
  end();
});
