// The one table from what the core says of a delivery to a word, a shape and a tone. Every value of the contract stands in it:
// a state that is added there does not compile here until it has its word.
import AlarmClock from "@lucide/svelte/icons/alarm-clock";
import ArrowRight from "@lucide/svelte/icons/arrow-right";
import Ban from "@lucide/svelte/icons/ban";
import CalendarClock from "@lucide/svelte/icons/calendar-clock";
import Check from "@lucide/svelte/icons/check";
import CircleQuestionMark from "@lucide/svelte/icons/circle-question-mark";
import Clock from "@lucide/svelte/icons/clock";
import Cog from "@lucide/svelte/icons/cog";
import CornerDownRight from "@lucide/svelte/icons/corner-down-right";
import CreditCard from "@lucide/svelte/icons/credit-card";
import DoorOpen from "@lucide/svelte/icons/door-open";
import FolderSync from "@lucide/svelte/icons/folder-sync";
import Gauge from "@lucide/svelte/icons/gauge";
import Hand from "@lucide/svelte/icons/hand";
import Hourglass from "@lucide/svelte/icons/hourglass";
import KeyRound from "@lucide/svelte/icons/key-round";
import LoaderCircle from "@lucide/svelte/icons/loader-circle";
import MonitorX from "@lucide/svelte/icons/monitor-x";
import Pause from "@lucide/svelte/icons/pause";
import RotateCw from "@lucide/svelte/icons/rotate-cw";
import Send from "@lucide/svelte/icons/send";
import ShieldOff from "@lucide/svelte/icons/shield-off";
import TriangleAlert from "@lucide/svelte/icons/triangle-alert";
import Trash from "@lucide/svelte/icons/trash-2";
import Upload from "@lucide/svelte/icons/upload";
import UserX from "@lucide/svelte/icons/user-x";
import WifiOff from "@lucide/svelte/icons/wifi-off";
import type { FailedClass } from "$contract/FailedClass";
import type { LatePolicy } from "$contract/LatePolicy";
import type { Operation } from "$contract/Operation";
import type { Outcome } from "$contract/Outcome";
import type { Phase } from "$contract/Phase";
import type { QueueAction } from "$contract/QueueAction";
import type { QueueGroup } from "$contract/QueueGroup";
import type { State } from "$contract/State";
import type { WaitingFor } from "$contract/WaitingFor";
import type { Wish } from "$contract/Wish";
import { m } from "$lib/words";

export type Tone = "calm" | "due" | "ok" | "bad" | "accent";

/** How a state looks, and what it means where the core adds no sentence of its own. */
export interface Look {
  word: () => string;
  icon: typeof Clock;
  tone: Tone;
  text?: () => string;
}

/** Something that stands somewhere: a line of the queue, a delivery, a step that was heard of. */
export interface Standing {
  state: State;
  waiting_for: WaitingFor | null;
  failed?: FailedClass | null;
}

export const STATES: Record<State, Look> = {
  scheduled: { word: m.queue_state_scheduled, icon: CalendarClock, tone: "calm", text: m.queue_text_scheduled },
  waiting: { word: m.queue_state_waiting, icon: Clock, tone: "calm" },
  preparing: { word: m.queue_state_preparing, icon: LoaderCircle, tone: "accent" },
  uploading: { word: m.queue_state_uploading, icon: Upload, tone: "accent" },
  processing: { word: m.queue_state_processing, icon: Cog, tone: "accent" },
  armed: { word: m.queue_state_armed, icon: Send, tone: "accent" },
  publishing: { word: m.queue_state_publishing, icon: Send, tone: "accent" },
  published: { word: m.queue_state_published, icon: Check, tone: "ok" },
  failed: { word: m.queue_state_failed, icon: TriangleAlert, tone: "bad", text: m.queue_text_failed },
  unknown: { word: m.queue_state_unknown, icon: CircleQuestionMark, tone: "due", text: m.queue_text_unknown },
  handed_over: { word: m.queue_state_handed_over, icon: ArrowRight, tone: "accent", text: m.queue_text_handed_over },
  assisted: { word: m.queue_state_assisted, icon: Hand, tone: "due", text: m.queue_text_assisted },
  cancelled: { word: m.queue_state_cancelled, icon: Ban, tone: "calm" },
  deleted: { word: m.queue_state_deleted, icon: Trash, tone: "calm" },
};

export const WAITING: Record<WaitingFor, Look> = {
  network: { word: m.queue_wait_network, icon: WifiOff, tone: "calm", text: m.queue_text_network },
  portal: { word: m.queue_wait_portal, icon: DoorOpen, tone: "calm", text: m.queue_text_portal },
  rate: { word: m.queue_wait_rate, icon: Gauge, tone: "calm", text: m.queue_text_rate },
  spacing: { word: m.queue_wait_spacing, icon: Hourglass, tone: "calm", text: m.queue_text_spacing },
  backoff: { word: m.queue_wait_backoff, icon: RotateCw, tone: "calm", text: m.queue_text_backoff },
  account: { word: m.queue_wait_account, icon: UserX, tone: "due", text: m.queue_text_account },
  late: { word: m.queue_wait_late, icon: AlarmClock, tone: "due", text: m.queue_text_late },
  previous_part: { word: m.queue_wait_previous_part, icon: CornerDownRight, tone: "calm", text: m.queue_text_previous_part },
  paused: { word: m.queue_wait_paused, icon: Pause, tone: "calm", text: m.queue_text_paused },
  check_after_move: { word: m.queue_wait_check_after_move, icon: FolderSync, tone: "due", text: m.queue_text_check_after_move },
};

