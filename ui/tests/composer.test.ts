// Words on their way to the core: what is typed arrives once, newest last, and is never lost to a failure or overwritten by a
// conflict. Time is a list of things that are due.
import { describe, expect, test } from "vitest";
import type { Content } from "../src/contract/Content";
import type { OnePost } from "../src/contract/OnePost";
import type { SavePost } from "../src/contract/SavePost";
import { Autosave, PAUSE_MS, RETRY_MS, TYPING_MS, type Kept, type Theirs } from "../src/features/composer/autosave";
import { EMPTY, differs, firstLine, isEmpty, mediaOn, same, textOn, withField, withMedia, withText } from "../src/features/composer/content";
import { HostError } from "../src/lib/host";

const say = (text: string): Content => ({ text, media: [], variants: {} });

/** A core that keeps posts, answers when told to, and a clock that moves when told to. */
class Desk {
  now = 0;
  due: { at: number; run: () => void }[] = [];
  readonly sent: SavePost[] = [];
  flying = 0;
  most = 0;
  /** Thrown at the next sendings, oldest first. */
  troubles: unknown[] = [];
  /** Answers are lost while this is set, though the core kept the words. */
  deaf = false;
  /** How long an answer takes. */
  takes = 0;
  readonly posts = new Map<string, { content: Content; stamp: string; typing: boolean }>();
  readonly beside: Record<string, string> = {};
  kept: Kept = { is: "nothing" };
  foreign: Theirs[] = [];
  #stamps = 0;
  readonly save = new Autosave(
    {
      send: (request) => this.#answer(request),
      read: (post) => Promise.resolve().then(() => this.one(post)),
      list: () => Promise.resolve([...this.posts.keys()].map((id) => this.one(id))),
      aside: (key, words) => {
        if (words === "") delete this.beside[key];
        else this.beside[key] = words;
      },
      newKey: () => "new",
      now: () => this.now,
      after: (ms, run) => {
        const entry = { at: this.now + ms, run };
        this.due.push(entry);
        return () => (this.due = this.due.filter((known) => known !== entry));
      },
    },
    { kept: (kept) => (this.kept = kept), taken: () => undefined, foreign: (theirs) => this.foreign.push(theirs) },
    EMPTY,
  );

  one(id: string): OnePost {
    const known = this.posts.get(id);
    if (known === undefined) throw { code: "not_found", message: "", hint: "" } as unknown as Error;
    const at = "2026-11-22T14:00:00.000Z";
    return { post: { id, current: "r", created_at: at, updated_at: at }, ...known, deliveries: 0, plan: null, places: [], correction: null };
  }

  write(id: string, text: string): void {
    this.posts.set(id, { content: say(text), stamp: `s${(this.#stamps += 1)}`, typing: false });
  }

  async #answer(request: SavePost): Promise<OnePost> {
    this.sent.push(structuredClone(request));
    this.flying += 1;
    this.most = Math.max(this.most, this.flying);
    if (this.takes > 0) await new Promise<void>((done) => this.due.push({ at: this.now + this.takes, run: done }));
    else await Promise.resolve();
    this.flying -= 1;
    const wrong = this.troubles.shift();
    if (wrong !== undefined) throw wrong as Error;
    const id = request.post ?? `p${this.posts.size + 1}`;
    const before = this.posts.get(id);
    if (request.post !== null && before === undefined) this.one(id);
    if (before && request.stamp !== null && request.stamp !== before.stamp) {
      throw { code: "conflict", message: "", hint: "", detail: { content: before.content, stamp: before.stamp } } as unknown as Error;
    }
    this.posts.set(id, { content: request.content, stamp: `s${(this.#stamps += 1)}`, typing: request.typing });
    if (this.deaf) throw new HostError("core_away", "lost");
    return this.one(id);
  }

  /** Lets time pass, doing what falls due on the way. */
  async pass(ms: number): Promise<void> {
    const end = this.now + ms;
    await settled();
    for (;;) {
      const next = this.due.filter((entry) => entry.at <= end).sort((one, other) => one.at - other.at)[0];
      if (next === undefined) break;
      this.due = this.due.filter((entry) => entry !== next);
      this.now = Math.max(this.now, next.at);
      next.run();
      await settled();
    }
    this.now = end;
  }
}

