// The one table from a code to what the page does about it. The sentences are the core's; nobody matches them.
import type { Code } from "../contract/Code";
import { m } from "./words";
import type { Trouble } from "./rpc";

type AnyCode = Code | "core_away" | "no_session";

/** How loud, which title, and where the way on leads. */
export interface Treatment {
  severity: "error" | "warning" | "silent";
  title: () => string;
  action?: { label: () => string; route: string };
}

const accounts = { label: () => m.error_open_accounts(), route: "/accounts" };
const settings = { label: () => m.error_open_settings(), route: "/settings" };

const error = (title: () => string, action?: Treatment["action"]): Treatment => ({ severity: "error", title, action });
const warning = (title: () => string, action?: Treatment["action"]): Treatment => ({ severity: "warning", title, action });

const TABLE: Record<AnyCode, Treatment> = {
  bad_request: warning(() => m.error_bad_request()),
  unknown_network: warning(() => m.error_bad_request()),
  not_found: warning(() => m.error_not_found()),
  no_workspace: warning(() => m.error_no_workspace()),
  workspace_exists: warning(() => m.error_workspace_exists()),
  database_too_new: error(() => m.error_database_too_new()),
  database_damaged: error(() => m.error_database_damaged(), settings),
  worker_busy: warning(() => m.error_worker_busy()),
  disk_full: error(() => m.error_disk_full()),
  no_rights: error(() => m.error_no_rights()),
  refused: warning(() => m.error_refused()),
  bad_time: warning(() => m.error_bad_time()),
  bad_zone: warning(() => m.error_bad_time()),
  time_skipped: warning(() => m.error_bad_time()),
  time_past: warning(() => m.error_bad_time()),
  not_media: warning(() => m.error_media()),
  media_damaged: warning(() => m.error_media()),
  media_too_large: warning(() => m.error_media()),
  media_unsupported: warning(() => m.error_media()),
  ffmpeg_missing: warning(() => m.error_ffmpeg(), settings),
  auth: error(() => m.error_auth(), accounts),
  offline: warning(() => m.error_offline()),
  not_the_network: warning(() => m.error_offline()),
  network: error(() => m.error_network()),
  secrets: warning(() => m.error_secrets(), accounts),
  conflict: warning(() => m.error_conflict()),
  not_now: warning(() => m.error_not_now()),
  already_scheduled: warning(() => m.error_already_scheduled()),
  confirm_needed: warning(() => m.error_confirm_needed()),
  correction_open: warning(() => m.error_correction_open()),
  cancelled: { severity: "silent", title: () => m.error_cancelled() },
  environment: error(() => m.error_environment()),
  bug: error(() => m.error_bug()),
  core_away: error(() => m.error_core_away()),
  no_session: error(() => m.error_no_session()),
};

/** What to do about a trouble. */
export function treatment(trouble: Trouble): Treatment {
  return TABLE[trouble.code] ?? TABLE.bug;
}

/** What happened, and what to do, in sentences. */
export function sentences(trouble: Trouble): string[] {
  if (trouble.code === "core_away") return [m.error_core_away_text()];
  if (trouble.code === "no_session") return [m.error_no_session_text()];
  return [trouble.message, trouble.hint].filter((sentence) => sentence !== "");
}
