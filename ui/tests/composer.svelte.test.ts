// The composer as a person meets it: typing reaches the core, nothing typed is lost, a fix is one press, scheduling says what
// it means.
import { afterEach, beforeEach, expect, test } from "vitest";
import { userEvent } from "vitest/browser";
import { render } from "vitest-browser-svelte";
import type { Content } from "../src/contract/Content";
import type { OnePost } from "../src/contract/OnePost";
import { HostError } from "../src/lib/host";
import Harness from "./ComposerHarness.svelte";
import { FakeHost, refusal, type Answers } from "./fake-host";
import { accounts, assets, check, content, onePost, place, status, toAll } from "./samples";
import { soon } from "./soon";

const say = (text: string): Content => ({ text, media: [], variants: {} });
const posts = new Map<string, OnePost>();
let stamps = 0;

function put(id: string, said: Content, part: Partial<OnePost> = {}): OnePost {
  const one = { ...onePost(id, said), plan: toAll, stamp: `s${(stamps += 1)}`, ...part };
  posts.set(id, one);
  return one;
}
function get(id: string): OnePost {
  const one = posts.get(id);
  if (one === undefined) throw refusal("not_found", "Cette publication n’existe pas.");
  return one;
}

function core(more: Answers = {}): FakeHost {
  return new FakeHost({
    "studio.status": () => status,
    "accounts.list": () => ({ accounts }),
    "networks.list": () => ({ networks: [] }),
    "posts.list": () => ({ posts: [...posts.values()] }),
    "posts.get": ({ post }) => get(post),
    "posts.save": ({ post, content, typing, stamp }) => {
      const before = post === null ? undefined : get(post);
      if (before && stamp !== null && stamp !== before.stamp) throw refusal("conflict", "", { content: before.content, stamp: before.stamp });
      return put(post ?? `p-${posts.size + 1}`, content, { typing, deliveries: before?.deliveries ?? 0, places: before?.places ?? [] });
    },
    "posts.choice": () => ({ plan: null }),
    "posts.check": ({ to }) => ({ checks: accounts.filter((account) => to.includes(account.id)).map((account) => check(account)) }),
    "posts.weigh": ({ to }) => ({ weights: to.map((account) => ({ account, bytes: 40, exact: true })), bytes: 40 * to.length, exact: true, metered: false }),
    "rules.fields": () => ({ fields: [] }),
    "deliveries.list": () => ({ deliveries: [], counts: { person: 0, coming: 0, kept: 0, done: 0 } }),
    "schedule.zones": () => ({ zones: ["Africa/Bamako", "Europe/Paris"], current: "Africa/Bamako" }),
    "schedule.resolve": ({ at, zone }) => ({ at: `${at}:00.000Z`, zone: zone ?? "Africa/Bamako", clocks: "exact", past: false, note: null }),
    "library.list": () => ({ assets, total: assets.length, rough: [] }),
    ...more,
  });
}

async function open(path: string, host: FakeHost) {
  location.hash = path;
  const screen = await render(Harness);
  return { screen, host, text: screen.getByRole("textbox", { name: /Texte (de la publication|pour)/ }) };
}
const saves = (host: FakeHost) => host.requests("posts.save");

beforeEach(() => posts.clear());
afterEach(() => {
  location.hash = "";
});

test("the text has the focus, the first letters make a post, and its address follows without moving the caret", async () => {
  const { host, text } = await open("/composer/new", core());
  await expect.element(text).toHaveFocus();
  await userEvent.keyboard("Bonjour");
  await soon(() => expect(location.hash).toBe("#/composer/p-1"));
  await userEvent.keyboard(" Kayes");
  await expect.element(text).toHaveFocus();
  await expect.element(text).toHaveValue("Bonjour Kayes");
  await soon(() => expect(posts.get("p-1")?.content.text).toBe("Bonjour Kayes"));
  expect(saves(host)[0]).toMatchObject({ post: null, typing: true, stamp: null });
  expect(saves(host).slice(1).every((request) => request.post === "p-1" && request.typing)).toBe(true);
  expect(posts.size).toBe(1);
});

