// Generated from the command table; `cargo xtask contract` writes it anew.
import type { AccountRequest } from "./AccountRequest";
import type { Accounts } from "./Accounts";
import type { AddAccount } from "./AddAccount";
import type { Assets } from "./Assets";
import type { CheckDone } from "./CheckDone";
import type { CheckRequest } from "./CheckRequest";
import type { Checks } from "./Checks";
import type { Compose } from "./Compose";
import type { Composed } from "./Composed";
import type { ConfirmRequest } from "./ConfirmRequest";
import type { ConnectFields } from "./ConnectFields";
import type { DeliveryRequest } from "./DeliveryRequest";
import type { EditAsset } from "./EditAsset";
import type { FileDone } from "./FileDone";
import type { FileRequest } from "./FileRequest";
import type { History } from "./History";
import type { ImportDone } from "./ImportDone";
import type { ImportRequest } from "./ImportRequest";
import type { JobRequest } from "./JobRequest";
import type { JournalFacts } from "./JournalFacts";
import type { ListAssets } from "./ListAssets";
import type { MoveRequest } from "./MoveRequest";
import type { NetworkRequest } from "./NetworkRequest";
import type { Nothing } from "./Nothing";
import type { OneAccount } from "./OneAccount";
import type { OneAsset } from "./OneAsset";
import type { OneDelivery } from "./OneDelivery";
import type { OnePost } from "./OnePost";
import type { PostRequest } from "./PostRequest";
import type { Posts } from "./Posts";
import type { Presets } from "./Presets";
import type { PresetsRequest } from "./PresetsRequest";
import type { Queue } from "./Queue";
import type { QueueRequest } from "./QueueRequest";
import type { RenderDone } from "./RenderDone";
import type { RenderRequest } from "./RenderRequest";
import type { RevertPost } from "./RevertPost";
import type { SavePost } from "./SavePost";
import type { SchedulePost } from "./SchedulePost";
import type { SettingRequest } from "./SettingRequest";
import type { Settings } from "./Settings";
import type { Undone } from "./Undone";
import type { VerifyRequest } from "./VerifyRequest";
import type { VideoRequest } from "./VideoRequest";
import type { WorkspaceMade } from "./WorkspaceMade";

export interface Commands {
  /** Connects an account. */
  "accounts.add": { request: AddAccount; answer: OneAccount };
  /** Asks the network whether the account still works. */
  "accounts.check": { request: AccountRequest; answer: Accounts };
  /** What connecting asks for. */
  "accounts.fields": { request: NetworkRequest; answer: ConnectFields };
  /** Every account. */
  "accounts.list": { request: Nothing; answer: Accounts };
  /** Forgets an account and its secrets. */
  "accounts.remove": { request: AccountRequest; answer: Accounts };
  /** Calls a delivery off. */
  "deliveries.cancel": { request: DeliveryRequest; answer: OneDelivery };
  /** A person says that it is live. */
  "deliveries.confirm": { request: ConfirmRequest; answer: OneDelivery };
  /** One delivery with its attempts. */
  "deliveries.get": { request: DeliveryRequest; answer: OneDelivery };
  /** The queue. */
  "deliveries.list": { request: QueueRequest; answer: Queue };
  /** Gives a delivery another time. */
  "deliveries.move": { request: MoveRequest; answer: OneDelivery };
  /** Lets a held delivery go. */
  "deliveries.release": { request: DeliveryRequest; answer: OneDelivery };
  /** Tries again. */
  "deliveries.retry": { request: DeliveryRequest; answer: OneDelivery };
  /** What is there, what is missing, what to do. */
  "doctor.run": { request: Nothing; answer: Checks };
  /** Takes the last action back. */
  "edit.undo": { request: Nothing; answer: Undone };
  /** Stops long work. */
  "jobs.cancel": { request: JobRequest; answer: Nothing };
  /** Writes the evidence to a file. */
  "journal.export": { request: FileRequest; answer: JournalFacts };
  /** Checks such a file. */
  "journal.verify": { request: VerifyRequest; answer: JournalFacts };
  /** Alt text, focal point, tags. */
  "library.edit": { request: EditAsset; answer: OneAsset };
  /** Takes files and folders in. */
  "library.import": { request: ImportRequest; answer: ImportDone };
  /** What the library holds. */
  "library.list": { request: ListAssets; answer: Assets };
  /** Recommended outputs. */
  "media.presets": { request: PresetsRequest; answer: Presets };
  /** Makes renditions of pictures. */
  "media.render": { request: RenderRequest; answer: RenderDone };
  /** Makes renditions of a film. */
  "media.video": { request: VideoRequest; answer: RenderDone };
  /** Writes a post and schedules it. */
  "posts.compose": { request: Compose; answer: Composed };
  /** One post with what it says. */
  "posts.get": { request: PostRequest; answer: OnePost };
  /** Every revision of a post. */
  "posts.history": { request: PostRequest; answer: History };
  /** Every post. */
  "posts.list": { request: Nothing; answer: Posts };
  /** Goes back to an earlier revision. */
  "posts.revert": { request: RevertPost; answer: OnePost };
  /** Saves what a post says. */
  "posts.save": { request: SavePost; answer: OnePost };
  /** Schedules a saved post. */
  "posts.schedule": { request: SchedulePost; answer: Composed };
  /** Count and verdict of a draft. */
  "rules.check": { request: CheckRequest; answer: CheckDone };
  /** Every setting. */
  "settings.get": { request: Nothing; answer: Settings };
  /** Changes a setting. */
  "settings.set": { request: SettingRequest; answer: Settings };
  /** The whole workspace in one file. */
  "workspace.backup": { request: FileRequest; answer: FileDone };
  /** Makes the workspace. */
  "workspace.create": { request: Nothing; answer: WorkspaceMade };
  /** Makes the workspace from such a file. */
  "workspace.restore": { request: FileRequest; answer: FileDone };
}
