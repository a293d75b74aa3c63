// What is typed reaches the core by itself. A change is sent at most 250 ms after the first letter that the core does not have,
// one sending at a time and always the newest words; a pause makes a revision. Time, the core and the place beside it come in
// from outside, so that bursts, failures and conflicts are tested without waiting for any of them.
import type { Content } from "$contract/Content";
import type { OnePost } from "$contract/OnePost";
import type { PostId } from "$contract/PostId";
import type { SavePost } from "$contract/SavePost";
import { trouble, type Trouble } from "$lib/rpc";
import { isEmpty, same } from "./content";

/** How long a letter may wait before it is sent. */
export const TYPING_MS = 250;
/** A pause this long makes a revision. */
export const PAUSE_MS = 8_000;
/** How long until the core is asked again by itself when it did not take the words. */
export const RETRY_MS = 2_000;

/** Page and core read one machine's clock; it may be set between two readings. */
const CLOCK_MS = 60_000;

/** What the words depend on. */
export interface Ways {
  send(request: SavePost): Promise<OnePost>;
  read(post: PostId): Promise<OnePost>;
  /** Every post, last changed first. */
  list(): Promise<readonly OnePost[]>;
  /** Keeps words beside the core; empty words are forgotten. */
  aside(key: string, words: string): void;
  /** A free key for the words of a post that has no id yet. */
  newKey(): string;
  now(): number;
  /** Runs later; returns what calls it off. */
  after(ms: number, run: () => void): () => void;
}

/** What somebody else wrote meanwhile. */
export interface Theirs {
  content: Content;
  stamp: string;
}

/** Where the words are. */
export type Kept =
  | { is: "nothing" }
  | { is: "saved"; at: number }
  | { is: "unsaved" }
  | { is: "away"; wrong: Trouble }
  | { is: "refused"; wrong: Trouble }
  | { is: "conflict"; theirs: Theirs };

/** What the page is told. */
export interface Told {
  kept(kept: Kept): void;
  /** The core has it: a new post got its id, a known one another stamp. */
  taken(one: OnePost): void;
  /** Somebody else's words stand there now, and nothing of this page was unsaved. */
  foreign(theirs: Theirs): void;
}

/** Words whose sending was not answered. */
interface Doubt {
  content: Content;
  since: number;
}

/** So many are remembered: of those that follow each other quickly only the newest can be what the core took. */
const DOUBTS = 8;

export class Autosave {
  #post: PostId | null = null;
  #stamp: string | null = null;
  #newest: Content;
  /** Changes are counted: what was written, what the core has, what a revision has. */
  #written = 0;
  #held = 0;
  #settled = 0;
  #since = 0;
  #flying: Promise<boolean> | null = null;
  #conflict = false;
  #key: string | null = null;
  #stuck: Trouble | null = null;
  /** What was sent and never answered: the core may have any of it. */
  #doubts: Doubt[] = [];
  #closed = false;
  #typing: (() => void) | null = null;
  #pause: (() => void) | null = null;
  #again: (() => void) | null = null;
  #beside: (() => void) | null = null;

  constructor(
    readonly ways: Ways,
    readonly told: Told,
    empty: Content,
  ) {
    this.#newest = empty;
  }

  get post(): PostId | null {
    return this.#post;
  }

  get stamp(): string | null {
    return this.#stamp;
  }

  /** Changes with every change of the words and with every answer. */
  get mark(): string {
    return `${this.#stamp}/${this.#written}`;
  }

  /** Whether the core has every word and nothing is on its way. */
  get quiet(): boolean {
    return this.#held === this.#written && this.#flying === null;
  }

  /** Begins from what the core says. */
  adopt(one: OnePost): void {
    this.#post = one.post.id;
    this.#base({ content: one.content, stamp: one.stamp });
    if (one.typing) this.#settled = -1;
    this.told.kept({ is: "saved", at: Date.parse(one.post.updated_at) });
  }

  /** Begins from the words of somebody else. */
  takeTheirs(theirs: Theirs): void {
    this.#forget();
    this.#base(theirs);
    this.told.kept({ is: "saved", at: this.ways.now() });
  }

  /** Makes the words of this page a post of their own. */
  keepMine(): Promise<boolean> {
    this.#forget();
    this.#post = this.#stamp = null;
    this.#conflict = false;
    this.#written += 1;
    return this.settle();
  }

