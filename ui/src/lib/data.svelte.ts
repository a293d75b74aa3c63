// What is on screen and came from the core. A screen says what it shows and which tags it carries; when the core says that
// one of them changed, it is read again. No screen refreshes by hand.
import { SvelteSet } from "svelte/reactivity";
import type { Event } from "../contract/Event";
import type { Job } from "../contract/Job";
import type { Tag } from "../contract/Tag";
import { host, type Link } from "./host";
import { rpc, trouble, type Answer, type Name, type Request, type Trouble } from "./rpc";

type Heard = (event: Event) => void;

// Nobody shows who listens: plain sets, so that adding one while an effect runs wakes nothing.
const readers = new Set<{ tags: readonly Tag[]; again: () => void }>();
const ears = new Set<Heard>();

class Core {
  /** Whether the core can be reached. */
  link = $state<Link>("up");
  /** Long work that is under way, oldest first. */
  jobs = $state<Job[]>([]);
}

/** The core, as the page sees it. */
export const core = new Core();

/** Starts hearing; returns its own end. Whatever is shown is read again when the core comes back. */
export function connect(): () => void {
  return host().listen(hear, (link) => {
    const back = core.link !== "up" && link === "up";
    core.link = link;
    if (back) for (const reader of readers) reader.again();
  });
}

function hear(event: Event): void {
  if (event.event === "changed") {
    for (const reader of readers) {
      if (reader.tags.some((tag) => event.tags.includes(tag))) reader.again();
    }
  }
  if (event.event === "job") note(event);
  for (const ear of ears) ear(event);
}

function note(job: Job): void {
  const others = core.jobs.filter((known) => known.id !== job.id);
  core.jobs = job.done >= 1 ? others : [...others, job];
}

/** Forgets a job that ended without saying so. */
export function jobEnded(id: string): void {
  core.jobs = core.jobs.filter((known) => known.id !== id);
}

/** Hears every event while the component that calls it is there. */
export function onEvent(ear: Heard): void {
  $effect(() => {
    ears.add(ear);
    return () => ears.delete(ear);
  });
}

/** What the core said, while it is being asked, and why it could not say. */
export interface Watched<T, R = unknown> {
  /** The last answer; it stays while a newer one is on its way. */
  readonly value: T | undefined;
  /** The request that this answers: while a newer one is on its way it is not the present one. */
  readonly answered: R | undefined;
  /** Why the last reading failed; nothing when it did not. */
  readonly failed: Trouble | undefined;
  /** Whether the first answer is on its way. */
  readonly loading: boolean;
  /** Reads again. */
  readonly again: () => void;
}

/** Shows the answer of a command, and reads it again when something with these tags changed or the request did. */
export function watch<N extends Name>(
  name: N,
  request: () => Request<N> | null,
  tags: readonly Tag[],
): Watched<Answer<N>, Request<N>> {
  let value = $state.raw<Answer<N> | undefined>();
  let answered = $state.raw<Request<N> | undefined>();
  let failed = $state.raw<Trouble | undefined>();
  let asked = 0;
  let running = false;
  let stale = false;

  async function read(wanted: Request<N>): Promise<void> {
    // While one reading is under way others add up to one more: a burst of changes costs two readings.
    if (running) {
      stale = true;
      return;
    }
    running = true;
    const mine = asked;
    try {
      const answer = await rpc(name, wanted);
      if (mine === asked) [value, answered, failed] = [answer, wanted, undefined];
    } catch (thrown) {
      if (mine === asked) failed = trouble(thrown);
    }
    running = false;
    if (stale) {
      stale = false;
      again();
    }
  }

  let current: Request<N> | null = null;
  function again(): void {
    if (current !== null) void read(current);
  }

  $effect(() => {
    const wanted = request();
    asked += 1;
    current = wanted;
    if (wanted !== null) void read(wanted);
  });
  $effect(() => {
    const reader = { tags, again };
    readers.add(reader);
    return () => readers.delete(reader);
  });

  return {
    get value() {
      return value;
    },
    get answered() {
      return answered;
    },
    get failed() {
      return failed;
    },
    get loading() {
      return value === undefined && failed === undefined;
    },
    again,
  };
}

/** Ids that a person chose in a list. */
export const chosen = (): SvelteSet<string> => new SvelteSet<string>();