async function settled(): Promise<void> {
  for (let n = 0; n < 20; n += 1) await Promise.resolve();
}

const away = () => new HostError("core_away", "no answer");
const texts = (desk: Desk) => desk.sent.map((request) => request.content.text);

describe("typing", () => {
  test("the first letters make a post once, within 250 ms of the first of them", async () => {
    const desk = new Desk();
    for (const text of ["B", "Bo", "Bon"]) {
      desk.save.write(say(text));
      await desk.pass(80);
    }
    expect(desk.sent).toHaveLength(0);
    await desk.pass(TYPING_MS - 240);
    expect(desk.sent).toEqual([{ post: null, content: say("Bon"), typing: true, stamp: null }]);
    expect([...desk.posts.keys()]).toEqual(["p1"]);
    expect(desk.kept.is).toBe("saved");
  });

  test("somebody who never stops typing never has more than 500 ms unsaved", async () => {
    const desk = new Desk();
    desk.takes = 120;
    const typed: { text: string; at: number }[] = [];
    let worst = 0;
    for (let n = 1; n <= 200; n += 1) {
      const text = "a".repeat(n);
      typed.push({ text, at: desk.now });
      desk.save.write(say(text));
      await desk.pass(40);
      const held = [...desk.posts.values()][0]?.content.text.length ?? 0;
      const oldest = typed[held];
      if (oldest) worst = Math.max(worst, desk.now - oldest.at);
    }
    expect(worst).toBeLessThanOrEqual(500);
    expect(desk.most).toBe(1);
    expect(desk.posts.size).toBe(1);
  });

  test("sendings never overlap, however slow the core is, and the newest words win", async () => {
    const desk = new Desk();
    desk.takes = 1_000;
    for (let n = 1; n <= 60; n += 1) {
      desk.save.write(say(`n${n}`));
      await desk.pass(100);
    }
    await desk.pass(3_000);
    expect(desk.most).toBe(1);
    expect(desk.posts.size).toBe(1);
    expect(desk.posts.get("p1")?.content.text).toBe("n60");
    const numbers = texts(desk).map((text) => Number(text.slice(1)));
    expect(numbers).toEqual([...numbers].sort((one, other) => one - other));
    expect(desk.sent.slice(1).every((request) => request.post === "p1" && request.stamp !== null)).toBe(true);
  });

  test("a pause makes a revision, once", async () => {
    const desk = new Desk();
    desk.save.write(say("Bonjour"));
    await desk.pass(PAUSE_MS + 100);
    await desk.pass(60_000);
    expect(desk.sent.map((request) => request.typing)).toEqual([true, false]);
  });

  test("settling sends the newest words as a revision, also while a sending is under way", async () => {
    const desk = new Desk();
    desk.takes = 300;
    desk.save.write(say("un"));
    await desk.pass(TYPING_MS + 10);
    desk.save.write(say("un deux"));
    const done = desk.save.settle();
    await desk.pass(2_000);
    expect(await done).toBe(true);
    expect(desk.most).toBe(1);
    expect(desk.posts.get("p1")).toMatchObject({ content: say("un deux"), typing: false });
  });

  test("nothing written is nothing saved", async () => {
    const desk = new Desk();
    expect(await desk.save.settle()).toBe(true);
    await desk.save.close();
    expect(desk.sent).toHaveLength(0);
  });

  test("words that are found on their way become a revision when the post is left", async () => {
    const desk = new Desk();
    desk.posts.set("p1", { content: say("en route"), stamp: "s", typing: true });
    desk.save.adopt(desk.one("p1"));
    await desk.save.close();
    expect(desk.sent).toEqual([{ post: "p1", content: say("en route"), typing: false, stamp: "s" }]);
  });
});