  /** The person changed something. */
  write(content: Content): void {
    this.#newest = content;
    if (this.#held === this.#written) this.#since = this.ways.now();
    this.#written += 1;
    this.#pause?.();
    this.#pause = this.ways.after(PAUSE_MS, () => void this.settle());
    if (this.#conflict || this.#stuck !== null) this.#keepAside();
    else {
      this.told.kept({ is: "unsaved" });
      this.#soon();
    }
  }

  /** Sends what is unsaved and makes a revision of it; whether the core has all of it. */
  async settle(): Promise<boolean> {
    this.#calm();
    let good = true;
    while (good && this.#settled !== this.#written && !this.#conflict) good = await this.#send(false);
    return good && !this.#conflict;
  }

  /** The page goes away, or may: what cannot be sent in time is kept beside. */
  flush(): Promise<boolean> {
    if (this.#held !== this.#written) this.#aside();
    return this.settle();
  }

  /** Another post is shown: settled, and never sent again by itself. What failed stays kept beside. */
  async close(): Promise<void> {
    this.#closed = true;
    await this.flush();
    this.#calm();
  }

  /** The core may be back. */
  retry(): void {
    if (this.#stuck !== null && !this.#conflict && !this.#closed) void this.#send(true);
  }

  #base(theirs: Theirs): void {
    this.#calm();
    this.#newest = theirs.content;
    this.#stamp = theirs.stamp;
    this.#held = this.#settled = this.#written;
    this.#conflict = false;
    this.#stuck = null;
    this.#doubts = [];
  }

  #calm(): void {
    for (const stop of [this.#typing, this.#pause, this.#again, this.#beside]) stop?.();
    this.#typing = this.#pause = this.#again = this.#beside = null;
  }

  /** At most `TYPING_MS` after the first letter that the core does not have. */
  #soon(): void {
    if (this.#typing !== null || this.#flying !== null) return;
    const wait = Math.max(0, this.#since + TYPING_MS - this.ways.now());
    this.#typing = this.ways.after(wait, () => {
      this.#typing = null;
      void this.#send(true);
    });
  }

  async #send(typing: boolean): Promise<boolean> {
    while (this.#flying !== null) await this.#flying;
    if (this.#conflict) return false;
    if ((typing ? this.#held : this.#settled) === this.#written) return true;
    this.#typing?.();
    this.#typing = null;
    this.#flying = this.#fly(this.#written, this.#newest, typing);
    const good = await this.#flying;
    return good;
  }

  async #fly(written: number, content: Content, typing: boolean): Promise<boolean> {
    const since = this.ways.now();
    try {
      if (this.#post === null && this.#doubts.length > 0) await this.#find();
      const one = await this.ways.send({ post: this.#post, content, typing, stamp: this.#stamp });
      this.#flying = null;
      this.#took(one, written, typing, since);
      return true;
    } catch (thrown) {
      const wrong = trouble(thrown);
      if (wrong.code === "core_away") this.#doubts = [...this.#doubts.slice(1 - DOUBTS), { content, since }];
      const good = await this.#failed(wrong, content, typing);
      this.#flying = null;
      if (good) this.#soon();
      return good;
    }
  }

  /** A new post whose first sending was not answered may be there already, under an id that this page never heard. */
  async #find(): Promise<void> {
    const there = (one: OnePost) =>
      this.#doubts.some(({ content, since }) => Date.parse(one.post.created_at) >= since - CLOCK_MS && same(one.content, content));
    const found = (await this.ways.list()).find(there);
    if (found === undefined) return;
    this.#post = found.post.id;
    this.#stamp = found.stamp;
  }

  #took(one: OnePost, written: number, typing: boolean, since: number): void {
    this.#forget();
    this.#doubts = [];
    this.#stuck = null;
    this.#post = one.post.id;
    this.#stamp = one.stamp;
    this.#held = written;
    if (!typing) this.#settled = written;
    this.told.taken(one);
    if (this.#written === written) {
      this.told.kept({ is: "saved", at: this.ways.now() });
      return;
    }
    // Letters came while these were on their way: the first of them is at least as young as the sending.
    this.#since = since;
    this.told.kept({ is: "unsaved" });
    if (!this.#closed) this.#soon();
  }

  /** Whether sending again, at once, is right. */
  async #failed(wrong: Trouble, content: Content, typing: boolean): Promise<boolean> {
    if (wrong.code === "conflict") return this.#clash(wrong, content);
    if (wrong.code === "not_found" && this.#post !== null && (await this.#isGone(this.#post))) {
      // Removed elsewhere while it was written here: the words become a post of their own.
      this.#post = this.#stamp = null;
      if (!isEmpty(this.#newest)) return true;
      this.#held = this.#settled = this.#written;
      this.told.kept({ is: "nothing" });
      return false;
    }
    this.#stuck = wrong;
    this.#aside();
    const away = wrong.code === "core_away" || wrong.code === "no_session";
    this.told.kept({ is: away ? "away" : "refused", wrong });
    this.#again?.();
    this.#again = this.#closed ? null : this.ways.after(RETRY_MS, () => void this.#send(typing));
    return false;
  }

  async #clash(wrong: Trouble, mine: Content): Promise<boolean> {
    const theirs = await this.#theirs(wrong);
    if (theirs !== null && [mine, ...this.#doubts.map((doubt) => doubt.content)].some((sent) => same(theirs.content, sent))) {
      // The answer to an earlier sending was lost: those are this page's own words.
      this.#stamp = theirs.stamp;
      return true;
    }
    if (theirs !== null && this.#held === this.#written) {
      this.takeTheirs(theirs);
      this.told.foreign(theirs);
      return false;
    }
    this.#conflict = true;
    this.#aside();
    this.told.kept({ is: "conflict", theirs: theirs ?? { content: mine, stamp: this.#stamp ?? "" } });
    return false;
  }

  async #theirs(wrong: Trouble): Promise<Theirs | null> {
    const detail = wrong.detail as Partial<Theirs> | undefined;
    if (detail?.content !== undefined && detail.stamp !== undefined) return { content: detail.content, stamp: detail.stamp };
    return this.#post === null ? null : await this.ways.read(this.#post).catch(() => null);
  }

  #isGone(post: PostId): Promise<boolean> {
    return this.ways.read(post).then(
      () => false,
      (thrown: unknown) => trouble(thrown).code === "not_found",
    );
  }

  /** While nothing can be sent, words are kept beside at the pace at which they would be sent. */
  #keepAside(): void {
    this.#beside ??= this.ways.after(TYPING_MS, () => {
      this.#beside = null;
      this.#aside();
    });
  }

  #aside(): void {
    const key = this.#post ?? this.#key ?? this.ways.newKey();
    if (this.#key !== null && this.#key !== key) this.#forget();
    this.#key = key;
    this.ways.aside(key, JSON.stringify(this.#newest));
  }

  #forget(): void {
    if (this.#key !== null) this.ways.aside(this.#key, "");
    this.#key = null;
  }
}