test("the draft that was touched last is opened", async () => {
  put("p-sent", say("Parti"), { deliveries: 1, places: [place("a-bluesky", { state: "published", follows: false })] });
  put("p-draft", say("Un brouillon"));
  const { text } = await open("/composer", core());
  await expect.element(text).toHaveValue("Un brouillon");
  expect(location.hash).toBe("#/composer/p-draft");
});

test("Ctrl S makes a revision and says when", async () => {
  put("p-1", say("Bonjour"));
  const { host, screen, text } = await open("/composer/p-1", core());
  await expect.element(text).toHaveFocus();
  await userEvent.keyboard("!");
  await userEvent.keyboard("{Control>}s{/Control}");
  await expect.element(screen.getByText(/Enregistré à \d\d:\d\d:\d\d/)).toBeVisible();
  await soon(() => expect(saves(host).at(-1)).toMatchObject({ post: "p-1", typing: false, content: say("Bonjour!") }));
});

test("leaving the screen makes a revision of what was typed a moment ago", async () => {
  put("p-1", say("Bonjour"));
  const { host, text } = await open("/composer/p-1", core());
  await expect.element(text).toHaveFocus();
  await userEvent.keyboard("!");
  location.hash = "/queue";
  await soon(() => expect(saves(host).at(-1)).toMatchObject({ typing: false, content: say("Bonjour!") }));
});

test("closing the window flushes", async () => {
  put("p-1", say("Bonjour"));
  const { host, text } = await open("/composer/p-1", core());
  await expect.element(text).toHaveFocus();
  await userEvent.keyboard("?");
  await host.flush?.();
  expect(get("p-1").content.text).toBe("Bonjour?");
});

test("while the core is away the words stay, are kept beside, and are saved when it is back", async () => {
  put("p-1", say("Bonjour"));
  let gone = false;
  const host = core();
  const save = host.answers["posts.save"];
  host.answers["posts.save"] = (request) => {
    if (gone) throw new HostError("core_away", "no answer");
    return save?.(request) ?? get("p-1");
  };
  const { screen, text } = await open("/composer/p-1", host);
  await expect.element(text).toHaveFocus();
  gone = true;
  await userEvent.keyboard(" tous");
  await expect.element(screen.getByText(/Griot ne répond plus/).first()).toBeVisible();
  await expect.element(text).toHaveValue("Bonjour tous");
  await soon(() => expect(JSON.parse(host.aside["p-1"] ?? "{}")).toMatchObject({ text: "Bonjour tous" }));
  gone = false;
  host.setLink("down");
  host.setLink("up");
  await soon(() => expect(get("p-1").content.text).toBe("Bonjour tous"));
  expect(host.aside).toEqual({});
});

test("words kept during an interruption are offered, and equal ones are forgotten", async () => {
  put("p-1", say("Bonjour"));
  put("p-2", say("Pareil"));
  const host = core();
  host.aside = { "p-1": JSON.stringify(say("Bonjour à Kayes")), "p-2": JSON.stringify(say("Pareil")) };
  const { screen, text } = await open("/composer/p-1", host);
  await screen.getByRole("button", { name: "Reprendre" }).click();
  await expect.element(text).toHaveValue("Bonjour à Kayes");
  await soon(() => expect(get("p-1").content.text).toBe("Bonjour à Kayes"));
  location.hash = "/composer/p-2";
  await expect.element(text).toHaveValue("Pareil");
  await soon(() => expect(host.aside).toEqual({}));
});

test("another window's words are shown at once when nothing is unsaved here", async () => {
  put("p-1", say("Bonjour"));
  const { host, text } = await open("/composer/p-1", core());
  await expect.element(text).toHaveValue("Bonjour");
  put("p-1", say("Bonsoir"));
  host.tell({ event: "changed", tags: ["posts"] });
  await expect.element(text).toHaveValue("Bonsoir");
});

test("in a conflict nothing is overwritten and both can be kept", async () => {
  put("p-1", say("Bonjour"));
  const { screen, text } = await open("/composer/p-1", core());
  await expect.element(text).toHaveFocus();
  put("p-1", say("Bonsoir"));
  await userEvent.keyboard(" tous");
  await screen.getByRole("button", { name: "Garder les deux" }).click();
  await soon(() => expect(get("p-2").content.text).toBe("Bonjour tous"));
  expect(get("p-1").content.text).toBe("Bonsoir");
  await expect.element(text).toHaveValue("Bonjour tous");
  expect(location.hash).toBe("#/composer/p-2");
});