describe("the core is away", () => {
  test("words are kept beside, the page says so, and they are saved once it is back", async () => {
    const desk = new Desk();
    desk.troubles = Array.from({ length: 3 }, away);
    desk.save.write(say("un"));
    await desk.pass(TYPING_MS);
    expect(desk.kept.is).toBe("away");
    desk.save.write(say("un deux"));
    await desk.pass(TYPING_MS);
    expect(JSON.parse(desk.beside.new ?? "null")).toEqual(say("un deux"));
    expect(desk.kept.is).toBe("away");
    desk.troubles = [];
    desk.save.retry();
    await desk.pass(0);
    expect(desk.posts.get("p1")?.content.text).toBe("un deux");
    expect(desk.beside).toEqual({});
    expect(desk.kept.is).toBe("saved");
  });

  test("it is asked again by itself", async () => {
    const desk = new Desk();
    desk.troubles = [away()];
    desk.save.write(say("un"));
    await desk.pass(TYPING_MS + RETRY_MS);
    expect(desk.posts.get("p1")?.content.text).toBe("un");
    expect(desk.beside).toEqual({});
  });

  test("an answer that was lost is no conflict with oneself", async () => {
    const desk = new Desk();
    desk.write("p1", "avant");
    desk.save.adopt(desk.one("p1"));
    desk.deaf = true;
    desk.save.write(say("avant, après"));
    await desk.pass(TYPING_MS);
    expect(desk.kept.is).toBe("away");
    desk.deaf = false;
    await desk.pass(RETRY_MS);
    await desk.pass(TYPING_MS);
    expect(desk.kept.is).toBe("saved");
    expect(desk.posts.size).toBe(1);
  });

  test("nor is it when more was typed before the core came back", async () => {
    const desk = new Desk();
    desk.write("p1", "avant");
    desk.save.adopt(desk.one("p1"));
    desk.deaf = true;
    desk.save.write(say("avant, pendant"));
    await desk.pass(TYPING_MS);
    desk.save.write(say("avant, pendant, après"));
    desk.deaf = false;
    await desk.pass(RETRY_MS);
    await desk.pass(TYPING_MS);
    expect(desk.kept.is).toBe("saved");
    expect(desk.posts.get("p1")?.content.text).toBe("avant, pendant, après");
  });

  test("a new post whose first answer was lost is not made twice", async () => {
    const desk = new Desk();
    desk.deaf = true;
    desk.save.write(say("un"));
    await desk.pass(TYPING_MS);
    expect(desk.kept.is).toBe("away");
    desk.save.write(say("un, deux"));
    desk.deaf = false;
    await desk.pass(RETRY_MS);
    await desk.pass(TYPING_MS);
    expect(desk.kept.is).toBe("saved");
    expect([...desk.posts.values()].map((post) => post.content.text)).toEqual(["un, deux"]);
  });

  test("a full disk is told as it is, and the words stay", async () => {
    const desk = new Desk();
    desk.troubles = [{ code: "disk_full", message: "", hint: "" }];
    desk.save.write(say("un"));
    await desk.pass(TYPING_MS);
    expect(desk.kept).toMatchObject({ is: "refused", wrong: { code: "disk_full" } });
    expect(Object.keys(desk.beside)).toEqual(["new"]);
    await desk.pass(RETRY_MS);
    expect(desk.kept.is).toBe("saved");
  });

  test("what could not be sent when the page was left stays beside", async () => {
    const desk = new Desk();
    desk.write("p1", "avant");
    desk.save.adopt(desk.one("p1"));
    desk.troubles = [away()];
    desk.save.write(say("après"));
    await desk.save.close();
    await desk.pass(60_000);
    expect(JSON.parse(desk.beside.p1 ?? "null")).toEqual(say("après"));
    expect(desk.sent).toHaveLength(1);
  });

  test("a post that was removed elsewhere while it was written becomes a new one", async () => {
    const desk = new Desk();
    desk.write("p9", "avant");
    desk.save.adopt(desk.one("p9"));
    desk.posts.clear();
    desk.save.write(say("avant et encore"));
    await desk.pass(TYPING_MS * 2);
    expect([...desk.posts.values()].map((post) => post.content.text)).toEqual(["avant et encore"]);
    expect(desk.kept.is).toBe("saved");
  });
});

