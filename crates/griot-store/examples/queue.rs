//! What a long queue costs: the worker's questions with 100,000 deliveries and with 1,000, and scheduling one delivery
//! beside a bare SQLite transaction. Run by `cargo xtask bench queue`; figures on standard output, one a line.
//!
//! Deliberately absent: networks, media and the turns of a worker. What is measured is what the database is asked each
//! time the worker looks, and what is written when a person schedules.

use std::error::Error;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use griot_domain::{
    Account, AccountId, AccountState, Content, Delivery, DeliveryId, Faults, LatePolicy, NetworkId, Op,
    Phase, PostId, RevisionId, State, Timestamp, WaitingFor, WallTime, WorkspaceId,
};
use griot_store::{
    NewEvent, Options, Store, Tx, accounts, deliveries, journal, plans, posts, settings, typing, undo,
};
use rusqlite::{Connection, TransactionBehavior};
use serde_json::json;

/// The instant at which everything happens: the queue's dues lie around it.
const NOW: Timestamp = Timestamp::from_millis(1_796_112_000_000);
/// A long queue and a short one.
const SIZES: [u32; 2] = [1_000, 100_000];
/// Deliveries due at this instant, in both.
const DUE: u32 = 10;
/// Rounds, each with every side in it, so that all see the same machine.
const ROUNDS: usize = 9;
/// Questions a round.
const QUESTIONS: usize = 20;
/// Transactions a round.
const WRITES: usize = 40;

type Any<T> = Result<T, Box<dyn Error>>;

fn main() -> Any<()> {
    let folder = PathBuf::from(std::env::args_os().nth(1).ok_or("say the folder to work in")?);
    let mut queues = Vec::new();
    for size in SIZES {
        let began = Instant::now();
        queues.push(Queue::made(&folder.join(size.to_string()), size)?);
        eprintln!("{size} deliveries written in {:.1} s", began.elapsed().as_secs_f64());
    }
    let [short, long] = &queues[..] else { return Err("two queues are compared".into()) };
    for (name, question) in
        [("due", due as fn(&Queue) -> Any<usize>), ("tick", tick), ("counted", counted), ("listed", listed)]
    {
        let (mut of_short, mut of_long) = (Vec::new(), Vec::new());
        for round in 0..ROUNDS {
            for turn in 0..2 {
                let (queue, times) =
                    if (turn + round) % 2 == 0 { (short, &mut of_short) } else { (long, &mut of_long) };
                times.push(asked(queue, question)?);
            }
        }
        say(&format!("{name}_short"), median(of_short).as_secs_f64() * 1e6);
        say(&format!("{name}_long"), median(of_long).as_secs_f64() * 1e6);
    }
    let backlogs = SIZES.map(|size| Queue::backlog(&folder.join(format!("due-{size}")), size));
    let [short_due, long_due] = backlogs;
    let (short_due, long_due) = (short_due?, long_due?);
    let (mut of_short, mut of_long) = (Vec::new(), Vec::new());
    for round in 0..ROUNDS {
        for turn in 0..2 {
            let (queue, times) =
                if (turn + round) % 2 == 0 { (&short_due, &mut of_short) } else { (&long_due, &mut of_long) };
            times.push(asked(queue, look)?);
        }
    }
    say("backlog_short", median(of_short).as_secs_f64() * 1e6);
    say("backlog_long", median(of_long).as_secs_f64() * 1e6);
    let bare = Bare::made(&folder.join("bare.db"))?;
    let (mut of_ours, mut of_bare) = (Vec::new(), Vec::new());
    for round in 0..ROUNDS {
        for turn in 0..2 {
            let began = Instant::now();
            let times = if (turn + round) % 2 == 0 {
                (0..WRITES).try_for_each(|_| long.schedule())?;
                &mut of_ours
            } else {
                (0..WRITES).try_for_each(|_| bare.insert())?;
                &mut of_bare
            };
            times.push(began.elapsed());
        }
    }
    let rate = |times| WRITES as f64 / median(times).as_secs_f64();
    say("enqueue", rate(of_ours));
    say("bare", rate(of_bare));
    say("row", bare.row.len() as f64);
    Ok(())
}

fn say(name: &str, figure: f64) {
    use std::io::Write as _;
    // Nobody who could be told is left when standard output is closed.
    let _ = writeln!(std::io::stdout(), "{name}={figure:.3}");
}

fn median(mut times: Vec<Duration>) -> Duration {
    times.sort();
    times[times.len() / 2]
}

/// How long one question takes, of many.
fn asked(queue: &Queue, question: fn(&Queue) -> Any<usize>) -> Any<Duration> {
    let began = Instant::now();
    for _ in 0..QUESTIONS {
        question(queue)?;
    }
    Ok(began.elapsed() / u32::try_from(QUESTIONS)?)
}

