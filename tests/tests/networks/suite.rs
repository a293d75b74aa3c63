//! What every network has to do alike, whatever happens on the way.

use griot_domain::Timestamp;
use griot_networks::{
    Change, Error, Network, Posted, Prepared, PreparedMedia, Probe, Session, Sight, Staged,
};
use griot_tests::servers::{Fault, Proxy, Rule};

use crate::world::{Kept, now, prepared, question};

/// One network in front of a real server, with trouble between them.
pub(crate) struct Subject<'a> {
    pub(crate) network: &'a dyn Network,
    pub(crate) session: &'a Session,
    pub(crate) proxy: &'a Proxy,
    /// The path of the call that makes a post visible.
    pub(crate) visible: &'a str,
    /// A path that staging a text asks for.
    pub(crate) staging: &'a str,
    /// How many posts with this text the server has.
    pub(crate) live: &'a (dyn Fn(&str) -> usize + Sync),
    /// What the texts of this subject begin with.
    pub(crate) name: &'a str,
}

impl Subject<'_> {
    async fn stage(&self, text: &str) -> (Prepared, Staged) {
        let post = prepared(text, vec![]);
        let staged = self.network.stage(self.session, &post, &mut Kept::default()).await.unwrap();
        (post, staged)
    }

    async fn found(&self, post: &Prepared, staged: &Staged) -> Option<String> {
        match self.network.probe(self.session, &question(post, staged)).await.unwrap() {
            Probe::Live(live) => Some(live.id),
            Probe::Absent | Probe::Kept(_) => None,
            Probe::CannotTell(why) => panic!("{}: cannot tell: {why}", self.name),
        }
    }

    async fn commit(&self, staged: &Staged) -> Result<String, Error> {
        self.network.commit(self.session, &staged.body, &staged.key).await.map(|live| live.id)
    }
}

/// Every fault at the visible call, and what the probe says afterwards.
pub(crate) async fn lost_answers(subject: &Subject<'_>) {
    let reached = [Fault::DropAnswer, Fault::Truncate];
    let never = [
        Fault::Refuse,
        Fault::CutAfter(10),
        Fault::Html,
        Fault::status(503, "{}"),
        Fault::status(502, "busy"),
    ];
    for (fault, is_live) in
        reached.into_iter().map(|f| (f, true)).chain(never.into_iter().map(|f| (f, false)))
    {
        let text = format!("{} {fault:?}", subject.name);
        let (post, staged) = subject.stage(&text).await;
        assert_eq!(subject.found(&post, &staged).await, None, "{fault:?}: before the visible call");
        subject.proxy.set(Rule::once("POST", subject.visible, fault.clone()).into());
        let first = subject.commit(&staged).await;
        assert!(matches!(first, Err(Error::Uncertain(_))), "{fault:?}: {first:?}");
        subject.proxy.clear();
        let found = subject.found(&post, &staged).await;
        assert_eq!(found.is_some(), is_live, "{fault:?}: the probe knows");
        assert_eq!((subject.live)(&text), usize::from(is_live), "{fault:?}");
        if !is_live {
            let id = subject.commit(&staged).await.unwrap();
            assert_eq!(subject.found(&post, &staged).await, Some(id), "{fault:?}: sent again, once");
            assert_eq!((subject.live)(&text), 1, "{fault:?}");
        }
    }
}

/// The same request again, and the same delivery in a copy of the workspace.
pub(crate) async fn same_key(subject: &Subject<'_>) {
    let text = format!("{} same key", subject.name);
    let (post, staged) = subject.stage(&text).await;
    let first = subject.commit(&staged).await.unwrap();
    match subject.commit(&staged).await {
        Ok(second) => assert_eq!(second, first),
        // By its own word or without one: either way the network is asked.
        Err(error) => assert!(matches!(error, Error::Uncertain(_) | Error::Failed(_)), "{error:?}"),
    }
    let copy = subject.network.stage(subject.session, &post, &mut Kept::default()).await.unwrap();
    assert_eq!(copy.key, staged.key, "every copy of the workspace uses the same key");
    let mut unarmed = question(&post, &copy);
    unarmed.armed = None;
    match subject.network.probe(subject.session, &unarmed).await.unwrap() {
        Probe::Live(live) => assert_eq!(live.id, first),
        other => panic!("a copy of the workspace does not find the post: {other:?}"),
    }
    assert_eq!((subject.live)(&text), 1);
}

