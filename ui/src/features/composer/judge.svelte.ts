// What each network will make of the draft, asked of the core a moment after the keyboard rests: never two questions at once,
// and an answer to words that are no longer there is not shown.
import type { AccountId } from "$contract/AccountId";
import type { CheckPost } from "$contract/CheckPost";
import type { Content } from "$contract/Content";
import type { PostCheck } from "$contract/PostCheck";
import { rpc, trouble, type Trouble } from "$lib/rpc";

export const REST_MS = 150;

export class Judge {
  /** One judgement per account; empty before the first. */
  checks = $state.raw<readonly PostCheck[]>([]);
  failed = $state.raw<Trouble | undefined>();
  /** Whether the shown judgements are about words that have changed since. */
  stale = $state(false);
  #wanted: CheckPost | null = null;
  #asked = 0;
  #flying: Promise<void> | null = null;
  #timer: ReturnType<typeof setTimeout> | undefined;

  /** The draft changed, or something that judgements depend on. */
  want(content: Content, to: readonly AccountId[], when: { at: string | null; zone: string | null } = { at: null, zone: null }): void {
    clearTimeout(this.#timer);
    this.#asked += 1;
    if (to.length === 0) {
      this.#wanted = null;
      [this.checks, this.failed, this.stale] = [[], undefined, false];
      return;
    }
    this.#wanted = { content, to: [...to], ...when };
    this.stale = true;
    this.#timer = setTimeout(() => void this.#ask(), REST_MS);
  }

  /** The judgements of the draft as it is, asked at once where the shown ones are stale. */
  async now(): Promise<readonly PostCheck[]> {
    clearTimeout(this.#timer);
    while (this.#flying !== null) await this.#flying;
    if (this.stale) await this.#ask();
    return this.checks;
  }

  /** Asks again. */
  again(): void {
    this.stale = true;
    void this.#ask();
  }

  end(): void {
    clearTimeout(this.#timer);
    this.#wanted = null;
  }

  async #ask(): Promise<void> {
    clearTimeout(this.#timer);
    if (this.#flying !== null || this.#wanted === null) return;
    this.#flying = this.#answer(this.#wanted, this.#asked);
    await this.#flying;
  }

  async #answer(wanted: CheckPost, asked: number): Promise<void> {
    try {
      const { checks } = await rpc("posts.check", wanted);
      if (asked === this.#asked) [this.checks, this.failed, this.stale] = [checks, undefined, false];
    } catch (thrown) {
      if (asked === this.#asked) [this.failed, this.stale] = [trouble(thrown), false];
    }
    this.#flying = null;
    // The words changed meanwhile and their own moment came while this was under way.
    if (asked !== this.#asked && this.#wanted !== null) {
      clearTimeout(this.#timer);
      this.#timer = setTimeout(() => void this.#ask(), REST_MS);
    }
  }
}
