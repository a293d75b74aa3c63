// What is done with a post when it is written: published, scheduled, corrected, moved. What the core asks first stands here as
// a question until the person has answered it; nothing goes out meanwhile.
import type { AccountView } from "$contract/AccountView";
import type { Composed } from "$contract/Composed";
import type { Content } from "$contract/Content";
import type { Correction } from "$contract/Correction";
import type { PostMoved } from "$contract/PostMoved";
import type { PostPlace } from "$contract/PostPlace";
import { bytes } from "../format";
import { attempt, complain, said, warn } from "../notices";
import { go, route } from "../route.svelte";
import { rpc, trouble, type Trouble } from "../rpc";
import { m } from "../words";
import type { Plan } from "./plan.svelte";

/** What the person was asked and said yes to. */
export interface Meant {
  /** To publish it where it is already. */
  again: boolean;
  /** To publish at once, there. */
  confirmed: boolean;
}

/** The post that is being written. What answers with nothing could not keep the words first, and did nothing. */
export interface Written {
  readonly content: Content;
  readonly correction: Correction | null;
  readonly out: boolean;
  /** No post yet, and no word of one. */
  readonly blank: boolean;
  readonly plan: Plan;
  settle(): Promise<boolean>;
  schedule(to: readonly AccountView[], zone: string, meant: Meant): Promise<Composed | undefined>;
  confirm(): Promise<boolean>;
  abandon(): Promise<boolean>;
  move(at: string | null, zone: string | null, confirmed: boolean): Promise<PostMoved | undefined>;
  /** Reads it again. */
  again(): Promise<void>;
}

/** What the core asks before it does something. */
export type Asked =
  | { is: "publish"; sentence: string; count: number; yes: () => Promise<void> }
  | { is: "again"; places: readonly PostPlace[]; movable: boolean; yes: () => Promise<void> }
  | { is: "correction"; sentence: string; yes: () => Promise<void> };

/** What the buttons act on, as it stands when one is pressed. */
export interface Desk {
  readonly draft: Written;
  readonly chosen: readonly AccountView[];
  readonly zone: string;
  /** Where the words are, as the head says it. */
  readonly kept: string;
}

const PLAIN: Meant = { again: false, confirmed: false };

export class Sending {
  busy = $state(false);
  asked = $state.raw<Asked | null>(null);
  /** Whether a post that is out is being given to more accounts. */
  more = $state(false);
  /** Whether the dialog for another time is open. */
  moving = $state(false);

  constructor(readonly desk: () => Desk) {}

  /** Keeps what is written, without sending anything. */
  async save(): Promise<void> {
    const { draft, kept } = this.desk();
    if (await draft.settle()) said(draft.correction !== null ? m.correction_kept() : draft.out ? m.correction_same() : m.composer_kept());
    else warn(kept || m.composer_unsaved_away());
  }

