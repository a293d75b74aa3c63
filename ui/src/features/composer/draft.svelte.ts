// The post on the composer's desk: what it says, for whom, when; where its words are. One object per post that is opened; the
// screen puts another in its place when another post is opened.
import type { AccountId } from "$contract/AccountId";
import type { AccountView } from "$contract/AccountView";
import type { Composed } from "$contract/Composed";
import type { Content } from "$contract/Content";
import type { Correction } from "$contract/Correction";
import type { Event } from "$contract/Event";
import type { OnePost } from "$contract/OnePost";
import type { PostPlace } from "$contract/PostPlace";
import type { Plan as KeptPlan } from "$contract/Plan";
import type { PostId } from "$contract/PostId";
import type { PostMoved } from "$contract/PostMoved";
import type { RevisionId } from "$contract/RevisionId";
import { host } from "$lib/host";
import { takeHandoff } from "$lib/media/handoff.svelte";
import { go, rename } from "$lib/route.svelte";
import { rpc, trouble, type Trouble } from "$lib/rpc";
import { Plan } from "$lib/sending/plan.svelte";
import type { Meant, Written } from "$lib/sending/sending.svelte";
import { Autosave, type Kept, type Ways } from "./autosave";
import { EMPTY, isEmpty, same, type Tab } from "./content";

const LOOK_MS = 200;
const ASIDE_NEW = "new";

/** Whether a place is one where it stands or will. */
export function stands(place: PostPlace): boolean {
  return place.state !== "cancelled" && place.state !== "deleted";
}

/** Words that an interruption left beside the core. */
export interface Aside {
  key: string;
  content: Content;
}

// Leaving the composer for another screen forgets no choice.
const plans = new Map<PostId, Plan>();
// Words that are taken up again in the next new post.
let resumed: Content | null = null;

/** What words depend on in the running page. */
export function ways(): Ways {
  return {
    send: (request) => rpc("posts.save", request),
    read: (post) => rpc("posts.get", { post }),
    list: async () => (await rpc("posts.list", {})).posts,
    aside: (key, words) => host().keepAside(key, words),
    newKey() {
      const kept = host().keptAside();
      let key = ASIDE_NEW;
      for (let n = 2; kept[key] !== undefined; n += 1) key = `${ASIDE_NEW}-${n}`;
      return key;
    },
    now: () => Date.now(),
    after(ms, run) {
      const timer = setTimeout(run, ms);
      return () => clearTimeout(timer);
    },
  };
}

export class Draft implements Written {
  phase = $state<"loading" | "ready" | "gone">("loading");
  /** Why it could not be read. */
  failed = $state.raw<Trouble | undefined>();
  id = $state<PostId | null>(null);
  content = $state.raw<Content>(EMPTY);
  kept = $state.raw<Kept>({ is: "nothing" });
  /** Where it stands for each account; empty for a draft. */
  places = $state.raw<readonly PostPlace[]>([]);
  /** Words beside what is scheduled or live, until they are confirmed or dropped. */
  correction = $state.raw<Correction | null>(null);
  tab = $state<Tab>("all");
  plan = $state.raw(new Plan());
  /** Words of an earlier interruption, until the person takes or drops them. */
  aside = $state.raw<Aside | null>(null);
  readonly #save: Autosave;
  // The plan as the core has it, to tell a choice from a reading.
  #planKept = "null";
  #looking = false;
  #lookTimer: (() => void) | null = null;
  #closed = false;