/// No way out, and a page in the way.
pub(crate) async fn no_way_out(subject: &Subject<'_>) {
    let text = format!("{} offline", subject.name);
    let (post, staged) = subject.stage(&text).await;
    subject.proxy.offline();
    assert!(matches!(subject.commit(&staged).await, Err(Error::Offline(_))));
    let probe = subject.network.probe(subject.session, &question(&post, &staged)).await;
    assert!(matches!(probe, Err(Error::Offline(_))), "{probe:?}");
    let stage = subject.network.stage(subject.session, &post, &mut Kept::default()).await;
    assert!(matches!(stage, Err(Error::Offline(_))), "{stage:?}");
    subject.proxy.online();
    subject.proxy.set(Rule::always("", "/", Fault::Html).into());
    let probe = subject.network.probe(subject.session, &question(&post, &staged)).await;
    assert!(matches!(probe, Err(Error::Portal(_))), "{probe:?}");
    let stage = subject.network.stage(subject.session, &post, &mut Kept::default()).await;
    assert!(matches!(stage, Err(Error::Portal(_))), "{stage:?}");
    subject.proxy.clear();
    subject.commit(&staged).await.unwrap();
    assert_eq!((subject.live)(&text), 1);
}

/// 429 in every style that a network has for "not before".
pub(crate) async fn rate_limits(subject: &Subject<'_>) {
    let in_ten_minutes = |at: Timestamp| at.plus_millis(600_000);
    let epoch = (in_ten_minutes(now()).millis() / 1000).to_string();
    let iso = in_ten_minutes(now()).to_string();
    let date = in_ten_minutes(now()).to_utc().format("%a, %d %b %Y %H:%M:%S GMT").to_string();
    let (_, staged) = subject.stage(&format!("{} rate", subject.name)).await;
    let styles = [
        ("retry-after", "600"),
        ("retry-after", &date),
        ("ratelimit-reset", &epoch),
        ("x-ratelimit-reset", &epoch),
        ("x-ratelimit-reset", &iso),
    ];
    for (path, method) in [(subject.visible, "POST"), (subject.staging, "GET")] {
        for style in styles {
            let answer = Fault::status_with(429, "{\"error\":\"RateLimitExceeded\"}", style);
            subject.proxy.set(Rule::once(method, path, answer).into());
            let outcome = match method {
                "POST" => subject.commit(&staged).await.map(drop),
                _ => {
                    let post = prepared("rate", vec![]);
                    subject.network.stage(subject.session, &post, &mut Kept::default()).await.map(drop)
                }
            };
            let Err(Error::RateLimited { until: Some(until) }) = outcome else {
                panic!("{style:?}: {outcome:?}")
            };
            let wait = until.millis_since(now());
            assert!((590_000..=601_000).contains(&wait), "{style:?}: {wait} ms");
        }
        subject.proxy.clear();
    }
}

/// The calls that change what is live, where the network has them: method and path.
pub(crate) struct Changes {
    pub(crate) edit: Option<(&'static str, &'static str)>,
    pub(crate) delete: (&'static str, &'static str),
}

/// A live post with media is corrected and removed, and the answers to both are lost.
pub(crate) async fn corrected_and_deleted(subject: &Subject<'_>, calls: &Changes, media: Vec<PreparedMedia>) {
    let editor = subject.network.editor().unwrap();
    let old = format!("{}: le marché ouvre à 8 h", subject.name);
    let post = prepared(&old, media);
    let staged = subject.network.stage(subject.session, &post, &mut Kept::default()).await.unwrap();
    let live = subject.network.commit(subject.session, &staged.body, &staged.key).await.unwrap();
    let posted = |text: &str| Posted {
        live: live.clone(),
        prepared: Prepared { text: text.to_owned(), media: Vec::new(), ..post.clone() },
        frozen: Some(staged.body.clone()),
    };
    let mut says = posted(&old);
    assert_eq!(editor.sight(subject.session, &says).await.unwrap(), Sight::Same);
    if let Some((method, path)) = calls.edit {
        let new = format!("{}: le marché ouvre à 9 h & <non> à 8 h 🙂", subject.name);
        says = posted(&new);
        assert_eq!(editor.sight(subject.session, &says).await.unwrap(), Sight::Other);
        let body = editor.correction(subject.session, &says).await.unwrap();
        subject.proxy.set(Rule::once(method, path, Fault::DropAnswer).into());
        let lost = editor.edit(subject.session, &says, &body).await;
        assert!(matches!(lost, Err(Error::Uncertain(_))), "{lost:?}");
        assert_eq!(editor.sight(subject.session, &says).await.unwrap(), Sight::Same);
        assert_eq!(editor.edit(subject.session, &says, &body).await.unwrap(), Change::Done, "once more");
        assert_eq!(((subject.live)(&old), (subject.live)(&new)), (0, 1));
    }
    let (method, path) = calls.delete;
    subject.proxy.set(Rule::once(method, path, Fault::DropAnswer).into());
    let lost = editor.delete(subject.session, &says).await;
    assert!(matches!(lost, Err(Error::Uncertain(_))), "{lost:?}");
    assert_eq!(editor.sight(subject.session, &says).await.unwrap(), Sight::Gone);
    editor.delete(subject.session, &says).await.unwrap();
    assert_eq!((subject.live)(&says.prepared.text), 0);
}
