// Words for everything the core can say of a delivery: nothing comes to the screen as a code.
import { expect, test } from "vitest";
import type { FailedClass } from "../src/contract/FailedClass";
import type { Operation } from "../src/contract/Operation";
import type { Outcome } from "../src/contract/Outcome";
import type { Phase } from "../src/contract/Phase";
import type { QueueAction } from "../src/contract/QueueAction";
import type { State } from "../src/contract/State";
import type { WaitingFor } from "../src/contract/WaitingFor";
import { ACTIONS, FAILED, lateWords, look, OPERATIONS, OUTCOMES, PHASES, STATES, WAITING, worthSaying } from "../src/features/queue/words";

const states = [
  "scheduled", "waiting", "preparing", "uploading", "processing", "armed", "publishing", "published", "failed", "unknown", "handed_over", "assisted", "cancelled",
  "deleted",
] as const satisfies readonly State[];
const reasons = [
  "network", "portal", "rate", "spacing", "backoff", "account", "late", "previous_part", "paused", "check_after_move",
] as const satisfies readonly WaitingFor[];
const classes = ["content", "auth", "permission", "billing", "environment"] as const satisfies readonly FailedClass[];
const actions = ["confirm", "retry", "release", "cancel", "move", "by_hand", "edit", "reconnect", "hand_over", "withdraw", "correct", "delete", "leave", "copy"] as const satisfies readonly QueueAction[];
const operations = ["publish", "hand_over", "move", "withdraw", "edit", "delete"] as const satisfies readonly Operation[];
const phases = ["scheduled", "started", "prepared", "staged", "armed", "sent", "probed", "ended", "held", "person"] as const satisfies readonly Phase[];
const outcomes = ["published", "kept", "withdrawn", "assisted", "refused", "stopped", "transient", "unknown", "abandoned", "person", "edited", "deleted"] as const satisfies readonly Outcome[];

// A value of the contract that the lists above forget does not compile.
type Whole<All, Some> = [Exclude<All, Some>] extends [never] ? true : never;
const whole: [
  Whole<State, (typeof states)[number]>, Whole<WaitingFor, (typeof reasons)[number]>, Whole<FailedClass, (typeof classes)[number]>,
  Whole<QueueAction, (typeof actions)[number]>, Whole<Operation, (typeof operations)[number]>, Whole<Phase, (typeof phases)[number]>,
  Whole<Outcome, (typeof outcomes)[number]>,
] = [true, true, true, true, true, true, true];

const isWord = (text: string, code: string) => text.length > 2 && !text.includes("_") && text.toLowerCase() !== code;

test("every state, wait, failure, action, operation, phase and outcome has a word of its own", () => {
  expect(whole).toHaveLength(7);
  for (const state of states) expect(isWord(STATES[state].word(), state), state).toBe(true);
  for (const reason of reasons) expect(isWord(WAITING[reason].word(), reason), reason).toBe(true);
  for (const one of classes) expect(isWord(FAILED[one].word(), one), one).toBe(true);
  for (const action of actions) expect(isWord(ACTIONS[action](), action), action).toBe(true);
  for (const operation of operations) expect(isWord(OPERATIONS[operation](), operation), operation).toBe(true);
  for (const phase of phases) expect(isWord(PHASES[phase](), phase), phase).toBe(true);
  for (const outcome of outcomes) expect(isWord(OUTCOMES[outcome].word(), outcome), outcome).toBe(true);
  const words = [...states.map((s) => STATES[s]), ...reasons.map((r) => WAITING[r]), ...classes.map((c) => FAILED[c])].map((one) => one.word());
  expect(words.filter((word, n) => words.indexOf(word) !== n)).toEqual([]);
});

test("what waits says for what, and what failed says why", () => {
  expect(look({ state: "waiting", waiting_for: "network" }).word()).toBe("Attend la connexion");
  expect(look({ state: "waiting", waiting_for: null }).word()).toBe("Attend");
  expect(look({ state: "failed", waiting_for: null, failed: "billing" }).word()).toContain("paiement");
  expect(look({ state: "failed", waiting_for: null, failed: null }).word()).toBe("Refusée");
  // A reason that is left over from before says nothing of a state that does not wait.
  expect(look({ state: "published", waiting_for: "network" }).tone).toBe("ok");
});

test("only what asks for a person is ochre, only what is wrong is red", () => {
  const due = [...states.map((s) => [s, STATES[s].tone]), ...reasons.map((r) => [r, WAITING[r].tone])].filter(([, tone]) => tone === "due");
  expect(due.map(([name]) => name)).toEqual(["unknown", "assisted", "account", "late", "check_after_move"]);
  expect(states.filter((state) => STATES[state].tone === "bad")).toEqual(["failed"]);
});

test("passing steps are not read aloud", () => {
  expect(states.filter(worthSaying)).toEqual(["waiting", "published", "failed", "unknown", "handed_over", "assisted", "cancelled", "deleted"]);
});

test("the policy for lateness is a sentence", () => {
  expect(lateWords("publish:30")).toBe("Publier jusqu’à 30 minutes de retard, sinon attendre votre décision");
  expect(lateWords("publish:1")).toContain("1 minute de");
  expect(lateWords("drop")).toBe("Ne pas publier");
  expect(lateWords("hold")).toBe("Attendre votre décision");
});