  /** Publishes or schedules, with what the person was asked. */
  async schedule(meant: Meant = PLAIN): Promise<void> {
    // What is shown may be another screen by the time the core answers.
    const { draft, chosen, zone, kept } = this.desk();
    const timed = draft.plan.kind === "at";
    await this.#do(async () => {
      const done = await draft.schedule(chosen, zone, meant);
      if (done === undefined) return warn(kept || m.composer_unsaved_away());
      this.more = false;
      this.#told(done, chosen.length, timed);
      if (route.screen !== "composer" || this.desk().draft !== draft) return;
      if (draft.out) await draft.again();
      else go("/composer/new");
    }, (wrong) => this.#question(wrong, meant));
  }

  /** Puts the correction in the place of what is scheduled. */
  async confirm(): Promise<void> {
    const { draft, kept } = this.desk();
    await this.#do(async () => {
      if (!(await draft.confirm())) return warn(kept || m.composer_unsaved_away());
      said(m.correction_confirmed(), () => void this.#undo(draft));
    });
  }

  /** Drops the correction. */
  async abandon(): Promise<void> {
    const { draft, kept } = this.desk();
    await this.#do(async () => {
      if (!(await draft.abandon())) return warn(kept || m.composer_unsaved_away());
      said(m.correction_abandoned(), () => void this.#undo(draft));
    });
  }

  /** Gives all that can be moved another time; nothing means now. */
  async move(at: string | null, zone: string | null, confirmed = false): Promise<void> {
    const { draft } = this.desk();
    await this.#do(
      async () => {
        const moved = await draft.move(at, zone, confirmed);
        if (moved === undefined) return;
        this.moving = false;
        const count = moved.moved.length;
        said(at === null ? m.composer_leaving({ count }) : m.composer_moved({ count }), () => void this.#undo(draft));
      },
      (wrong) => {
        if (wrong.code !== "confirm_needed") return null;
        this.moving = false;
        return this.#publish(wrong, () => this.move(at, zone, true));
      },
    );
  }

  /** Gives words that came too late for their post a post of their own. */
  async makeNew(): Promise<void> {
    const { draft, kept } = this.desk();
    await this.#do(async () => {
      const content = draft.content;
      if (!(await draft.settle())) return warn(kept || m.composer_unsaved_away());
      const one = await rpc("posts.save", { post: null, content, typing: false, stamp: null });
      await draft.abandon();
      go(`/composer/${one.post.id}`);
    });
  }

  async #do(act: () => Promise<void>, ask: (wrong: Trouble) => Asked | null = () => null): Promise<void> {
    if (this.busy) return;
    const { draft } = this.desk();
    this.busy = true;
    try {
      await act();
    } catch (thrown) {
      const wrong = trouble(thrown);
      // Beside another post nobody could know what they say yes to.
      this.asked = this.desk().draft === draft ? ask(wrong) : null;
      if (this.asked === null) complain(wrong);
    }
    this.busy = false;
  }

  #publish(wrong: Trouble, yes: () => Promise<void>): Asked {
    const { count } = (wrong.detail ?? {}) as { count?: number };
    return { is: "publish", sentence: wrong.message, count: count ?? 1, yes };
  }

  #question(wrong: Trouble, meant: Meant): Asked | null {
    if (wrong.code === "confirm_needed") return this.#publish(wrong, () => this.schedule({ ...meant, confirmed: true }));
    if (wrong.code === "already_scheduled") {
      const { places } = (wrong.detail ?? {}) as { places?: readonly PostPlace[] };
      const movable = (places ?? []).some((place) => place.follows);
      return { is: "again", places: places ?? [], movable, yes: () => this.schedule({ ...meant, again: true }) };
    }
    if (wrong.code !== "correction_open") return null;
    const yes = async () => {
      const { draft } = this.desk();
      await this.confirm();
      if (this.desk().draft === draft && draft.correction === null) await this.schedule(meant);
    };
    return { is: "correction", sentence: wrong.message, yes };
  }

  #told(done: Composed, count: number, timed: boolean): void {
    const size = done.deliveries.reduce((sum, delivery) => sum + (delivery.upload_bytes ?? 0), 0);
    const text = timed ? m.composer_scheduled({ count }) : m.composer_leaving({ count });
    const undo = async () => {
      const { draft } = this.desk();
      if (!(await this.#undo(draft))) return;
      if (route.screen === "composer" && draft.blank) go(`/composer/${done.post}`);
    };
    said(size > 0 ? `${text} ${m.composer_to_send({ size: bytes(size) })}` : text, () => void undo(), { label: m.composer_see_queue(), route: "/queue" });
  }

  async #undo(draft: Written): Promise<boolean> {
    const undone = await attempt(() => rpc("edit.undo", {}));
    if (undone === undefined) return false;
    said(undone.op === null ? m.nothing_to_undo() : m.undone());
    await attempt(() => draft.again());
    return true;
  }
}