test("a network's tab says something else, shows that it does, and takes the common words back", async () => {
  put("p-1", say("Bonjour"));
  const { screen, text } = await open("/composer/p-1", core());
  await expect.element(text).toHaveFocus();
  await userEvent.keyboard("{Alt>}2{/Alt}");
  const own = screen.getByRole("textbox", { name: "Texte pour Sahel Énergie" });
  await expect.element(own).toHaveFocus();
  await userEvent.keyboard("{End} Bluesky");
  await soon(() => expect(get("p-1").content).toMatchObject({ text: "Bonjour", variants: { bluesky: { text: "Bonjour Bluesky" } } }));
  await expect.element(screen.getByRole("tab", { name: /Sahel Énergie\s*, différent de Tous/ })).toBeVisible();
  await screen.getByRole("switch", { name: "Même texte que Tous" }).click();
  await expect.element(own).toHaveValue("Bonjour");
  await soon(() => expect(get("p-1").content).toEqual(say("Bonjour")));
});

test("a fix is one press", async () => {
  put("p-1", content);
  const mended = { ...content, media: content.media.slice(0, 2) };
  const problem = { code: "mixed_media", level: "error" as const, message: "une vidéo et des photos ne vont pas ensemble.", fix: "", media: null, remedies: [{ id: "photos", label: "Garder les photos" }] };
  const { host, screen } = await open(
    "/composer/p-1",
    core({
      "posts.check": ({ content: said, to }) => ({
        checks: accounts.filter((account) => to.includes(account.id)).map((account) =>
          said.media.length === 3 && account.network === "mastodon" ? check(account, { verdict: "error", problems: [problem] }) : check(account),
        ),
      }),
      "posts.remedy": () => ({ content: mended }),
    }),
  );
  await screen.getByRole("button", { name: "Garder les photos" }).click();
  await soon(() => expect(get("p-1").content.media).toHaveLength(2));
  expect(host.requests("posts.remedy")).toEqual([{ content, account: "a-mastodon", remedy: "photos" }]);
  await expect.element(screen.getByText("Bluesky, Mastodon")).toBeVisible();
});

test("scheduling asks for the wall time, the zone, the accounts and what to do when late", async () => {
  put("p-1", say("Bonjour"));
  const { host, screen, text } = await open(
    "/composer/p-1",
    core({ "posts.schedule": ({ post, to }) => ({ post, deliveries: to.map((account) => ({ id: account, account, network: "bluesky", state: "scheduled", due: null, upload_bytes: null })), warnings: [] }) }),
  );
  await expect.element(text).toHaveFocus();
  await screen.getByRole("radio", { name: "Programmer" }).click();
  await screen.getByLabelText("Date").fill("2026-11-29");
  await screen.getByLabelText("Heure", { exact: true }).fill("18:00");
  await screen.getByLabelText("Si l’ordinateur est éteint").selectOptions("drop");
  await expect.element(screen.getByText(/dimanche 29 novembre 2026/)).toBeVisible();
  await screen.getByRole("button", { name: "Choisir les comptes" }).click();
  await screen.getByRole("menuitemcheckbox", { name: /WhatsApp/ }).click();
  await userEvent.keyboard("{Escape}");
  await expect.element(screen.getByRole("button", { name: /Programmer sur 2 comptes/ })).toBeVisible();
  await userEvent.keyboard("{Control>}{Enter}{/Control}");
  await soon(() =>
    expect(host.requests("posts.schedule")).toEqual([
      { post: "p-1", to: ["a-bluesky", "a-mastodon"], at: "2026-11-29T18:00", zone: "Africa/Bamako", late: "drop", stamp: get("p-1").stamp, again: false, confirmed: false },
    ]),
  );
  await expect.element(screen.getByText("Programmée sur 2 comptes.")).toBeVisible();
  await soon(() => expect(location.hash).toBe("#/composer/new"));
  await expect.element(text).toHaveValue("");
  await expect.element(text).toHaveFocus();
});

