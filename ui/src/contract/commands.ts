// Generated from the command table; `cargo xtask contract` writes it anew.
import type { AbandonPost } from "./AbandonPost";
import type { AccountRequest } from "./AccountRequest";
import type { Accounts } from "./Accounts";
import type { AddAccount } from "./AddAccount";
import type { ApplyRemedy } from "./ApplyRemedy";
import type { Assets } from "./Assets";
import type { CheckDone } from "./CheckDone";
import type { CheckPost } from "./CheckPost";
import type { CheckRequest } from "./CheckRequest";
import type { Checks } from "./Checks";
import type { Compose } from "./Compose";
import type { Composed } from "./Composed";
import type { ConfirmPost } from "./ConfirmPost";
import type { ConfirmRequest } from "./ConfirmRequest";
import type { ConnectFields } from "./ConnectFields";
import type { CopyText } from "./CopyText";
import type { CreateWorkspace } from "./CreateWorkspace";
import type { DeleteLive } from "./DeleteLive";
import type { DeliveryRequest } from "./DeliveryRequest";
import type { EditAsset } from "./EditAsset";
import type { EditLive } from "./EditLive";
import type { FieldViews } from "./FieldViews";
import type { FileDone } from "./FileDone";
import type { FileRequest } from "./FileRequest";
import type { FilmAddress } from "./FilmAddress";
import type { Fitting } from "./Fitting";
import type { FittingRequest } from "./FittingRequest";
import type { HandOver } from "./HandOver";
import type { HandOverRequest } from "./HandOverRequest";
import type { History } from "./History";
import type { ImportDone } from "./ImportDone";
import type { ImportRequest } from "./ImportRequest";
import type { JobRequest } from "./JobRequest";
import type { JournalFacts } from "./JournalFacts";
import type { ListAssets } from "./ListAssets";
import type { Look } from "./Look";
import type { LookRequest } from "./LookRequest";
import type { MovePost } from "./MovePost";
import type { MoveRequest } from "./MoveRequest";
import type { NetworkList } from "./NetworkList";
import type { NetworkRequest } from "./NetworkRequest";
import type { Nothing } from "./Nothing";
import type { OneAccount } from "./OneAccount";
import type { OneAsset } from "./OneAsset";
import type { OneContent } from "./OneContent";
import type { OneDelivery } from "./OneDelivery";
import type { OnePost } from "./OnePost";
import type { OpenPage } from "./OpenPage";
import type { PickFiles } from "./PickFiles";
import type { PickedFiles } from "./PickedFiles";
import type { PlanPost } from "./PlanPost";
import type { PlayFilm } from "./PlayFilm";
import type { PostChecks } from "./PostChecks";
import type { PostChoice } from "./PostChoice";
import type { PostMoved } from "./PostMoved";
import type { PostRequest } from "./PostRequest";
import type { PostWeights } from "./PostWeights";
import type { Posts } from "./Posts";
import type { Presets } from "./Presets";
import type { PresetsRequest } from "./PresetsRequest";
import type { Queue } from "./Queue";
import type { QueueRequest } from "./QueueRequest";
import type { RemoveAssets } from "./RemoveAssets";
import type { RemovedAssets } from "./RemovedAssets";
import type { RenameAccount } from "./RenameAccount";
import type { RenderDone } from "./RenderDone";
import type { RenderRequest } from "./RenderRequest";
import type { Reserve } from "./Reserve";
import type { ResolveTime } from "./ResolveTime";
import type { ResolvedTime } from "./ResolvedTime";
import type { Reveal } from "./Reveal";
import type { RevertPost } from "./RevertPost";
import type { SaveAs } from "./SaveAs";
import type { SavePost } from "./SavePost";
import type { SaveTarget } from "./SaveTarget";
import type { SchedulePost } from "./SchedulePost";
import type { SettingRequest } from "./SettingRequest";
import type { Settings } from "./Settings";
import type { SignIn } from "./SignIn";
import type { SignInDone } from "./SignInDone";
import type { SignInStarted } from "./SignInStarted";
import type { SignedIn } from "./SignedIn";
import type { Status } from "./Status";
import type { TakeSubtitles } from "./TakeSubtitles";
import type { TakenSubtitles } from "./TakenSubtitles";
import type { Traffic } from "./Traffic";
import type { Undone } from "./Undone";
import type { Unlock } from "./Unlock";
import type { VerifyRequest } from "./VerifyRequest";
import type { VideoRequest } from "./VideoRequest";
import type { WeighPost } from "./WeighPost";
import type { WorkspaceMade } from "./WorkspaceMade";
import type { Zones } from "./Zones";

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
  /** Calls an account something else. */
  "accounts.rename": { request: RenameAccount; answer: OneAccount };
  /** Begins connecting an account in the browser. */
  "accounts.sign_in": { request: SignIn; answer: SignInStarted };
  /** Waits until the person has agreed there, or reads what they bring back. */
  "accounts.sign_in_done": { request: SignInDone; answer: SignedIn };
  /** Calls a delivery off. */
  "deliveries.cancel": { request: DeliveryRequest; answer: OneDelivery };
  /** A person says that it is live. */
  "deliveries.confirm": { request: ConfirmRequest; answer: OneDelivery };
  /** Writes what went out anew, as a draft. */
  "deliveries.copy": { request: DeliveryRequest; answer: OnePost };
  /** Removes what is live from its network, for good. */
  "deliveries.delete": { request: DeleteLive; answer: OneDelivery };
  /** Gives what is live another text on its network. */
  "deliveries.edit": { request: EditLive; answer: OneDelivery };
  /** One delivery with its attempts. */
  "deliveries.get": { request: DeliveryRequest; answer: OneDelivery };
  /** Gives a delivery to its network with its date. */
  "deliveries.hand_over": { request: DeliveryRequest; answer: OneDelivery };
  /** Gives everything of the coming days to networks that keep dates. */
  "deliveries.hand_over_all": { request: HandOverRequest; answer: HandOver };
  /** Leaves what is live as it is, after all. */
  "deliveries.leave": { request: DeliveryRequest; answer: OneDelivery };
  /** The queue. */
  "deliveries.list": { request: QueueRequest; answer: Queue };
  /** Gives a delivery another time. */
  "deliveries.move": { request: MoveRequest; answer: OneDelivery };
  /** Lets a held delivery go. */
  "deliveries.release": { request: DeliveryRequest; answer: OneDelivery };
  /** Tries again. */
  "deliveries.retry": { request: DeliveryRequest; answer: OneDelivery };
  /** Takes a delivery back from its network. */
  "deliveries.withdraw": { request: DeliveryRequest; answer: OneDelivery };
  /** Puts text on the clipboard. */
  "desktop.copy": { request: CopyText; answer: Nothing };
  /** Where a film plays from. */
  "desktop.film": { request: PlayFilm; answer: FilmAddress };
  /** Opens a page in the system's browser. */
  "desktop.open": { request: OpenPage; answer: Nothing };
  /** Lets the person choose files. */
  "desktop.pick": { request: PickFiles; answer: PickedFiles };
  /** Shows a folder in the file manager. */
  "desktop.reveal": { request: Reveal; answer: Nothing };
  /** Lets the person choose where to write. */
  "desktop.save_as": { request: SaveAs; answer: SaveTarget };
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
  /** Removes assets that no post needs. */
  "library.remove": { request: RemoveAssets; answer: RemovedAssets };
  /** How a picture or film would look with a change. */
  "media.look": { request: LookRequest; answer: Look };
  /** Recommended outputs. */
  "media.presets": { request: PresetsRequest; answer: Presets };
  /** Makes renditions of pictures. */
  "media.render": { request: RenderRequest; answer: RenderDone };
  /** What one file may cost before it is refused. */
  "media.reserve": { request: Nothing; answer: Reserve };
  /** Takes subtitles into the workspace. */
  "media.subtitles": { request: TakeSubtitles; answer: TakenSubtitles };
  /** Makes renditions of a film. */
  "media.video": { request: VideoRequest; answer: RenderDone };
  /** Every network, and how to connect it. */
  "networks.list": { request: Nothing; answer: NetworkList };
  /** Drops a correction. */
  "posts.abandon": { request: AbandonPost; answer: OnePost };
  /** What each network will make of a draft. */
  "posts.check": { request: CheckPost; answer: PostChecks };
  /** For whom and when the last post was. */
  "posts.choice": { request: Nothing; answer: PostChoice };
  /** Writes a post and schedules it. */
  "posts.compose": { request: Compose; answer: Composed };
  /** Makes a correction what is scheduled. */
  "posts.confirm": { request: ConfirmPost; answer: OnePost };
  /** One post with what it says. */
  "posts.get": { request: PostRequest; answer: OnePost };
  /** Every revision of a post. */
  "posts.history": { request: PostRequest; answer: History };
  /** Every post. */
  "posts.list": { request: Nothing; answer: Posts };
  /** Gives all of a post that can be moved another time. */
  "posts.move": { request: MovePost; answer: PostMoved };
  /** Remembers for whom and when a draft is. */
  "posts.plan": { request: PlanPost; answer: Nothing };
  /** A draft with one problem answered. */
  "posts.remedy": { request: ApplyRemedy; answer: OneContent };
  /** Removes a post that was never scheduled. */
  "posts.remove": { request: PostRequest; answer: Nothing };
  /** Goes back to an earlier revision. */
  "posts.revert": { request: RevertPost; answer: OnePost };
  /** Saves what a post says. */
  "posts.save": { request: SavePost; answer: OnePost };
  /** Schedules a saved post. */
  "posts.schedule": { request: SchedulePost; answer: Composed };
  /** What a draft will send, in bytes. */
  "posts.weigh": { request: WeighPost; answer: PostWeights };
  /** What fits into the minutes that a line is there. */
  "queue.fitting": { request: FittingRequest; answer: Fitting };
  /** Sends that, and keeps the rest back meanwhile. */
  "queue.send_fitting": { request: FittingRequest; answer: Fitting };
  /** What went up, what is to go up, and the line. */
  "queue.traffic": { request: Nothing; answer: Traffic };
  /** Count and verdict of a draft. */
  "rules.check": { request: CheckRequest; answer: CheckDone };
  /** The fields that only one network has. */
  "rules.fields": { request: NetworkRequest; answer: FieldViews };
  /** Which instant a wall time is. */
  "schedule.resolve": { request: ResolveTime; answer: ResolvedTime };
  /** The time zones there are. */
  "schedule.zones": { request: Nothing; answer: Zones };
  /** Opens the accounts' secrets. */
  "secrets.unlock": { request: Unlock; answer: Nothing };
  /** Every setting. */
  "settings.get": { request: Nothing; answer: Settings };
  /** Changes a setting. */
  "settings.set": { request: SettingRequest; answer: Settings };
  /** How the studio stands. */
  "studio.status": { request: Nothing; answer: Status };
  /** The whole workspace in one file. */
  "workspace.backup": { request: FileRequest; answer: FileDone };
  /** Makes the workspace. */
  "workspace.create": { request: CreateWorkspace; answer: WorkspaceMade };
  /** Makes the workspace from such a file. */
  "workspace.restore": { request: FileRequest; answer: FileDone };
}