/// What may move now.
fn due(queue: &Queue) -> Any<usize> {
    let found = queue.store.read(|r| deliveries::movable(r, NOW))?;
    if found.len() == DUE as usize { Ok(found.len()) } else { Err(format!("{} are due", found.len()).into()) }
}

/// All that the worker asks when it looks and starts nothing: did anybody write, what may move, when is the next.
fn tick(queue: &Queue) -> Any<usize> {
    queue.store.data_version()?;
    let found = due(queue)?;
    let next = queue.store.read(|r| deliveries::next_wake(r, NOW))?;
    if next.is_some_and(|at| at > NOW) { Ok(found) } else { Err("something comes later".into()) }
}

/// All that the worker asks when it looks at a queue in which everything is due: what goes first on each account, when
/// the next pause ends, and whether anything is left.
fn look(queue: &Queue) -> Any<usize> {
    queue.store.data_version()?;
    let found = queue.store.read(|r| -> Result<usize, griot_store::Error> {
        let mut found = 0;
        for account in accounts::ids(r)? {
            found += deliveries::next_of(r, account, NOW, 1)?.len();
        }
        deliveries::next_wake(r, NOW)?;
        for waiting_for in WaitingFor::ALL {
            deliveries::first_pause(r, State::Waiting, Some(*waiting_for))?;
        }
        Ok(if deliveries::any_movable(r, NOW)? { found } else { 0 })
    })?;
    if found == 1 { Ok(found) } else { Err(format!("{found} go first on one account").into()) }
}

/// How many are over, for the head of the queue's screen. Told, and held to nothing.
fn counted(queue: &Queue) -> Any<usize> {
    Ok(queue.store.read(deliveries::count_done)? as usize)
}

/// The newest of what is over, for the foot of the queue's screen. Told, and held to nothing.
fn listed(queue: &Queue) -> Any<usize> {
    Ok(queue.store.read(|r| deliveries::done(r, Some(50)))?.len())
}

/// A workspace with so many deliveries.
struct Queue {
    store: Store,
    account: AccountId,
    post: PostId,
    next: std::cell::Cell<u32>,
}

fn ten(n: u32, kind: u8) -> [u8; 10] {
    let mut bytes = [kind; 10];
    bytes[6..].copy_from_slice(&n.to_be_bytes());
    // Chance spread over the middle, as real ids have it: the index is written in no order.
    bytes[2..6].copy_from_slice(&n.wrapping_mul(0x9E37_79B9).to_be_bytes());
    bytes
}

impl Queue {
    fn made(dir: &Path, size: u32) -> Any<Self> {
        let options = Options { app_version: "bench".into(), now: NOW, faults: Faults::none() };
        std::fs::create_dir_all(dir)?;
        let store = Store::create(dir, WorkspaceId::new(NOW, ten(0, 1)), &options)?;
        let (account, post) = (AccountId::new(NOW, ten(0, 2)), PostId::new(NOW, ten(0, 3)));
        store.write(|tx| {
            accounts::insert(tx, &an_account(account))?;
            posts::create(tx, post, RevisionId::new(NOW, ten(0, 4)), &a_content(), NOW)
        })?;
        let queue = Self { store, account, post, next: std::cell::Cell::new(0) };
        for from in (0..size).step_by(20_000) {
            queue
                .store
                .write(|tx| (from..size.min(from + 20_000)).try_for_each(|n| queue.put(tx, n, size)))?;
        }
        queue.next.set(size);
        Ok(queue)
    }

    /// A workspace in which so many are due at this instant, and nothing is over.
    fn backlog(dir: &Path, size: u32) -> Any<Self> {
        let queue = Self::made(dir, 0)?;
        for from in (0..size).step_by(20_000) {
            queue.store.write(|tx| {
                (from..size.min(from + 20_000)).try_for_each(|n| {
                    deliveries::insert(tx, &Delivery { due: Some(NOW), ..queue.delivery(n) })
                })
            })?;
        }
        Ok(queue)
    }

