//! One of each noun, for the tests of the tables. Not part of the crate outside tests.

use griot_domain::asset::{Facts, Format, MediaKind};
use griot_domain::{
    Account, AccountId, AccountState, Asset, AssetId, Attachment, Attempt, AttemptId, Content, Delivery,
    DeliveryId, Faults, LatePolicy, NetworkId, Operation, Phase, PostId, RevisionId, State, Timestamp,
    Variant, WorkspaceId,
};

use crate::{Error, Options, Store, Tx, accounts, assets, deliveries, posts};

/// So many seconds after the instant at which tests begin.
pub(crate) fn t(seconds: i64) -> Timestamp {
    Timestamp::from_millis(1_796_000_000_000 + seconds * 1000)
}

/// The `n`th id of its kind.
pub(crate) fn id<T>(n: u8, new: impl Fn(Timestamp, [u8; 10]) -> T) -> T {
    new(t(0), [n; 10])
}

pub(crate) fn options() -> Options {
    Options { app_version: "0.1.0".into(), now: t(0), faults: Faults::none() }
}

pub(crate) fn store() -> Store {
    Store::memory(id(0, WorkspaceId::new), &options()).unwrap()
}

pub(crate) fn asset(n: u8) -> Asset {
    Asset {
        id: id(n, AssetId::new),
        hash: format!("{n:02x}").repeat(32),
        name: format!("Photo {n}.jpg"),
        facts: Facts {
            kind: MediaKind::Image,
            format: Format::Jpeg,
            width: 4000,
            height: 3000,
            bytes: 2_000_000,
            animated: false,
            alpha: false,
            duration_ms: None,
            video_codec: None,
            audio_codec: None,
            fps: None,
            metadata: vec!["exif".into()],
        },
        alt: String::new(),
        focus: None,
        suggested: None,
        tags: vec![],
        imported_at: t(i64::from(n)),
    }
}

pub(crate) fn account(n: u8) -> Account {
    Account {
        id: id(n, AccountId::new),
        network: NetworkId::Mastodon,
        server: "https://mastodon.example".into(),
        handle: format!("@person{n}@mastodon.example"),
        remote_id: format!("{n}"),
        name: format!("Person {n}"),
        state: AccountState::Connected,
        limits: None,
        added_at: t(0),
        ends_at: None,
    }
}

pub(crate) fn content(text: &str) -> Content {
    let mut content = Content {
        text: text.into(),
        media: vec![Attachment::new(id(2, AssetId::new), "the second first")],
        ..Content::default()
    };
    content.media.push(Attachment::new(id(1, AssetId::new), ""));
    content.variants.insert(
        NetworkId::Mastodon,
        Variant {
            text: Some(String::new()),
            media: Some(vec![]),
            fields: [("visibility".into(), "unlisted".into())].into(),
        },
    );
    content.variants.insert(
        NetworkId::Bluesky,
        Variant {
            media: Some(vec![Attachment::new(id(1, AssetId::new), "for the blue")]),
            ..Variant::default()
        },
    );
    content
}

pub(crate) fn delivery(n: u8) -> Delivery {
    Delivery {
        id: id(n, DeliveryId::new),
        post: id(1, PostId::new),
        account: id(1, AccountId::new),
        network: NetworkId::Mastodon,
        state: State::Scheduled,
        waiting_for: None,
        failed: None,
        reason: None,
        due: None,
        wall: None,
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
        created_at: t(0),
        updated_at: t(0),
    }
}

pub(crate) fn attempt(n: u8, delivery: u8) -> Attempt {
    Attempt {
        id: id(n, AttemptId::new),
        delivery: id(delivery, DeliveryId::new),
        n: u32::from(n),
        op: Operation::Publish,
        phase: Phase::Started,
        started: t(0),
        ended: None,
        outcome: None,
        detail: None,
        armed: None,
    }
}

/// Two assets, an account, a post with its first revision, and delivery 1.
pub(crate) fn furnish(tx: &Tx<'_>) -> Result<(), Error> {
    assets::insert(tx, &asset(1))?;
    assets::insert(tx, &asset(2))?;
    accounts::insert(tx, &account(1))?;
    posts::create(tx, id(1, PostId::new), id(1, RevisionId::new), &content("Hello"), t(1))?;
    deliveries::insert(tx, &delivery(1))
}

/// A furnished workspace in memory.
pub(crate) fn furnished() -> Store {
    let store = store();
    store.write(furnish).unwrap();
    store
}