test("what a network takes for the post stands under its preview", async () => {
  const cost = "X facture 0,015 $ (prix lus le 22/08/2026). Ce mois : 1,20 $ partis, 0,40 $ programmés, plafond 5,00 $.";
  put("p-9", { ...content, text: "Bonjour" });
  const shown = accounts.filter((account) => account.state !== "assisted").slice(0, 1);
  const { screen } = await open("/composer/p-9", core({
    "posts.get": () => ({ ...get("p-9"), plan: { to: shown.map((account) => account.id), when: "now" as const, at: null, zone: null, late: "hold" as const } }),
    "posts.check": () => ({ checks: shown.map((account) => check(account, { cost })) }),
  }));
  await expect.element(screen.getByRole("region", { name: "Aperçu" }).getByText(cost)).toBeVisible();
});

test("what the networks refuse is shown instead of being sent", async () => {
  put("p-1", say("Bonjour"));
  const problem = { code: "text_too_long", level: "error" as const, message: "trop long.", fix: "", media: null, remedies: [] };
  const { host, screen, text } = await open("/composer/p-1", core({ "posts.check": ({ to }) => ({ checks: to.map(() => check(accounts[0] as never, { verdict: "error", problems: [problem] })).slice(0, 1) }) }));
  await expect.element(text).toHaveFocus();
  await userEvent.keyboard("{Control>}{Enter}{/Control}");
  await expect.element(screen.getByRole("region", { name: "Ce qu’en disent les réseaux" })).toHaveFocus();
  expect(host.requests("posts.schedule")).toEqual([]);
});

test("a refused scheduling says why and leaves everything as it was", async () => {
  put("p-refused", say("Bonjour"));
  const { screen, text } = await open("/composer/p-refused", core({ "posts.schedule": () => { throw refusal("time_past", "Cette heure est passée."); } }));
  await expect.element(text).toHaveFocus();
  await screen.getByRole("button", { name: /^Publier sur/ }).click();
  await expect.element(screen.getByText("Cette heure est passée.")).toBeVisible();
  await expect.element(text).toHaveValue("Bonjour");
  expect(location.hash).toBe("#/composer/p-refused");
});

test("nothing written is said, and no empty post is left behind", async () => {
  const { host, screen, text } = await open("/composer/new", core());
  await expect.element(text).toHaveFocus();
  await userEvent.keyboard("{Control>}{Enter}{/Control}");
  await expect.element(screen.getByText(/Rien n’est écrit encore/)).toBeVisible();
  await expect.element(text).toHaveFocus();
  expect(saves(host)).toEqual([]);
});

test("a failed reading shows in place and is tried again", async () => {
  let broken = true;
  const host = core({
    "posts.get": () => {
      if (broken) throw refusal("environment", "Le disque n’a pas répondu.");
      return put("p-1", say("Bonjour"));
    },
  });
  const { screen, text } = await open("/composer/p-1", host);
  await expect.element(screen.getByText("Le disque n’a pas répondu.")).toBeVisible();
  broken = false;
  await screen.getByRole("button", { name: "Réessayer" }).click();
  await expect.element(text).toHaveValue("Bonjour");
});

// How long a letter takes is said and not judged: a machine that does other things is slow, not wrong.
test("60,000 characters: every letter arrives, in order, and the whole text reaches the core", async ({ annotate }) => {
  put("p-1", say("Bamako et Kayes. ".repeat(3_530)));
  const { host, text } = await open("/composer/p-1", core());
  await expect.element(text).toHaveFocus();
  const area = text.element() as HTMLTextAreaElement;
  const before = area.value;
  area.setSelectionRange(before.length, before.length);
  const letters = "Bamako, Kayes, Gao et Mopti!!!".split("");
  const times: number[] = [];
  for (const letter of letters) {
    const start = performance.now();
    document.execCommand("insertText", false, letter);
    await new Promise<void>((painted) => requestAnimationFrame(() => setTimeout(painted, 0)));
    times.push(performance.now() - start);
  }
  expect(area.value).toBe(before + letters.join(""));
  await soon(() => expect(host.requests("posts.save").at(-1)?.content.text).toBe(area.value));
  const middle = times.sort((one, other) => one - other)[15] ?? Infinity;
  await annotate(`a letter to the next frame: median ${middle.toFixed(0)} ms`);
});