    /// The `n`th of so many: nearly all are over, some percent are to come, a few wait for something or somebody. They
    /// lie as years of work leave them, the due ones among all others.
    fn put(&self, tx: &Tx<'_>, n: u32, size: u32) -> Result<(), griot_store::Error> {
        let hour = |hours: u32| NOW.plus_millis(i64::from(hours) * 3_600_000);
        let mut d = self.delivery(n);
        d.due = Some(NOW.plus_millis(-i64::from(size - n) * 600_000));
        let waits = |d: &mut Delivery, what, next_at| {
            (d.state, d.waiting_for, d.next_at) = (State::Waiting, Some(what), next_at);
        };
        match n % 200 {
            _ if n.is_multiple_of(size / DUE) => {}
            0..=9 => (d.state, d.due) = (State::Scheduled, Some(hour(1 + n % 5_000))),
            10 => waits(&mut d, WaitingFor::Late, None),
            11 => waits(&mut d, WaitingFor::Backoff, Some(hour(1))),
            12 => waits(&mut d, WaitingFor::Network, Some(hour(1))),
            13 => d.state = State::Failed,
            14 => d.state = State::Assisted,
            15..=29 => d.state = State::Cancelled,
            _ => {
                d.state = State::Published;
                d.url = Some(format!("https://mastodon.example/@me/{n}"));
                d.remote_id = Some(format!("11{n:016}"));
            }
        }
        d.updated_at = d.due.unwrap_or(NOW);
        deliveries::insert(tx, &d)?;
        journal::append(tx, scheduled(&d))?;
        Ok(())
    }

    fn delivery(&self, n: u32) -> Delivery {
        Delivery {
            id: DeliveryId::new(NOW, ten(n, 5)),
            post: self.post,
            account: self.account,
            network: NetworkId::Mastodon,
            state: State::Scheduled,
            waiting_for: None,
            failed: None,
            reason: None,
            due: Some(NOW.plus_millis(i64::from(n) * 60_000)),
            wall: Some(WallTime {
                local: "2026-12-01T09:00".into(),
                zone: "Africa/Bamako".into(),
                tzdata: "2026a".into(),
            }),
            late: LatePolicy::Hold,
            revision: None,
            part: 0,
            previous: None,
            next_at: None,
            tries: 0,
            released: false,
            released_at: None,
            moved: false,
            url: None,
            remote_id: None,
            wish: None,
            kept: None,
            amended: None,
            created_at: NOW,
            updated_at: NOW,
        }
    }

    /// What is read and written, in one transaction, when a person schedules a saved post for one account.
    fn schedule(&self) -> Any<()> {
        let d = self.delivery(self.next.replace(self.next.get() + 1));
        self.store.write(|tx| -> Result<(), griot_store::Error> {
            posts::get(tx, self.post)?;
            posts::current(tx, self.post)?;
            typing::get(tx, self.post)?;
            plans::get(tx, self.post)?;
            plans::forget(tx, self.post)?;
            deliveries::insert(tx, &d)?;
            journal::append(tx, scheduled(&d))?;
            let entry = json!({ "scheduled": { "deliveries": [d.id], "planned": null } });
            undo::push(tx, Op::SchedulePost, NOW, &entry)?;
            settings::get(tx, "paused")?;
            Ok(())
        })?;
        Ok(())
    }
}

fn scheduled(d: &Delivery) -> NewEvent {
    let (delivery, detail) = (d.id, json!({ "due": d.due }));
    NewEvent { delivery, attempt: None, at: NOW, phase: Phase::Scheduled, fingerprint: None, detail }
}

fn an_account(id: AccountId) -> Account {
    Account {
        id,
        network: NetworkId::Mastodon,
        server: "https://mastodon.example".into(),
        handle: "@me@mastodon.example".into(),
        remote_id: "1".into(),
        name: "Campagne".into(),
        state: AccountState::Connected,
        limits: None,
        added_at: NOW,
        ends_at: None,
    }
}

fn a_content() -> Content {
    Content { text: "Bonjour Bamako, bonjour Ségou. ".repeat(8), ..Content::default() }
}

/// SQLite and nothing else: one row of a delivery's size, one transaction, as durable as ours.
struct Bare {
    conn: Connection,
    row: String,
}

impl Bare {
    fn made(file: &Path) -> Any<Self> {
        let conn = Connection::open(file)?;
        conn.pragma_update_and_check(None, "journal_mode", "WAL", |_| Ok(()))?;
        conn.pragma_update(None, "synchronous", "FULL")?;
        if cfg!(target_vendor = "apple") {
            conn.pragma_update(None, "fullfsync", true)?;
            conn.pragma_update(None, "checkpoint_fullfsync", true)?;
        }
        conn.execute_batch("CREATE TABLE row (id INTEGER PRIMARY KEY, body TEXT NOT NULL) STRICT")?;
        // As many bytes as a scheduled delivery has in its columns.
        let row = "x".repeat(36 * 3 + "mastodon".len() + "scheduled".len() + 8 * 3 + 90 + "hold".len() + 4);
        Ok(Self { conn, row })
    }

    fn insert(&self) -> Any<()> {
        let tx = rusqlite::Transaction::new_unchecked(&self.conn, TransactionBehavior::Immediate)?;
        tx.prepare_cached("INSERT INTO row (body) VALUES (?1)")?.execute([&self.row])?;
        tx.commit()?;
        Ok(())
    }
}