describe("another window writes", () => {
  async function clash(): Promise<Desk> {
    const desk = new Desk();
    desk.write("p1", "avant");
    desk.save.adopt(desk.one("p1"));
    desk.write("p1", "le sien");
    desk.save.write(say("le mien"));
    await desk.pass(TYPING_MS);
    return desk;
  }

  test("nothing is overwritten and nothing is sent any more", async () => {
    const desk = await clash();
    expect(desk.kept).toMatchObject({ is: "conflict", theirs: { content: say("le sien") } });
    desk.save.write(say("le mien, plus long"));
    await desk.pass(60_000);
    expect(await desk.save.settle()).toBe(false);
    expect(desk.posts.get("p1")?.content.text).toBe("le sien");
    expect(JSON.parse(desk.beside.p1 ?? "null")).toEqual(say("le mien, plus long"));
  });

  test("both can be kept", async () => {
    const desk = await clash();
    expect(await desk.save.keepMine()).toBe(true);
    expect([...desk.posts.values()].map((post) => post.content.text)).toEqual(["le sien", "le mien"]);
    expect(desk.beside).toEqual({});
  });

  test("theirs can be taken, and writing goes on from there", async () => {
    const desk = await clash();
    if (desk.kept.is === "conflict") desk.save.takeTheirs(desk.kept.theirs);
    desk.save.write(say("le sien, repris"));
    await desk.pass(TYPING_MS);
    expect(desk.posts.get("p1")?.content.text).toBe("le sien, repris");
    expect(desk.posts.size).toBe(1);
  });

  test("with nothing unsaved here, theirs is simply shown", async () => {
    const desk = new Desk();
    desk.posts.set("p1", { content: say("en route"), stamp: "s0", typing: true });
    desk.save.adopt(desk.one("p1"));
    desk.write("p1", "le sien");
    expect(await desk.save.settle()).toBe(false);
    expect(desk.foreign.map((theirs) => theirs.content.text)).toEqual(["le sien"]);
    expect(desk.kept.is).toBe("saved");
  });
});

describe("what a network's tab says", () => {
  const lamp = { asset: "m-lamp", alt: "Une lampe" };
  const roof = { asset: "m-roof", alt: "" };
  const base: Content = { text: "Bonjour", media: [lamp, roof], variants: {} };

  test("a tab says what all say until something else is written on it", () => {
    expect(textOn(base, "mastodon")).toBe("Bonjour");
    expect(differs(base, "mastodon")).toBe(false);
    const own = withText(base, "mastodon", "Salut");
    expect([textOn(own, "mastodon"), textOn(own, "bluesky"), own.text]).toEqual(["Salut", "Bonjour", "Bonjour"]);
    expect([differs(own, "mastodon"), differs(own, "bluesky")]).toEqual([true, false]);
  });

  test("the common words come back without a trace", () => {
    expect(withText(withText(base, "mastodon", "Salut"), "mastodon", null)).toEqual(base);
    expect(withField(withField(base, "mastodon", "spoiler", "x"), "mastodon", "spoiler", "")).toEqual(base);
  });

  test("the same words written again are no difference, an emptied tab is one", () => {
    expect(differs(withText(base, "mastodon", "Bonjour"), "mastodon")).toBe(false);
    expect(differs(withText(base, "mastodon", ""), "mastodon")).toBe(true);
  });

  test("another order of pictures, none at all, and a field are differences", () => {
    expect(differs(withMedia(base, "bluesky", [roof, lamp]), "bluesky")).toBe(true);
    expect(mediaOn(withMedia(base, "bluesky", []), "bluesky")).toEqual([]);
    expect(differs(withMedia(base, "bluesky", [lamp, roof]), "bluesky")).toBe(false);
    expect(differs(withField(base, "bluesky", "visibility", "unlisted"), "bluesky")).toBe(true);
  });

  test("a change of one part keeps the others", () => {
    const own = withField(withText(base, "mastodon", "Salut"), "mastodon", "spoiler", "Attention");
    expect(withMedia(own, "mastodon", [roof]).variants.mastodon).toEqual({ text: "Salut", media: [roof], fields: { spoiler: "Attention" } });
  });

  test("empty, alike, and the first line", () => {
    expect([isEmpty(EMPTY), isEmpty({ ...EMPTY, text: " \n" }), isEmpty(base), isEmpty(withText(EMPTY, "x", "a"))]).toEqual([true, true, false, false]);
    expect(same({ a: 1, b: null }, { a: 1 })).toBe(true);
    expect(same({ text: "a", media: [lamp] }, { media: [{ alt: "Une lampe", asset: "m-lamp" }], text: "a" })).toBe(true);
    expect(same([lamp, roof], [roof, lamp])).toBe(false);
    expect(firstLine({ ...EMPTY, text: "\n\nUn\nDeux" })).toBe("Un");
  });
});