export const FAILED: Record<FailedClass, Look> = {
  content: { word: m.queue_failed_content, icon: TriangleAlert, tone: "bad", text: m.queue_text_failed },
  auth: { word: m.queue_failed_auth, icon: KeyRound, tone: "bad", text: m.queue_text_failed },
  permission: { word: m.queue_failed_permission, icon: ShieldOff, tone: "bad", text: m.queue_text_failed },
  billing: { word: m.queue_failed_billing, icon: CreditCard, tone: "bad", text: m.queue_text_failed },
  environment: { word: m.queue_failed_environment, icon: MonitorX, tone: "bad", text: m.queue_text_failed },
};

/** How something looks where it stands. */
export function look({ state, waiting_for, failed }: Standing): Look {
  if (state === "waiting" && waiting_for !== null) return WAITING[waiting_for];
  if (state === "failed" && failed) return FAILED[failed];
  return STATES[state];
}

export const ACTIONS: Record<QueueAction, () => string> = {
  confirm: m.queue_do_confirm,
  retry: m.queue_do_retry,
  release: m.queue_do_release,
  cancel: m.queue_do_cancel,
  move: m.queue_do_move,
  by_hand: m.queue_do_by_hand,
  edit: m.queue_do_edit,
  reconnect: m.queue_do_reconnect,
  hand_over: m.queue_do_hand_over,
  withdraw: m.queue_do_withdraw,
  correct: m.queue_do_correct,
  delete: m.queue_do_delete,
  leave: m.queue_do_leave,
  copy: m.queue_do_copy,
};

/** What the network is about to be asked for. */
export const WISHES: Record<Wish, () => string> = {
  hand_over: m.queue_wish_hand_over,
  move: m.queue_wish_move,
  withdraw: m.queue_wish_withdraw,
  cancel: m.queue_wish_cancel,
  edit: m.queue_wish_edit,
  delete: m.queue_wish_delete,
};

/** The same beside other buttons, where the short word could mean the dialog. */
export function actionInFull(action: QueueAction): string {
  return action === "cancel" ? m.queue_do_cancel_post() : ACTIONS[action]();
}

export const GROUPS: Record<QueueGroup, { title: () => string; empty: () => string }> = {
  person: { title: m.queue_person, empty: m.queue_section_person_empty },
  coming: { title: m.queue_coming, empty: m.queue_section_coming_empty },
  kept: { title: m.queue_kept, empty: m.queue_section_kept_empty },
  done: { title: m.queue_done, empty: m.queue_section_done_empty },
};

export const OPERATIONS: Record<Operation, () => string> = {
  publish: m.queue_op_publish,
  hand_over: m.queue_op_hand_over,
  move: m.queue_op_move,
  withdraw: m.queue_op_withdraw,
  edit: m.queue_op_edit,
  delete: m.queue_op_delete,
};

export const PHASES: Record<Phase, () => string> = {
  scheduled: m.queue_phase_scheduled,
  started: m.queue_phase_started,
  prepared: m.queue_phase_prepared,
  staged: m.queue_phase_staged,
  armed: m.queue_phase_armed,
  sent: m.queue_phase_sent,
  probed: m.queue_phase_probed,
  ended: m.queue_phase_ended,
  held: m.queue_phase_held,
  person: m.queue_phase_person,
};

export const OUTCOMES: Record<Outcome, { word: () => string; tone: Tone }> = {
  published: { word: m.queue_outcome_published, tone: "ok" },
  kept: { word: m.queue_outcome_kept, tone: "accent" },
  withdrawn: { word: m.queue_outcome_withdrawn, tone: "calm" },
  edited: { word: m.queue_outcome_edited, tone: "ok" },
  deleted: { word: m.queue_outcome_deleted, tone: "calm" },
  assisted: { word: m.queue_outcome_assisted, tone: "due" },
  refused: { word: m.queue_outcome_refused, tone: "bad" },
  stopped: { word: m.queue_outcome_stopped, tone: "bad" },
  transient: { word: m.queue_outcome_transient, tone: "calm" },
  unknown: { word: m.queue_outcome_unknown, tone: "due" },
  abandoned: { word: m.queue_outcome_abandoned, tone: "calm" },
  person: { word: m.queue_outcome_person, tone: "ok" },
};

/** What happens when it is late. */
export function lateWords(policy: LatePolicy): string {
  const minutes = /^publish:(\d+)$/.exec(policy)?.[1];
  if (minutes !== undefined) return m.queue_late_publish({ count: Number(minutes) });
  return policy === "drop" ? m.queue_late_drop() : m.queue_late_hold();
}

/** Steps that follow each other within seconds: hearing each of them read aloud would say nothing. */
const PASSING: readonly State[] = ["scheduled", "preparing", "uploading", "processing", "armed", "publishing"];

/** Whether a step is worth saying to somebody who does not look. */
export function worthSaying(state: State): boolean {
  return !PASSING.includes(state);
}