  /** `wanted` is what the address says: a post, `new`, or nothing for the one that was touched last. */
  constructor(
    readonly wanted: string,
    readonly paths: Ways = ways(),
  ) {
    this.#save = new Autosave(
      paths,
      {
        kept: (kept) => (this.kept = kept),
        taken: (one) => this.#taken(one),
        foreign: (theirs) => (this.content = theirs.content),
      },
      EMPTY,
    );
  }

  /** Whether it is out: scheduled, on its way, or live. */
  get out(): boolean {
    return this.places.some(stands);
  }

  /** For whom and when is chosen anew, and what was chosen before does not come back. */
  chooseAnew(): void {
    this.plan = new Plan();
    if (this.id !== null) plans.set(this.id, this.plan);
  }

  get blank(): boolean { return this.id === null && isEmpty(this.content); }

  /** Whether something of it can still get other words or another time. */
  get open(): boolean {
    return this.places.some((place) => place.follows);
  }

  /** Whether the address asks for what is here already. */
  is(rest: string): boolean {
    if (this.#closed) return false;
    if (rest === "") return this.phase !== "gone";
    return this.id === null ? rest === "new" && this.phase === "ready" && isEmpty(this.content) : rest === this.id;
  }

  async load(): Promise<void> {
    this.phase = "loading";
    this.failed = undefined;
    try {
      const one = await this.#find();
      if (this.#closed) return;
      if (one === null) this.#begin();
      else this.#show(one);
      this.phase = "ready";
    } catch (thrown) {
      const wrong = trouble(thrown);
      if (wrong.code === "not_found") this.phase = "gone";
      else this.failed = wrong;
    }
  }

  /** The person changed something. */
  edit(content: Content): void {
    this.content = content;
    this.#save.write(content);
  }

  /** Makes a revision of what is unsaved; whether the core has every word. */
  settle(): Promise<boolean> {
    return this.#save.settle();
  }

  /** The page may go away. */
  async flush(): Promise<void> {
    await this.#save.flush();
  }

  /** Another post is opened, or another screen. */
  close(): void {
    this.#closed = true;
    this.#lookTimer?.();
    void this.#save.close();
  }

  /** The core answers again. */
  up(): void {
    if (this.failed !== undefined) void this.load();
    else this.#save.retry();
  }

  /** Somebody, maybe this page, changed posts or deliveries. */
  heard(event: Event): void {
    if (event.event !== "changed" || !event.tags.some((tag) => tag === "posts" || tag === "outbox")) return;
    this.#lookTimer ??= this.paths.after(LOOK_MS, () => {
      this.#lookTimer = null;
      void this.#look();
    });
  }

  /** In a conflict: mine becomes a post of its own, theirs stays. */
  async keepBoth(): Promise<void> {
    this.id = null;
    await this.#save.keepMine();
  }

  /** In a conflict: theirs is shown. */
  takeTheirs(): void {
    if (this.kept.is !== "conflict") return;
    const theirs = this.kept.theirs;
    this.content = theirs.content;
    this.#save.takeTheirs(theirs);
  }

  /** The post was removed elsewhere: its words become a new one. */
  async keepWords(): Promise<void> {
    this.id = null;
    this.phase = "ready";
    await this.#save.keepMine();
  }

  /** Takes up the words of an interruption. */
  takeAside(): void {
    const aside = this.aside;
    if (aside === null) return;
    if (aside.key === this.id || (this.id === null && isEmpty(this.content))) {
      this.dropAside();
      this.edit(aside.content);
      return;
    }
    if (aside.key.startsWith(ASIDE_NEW)) {
      this.dropAside();
      resumed = aside.content;
      go("/composer/new");
    } else go(`/composer/${aside.key}`);
  }

  /** Lets the words of an interruption go. */
  dropAside(): void {
    if (this.aside !== null) this.paths.aside(this.aside.key, "");
    this.aside = null;
  }

  /** Keeps for whom and when. A choice that could not be kept stays on the page and goes with the next one. */
  async keepPlan(post: PostId, plan: KeptPlan | null): Promise<void> {
    const words = JSON.stringify(plan);
    if (words === this.#planKept || this.out) return;
    const before = this.#planKept;
    this.#planKept = words;
    try {
      await rpc("posts.plan", { post, plan });
    } catch {
      this.#planKept = before;
    }
  }

  /** Goes back to a revision; what is written now becomes one first. */
  async revert(revision: RevisionId): Promise<void> {
    if (!(await this.settle()) || this.id === null) return;
    this.#show(await rpc("posts.revert", { post: this.id, revision }));
  }

  /** Puts what a remedy made of the content in its place; answers what it said before. */
  async remedy(account: AccountId, remedy: string): Promise<Content> {
    const before = this.content;
    const { content } = await rpc("posts.remedy", { content: before, account, remedy });
    this.edit(content);
    return before;
  }

  /** Schedules it; nothing when the words could not be saved first. */
  async schedule(to: readonly AccountView[], zone: string, meant: Meant): Promise<Composed | undefined> {
    if (!(await this.settle()) || this.id === null) return undefined;
    const at = this.plan.wall;
    return rpc("posts.schedule", {
      post: this.id,
      to: to.map((account) => account.id),
      at,
      zone: at === null ? null : (this.plan.zone ?? zone),
      late: this.plan.late,
      stamp: this.#save.stamp,
      ...meant,
    });
  }

  /** Makes the correction what is scheduled; whether it is. */
  async confirm(): Promise<boolean> {
    if (!(await this.settle()) || this.id === null) return false;
    this.#show(await rpc("posts.confirm", { post: this.id, stamp: this.#save.stamp, text: null }));
    return true;
  }

  /** Drops the correction: what was confirmed stands here again. */
  async abandon(): Promise<boolean> {
    if (!(await this.settle()) || this.id === null) return false;
    this.#show(await rpc("posts.abandon", { post: this.id, stamp: this.#save.stamp }));
    return true;
  }

  /** Gives all that can be moved another time; nothing means now. */
  async move(at: string | null, zone: string | null, confirmed: boolean): Promise<PostMoved | undefined> {
    if (this.id === null) return undefined;
    const moved = await rpc("posts.move", { post: this.id, at, zone, accounts: null, confirmed });
    this.#stands(moved.post);
    return moved;
  }

  /** Reads it again, after an undo. */
  async again(): Promise<void> {
    if (this.id === null || this.#closed) return;
    this.#show(await this.paths.read(this.id));
  }

  async #find(): Promise<OnePost | null> {
    if (this.wanted === "new") return null;
    if (this.wanted !== "") return this.paths.read(this.wanted);
    const { posts } = await rpc("posts.list", {});
    return posts.find((one) => !one.places.some(stands)) ?? null;
  }

  #begin(): void {
    this.aside = findAside(null, EMPTY, this.paths);
    const media = takeHandoff();
    const start = resumed ?? (media.length > 0 ? { ...EMPTY, media } : null);
    resumed = null;
    if (start !== null) this.edit(start);
    void this.#propose();
  }

  /** A new post begins with the last choice. Without an answer nobody is chosen, and the person chooses. */
  async #propose(): Promise<void> {
    const last = await rpc("posts.choice", {}).then(({ plan }) => plan, () => null);
    if (last !== null && this.plan.kept === null && !this.#closed) this.plan.take(last);
  }

  #show(one: OnePost): void {
    this.id = one.post.id;
    this.content = one.content;
    this.#stands(one);
    this.#save.adopt(one);
    this.#planOf(one);
    this.aside = findAside(one.post.id, one.content, this.paths);
    if (this.wanted === "") rename(`/composer/${one.post.id}`);
  }

  #stands(one: OnePost): void {
    this.places = one.places;
    this.correction = one.correction;
  }

  #planOf(one: OnePost): void {
    const known = plans.get(one.post.id);
    if (known !== undefined && known.kept !== null) this.plan = known;
    else if (one.plan !== null && !this.out) this.plan.take(one.plan);
    this.#planKept = JSON.stringify(one.plan);
    plans.set(one.post.id, this.plan);
  }

  #taken(one: OnePost): void {
    this.#stands(one);
    if (this.id === one.post.id) return;
    this.id = one.post.id;
    // A new post begins with the last choice: only what the person chose otherwise is written.
    this.#planKept = JSON.stringify(one.plan);
    plans.set(one.post.id, this.plan);
    if (!this.#closed) rename(`/composer/${one.post.id}`);
  }

  async #look(): Promise<void> {
    if (this.id === null || this.#looking || this.phase !== "ready" || this.#closed) return;
    this.#looking = true;
    const mark = this.#save.quiet ? this.#save.mark : null;
    try {
      const one = await this.paths.read(this.id);
      // An answer that this page's own words overtook says nothing new.
      const still = mark !== null && this.#save.quiet && this.#save.mark === mark && one.post.id === this.id;
      if (still) this.#stands(one);
      if (still && one.stamp !== this.#save.stamp && !this.#closed) {
        this.content = one.content;
        this.#save.adopt(one);
      }
    } catch (thrown) {
      if (trouble(thrown).code === "not_found" && this.#save.quiet) this.phase = "gone";
    }
    this.#looking = false;
  }
}

let told = false;

/** Whether this is the first time since the page was loaded. */
export function first(): boolean {
  const before = told;
  told = true;
  return !before;
}

/** Words beside the core that differ from what it has: those of this post, those of a new one, those of another. */
function findAside(id: PostId | null, content: Content, paths: Ways): Aside | null {
  const found = Object.entries(host().keptAside()).flatMap(([key, words]) => {
    const kept = read(words);
    const worth = kept !== null && !isEmpty(kept) && !(key === id && same(kept, content));
    if (!worth) paths.aside(key, "");
    return worth ? [{ key, content: kept }] : [];
  });
  const rank = ({ key }: Aside) => (key === id ? 0 : key.startsWith(ASIDE_NEW) ? 1 : 2);
  return found.sort((one, other) => rank(one) - rank(other))[0] ?? null;
}

function read(words: string): Content | null {
  try {
    const content = JSON.parse(words) as Partial<Content> | null;
    if (typeof content?.text !== "string") return null;
    return { text: content.text, media: content.media ?? [], variants: content.variants ?? {} };
  } catch {
    return null;
  }
}
