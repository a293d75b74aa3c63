//! Facebook by agreeing in the browser, from the person's own app to a Page's token that publishes.

use griot_domain::Timestamp;
use griot_networks::{
    Astray, Begun, Browser, ConnectInput, Connected, Ends, Error, Returned, Secrets, copied,
};
use griot_stubs::facebook::{APP_ID, APP_SECRET, NAME, OTHER_NAME, OTHER_PAGE, PAGE, TOKEN, USER_TOKEN};
use griot_stubs::gate::{Fault, Gate, Page};
use griot_stubs::http::{Request, ask};
use griot_stubs::{Auditor, Facebook as Stub};

use crate::world::{NOW, client};
use griot_networks::{Facebook, Network};

const ENDS_ON: &str = "https://www.facebook.com/connect/login_success.html";
const APP: &[(&str, &str)] = &[("app_id", APP_ID), ("app_secret", APP_SECRET)];

struct World {
    facebook: Facebook,
    stub: Stub,
    gate: Gate,
}

impl World {
    fn new() -> Self {
        let stub = Stub::start();
        stub.set_now(NOW.millis());
        let gate = Gate::start(&stub.url());
        Self { facebook: Facebook::new(client()), stub, gate }
    }

    fn browser(&self) -> &dyn Browser {
        self.facebook.browser().unwrap()
    }

    async fn begin(&self, fields: &[(&str, &str)]) -> Result<Begun, Error> {
        let fields = fields.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
        let input = ConnectInput { server: Some(self.gate.url()), handle: None, fields: Secrets(fields) };
        self.browser().begin(&input, ENDS_ON).await
    }

    /// The address on which the person ends.
    fn agree(&self, begun: &Begun, more: &str) -> String {
        let target = begun.page.strip_prefix(&self.gate.url()).unwrap();
        let answer = ask(&self.gate.url(), &Request::new("GET", &format!("{target}{more}"))).unwrap();
        let place =
            answer.headers.iter().find(|(name, _)| name == "location").map(|(_, value)| value.clone());
        place.unwrap_or_else(|| panic!("{answer:?}"))
    }

    fn code(&self, begun: &Begun) -> String {
        match copied(&self.agree(begun, ""), ENDS_ON, &begun.state) {
            Ok(Returned::Code(code)) => code,
            other => panic!("{other:?}"),
        }
    }

    async fn agreed(&self) -> (Begun, Secrets) {
        let begun = self.begin(APP).await.unwrap();
        let secrets = self.browser().finish(&begun, &self.code(&begun)).await.unwrap();
        (begun, secrets)
    }

    async fn connect(&self, begun: &Begun, fields: Secrets, page: Option<&str>) -> Result<Connected, Error> {
        let handle = page.map(str::to_owned);
        self.facebook.connect(&ConnectInput { server: Some(begun.server.clone()), handle, fields }).await
    }
}

#[tokio::test]
async fn what_cannot_be_an_app_opens_no_page() {
    let world = World::new();
    for (fields, named) in [
        (&[][..], "app_id"),
        (&[("app_secret", APP_SECRET)], "app_id"),
        (&[("app_id", "mon app"), ("app_secret", APP_SECRET)], "app_id"),
        (&[("app_id", "47 11"), ("app_secret", APP_SECRET)], "app_id"),
        (&[("app_id", APP_ID)], "app_secret"),
        (&[("app_id", APP_ID), ("app_secret", "two\nlines")], "app_secret"),
        (&[("app_id", APP_ID), ("app_secret", APP_SECRET), ("version", "26")], "version"),
    ] {
        match world.begin(fields).await {
            Err(Error::Auth(words)) => {
                assert!(words.contains(named) && !words.contains(APP_SECRET), "{fields:?}: {words}");
            }
            other => panic!("{fields:?}: {other:?}"),
        }
    }
    assert!(world.stub.requests().is_empty());
}

#[tokio::test]
async fn a_wrong_app_a_spent_code_and_an_old_one_are_told_and_nothing_secret_is() {
    let world = World::new();
    let begun = world.begin(APP).await.unwrap();
    let told = |got: Result<Secrets, Error>, expected: &str| {
        let error = format!("{:?}", got.unwrap_err());
        assert!(error.starts_with("Auth(") && error.contains(expected), "{error}");
        assert!(!error.contains("AQStubCode") && !error.contains(APP_SECRET), "{error}");
    };
    let code = world.code(&begun);
    let other = world.begin(&[("app_id", APP_ID), ("app_secret", "anotherone")]).await.unwrap();
    told(world.browser().finish(&other, &code).await, "app_secret");
    world.browser().finish(&begun, &code).await.unwrap();
    told(world.browser().finish(&begun, &code).await, "has been used");
    let old = world.code(&begun);
    world.stub.set_now(NOW.plus_millis(700_000).millis());
    told(world.browser().finish(&begun, &old).await, "has expired");
    let good = world.code(&begun);
    for fault in [Fault::CloseUnread, Fault::Answer(Page::Portal), Fault::Answer(Page::Broken)] {
        let name = fault.name();
        world.gate.at("POST", "/oauth/access_token", [fault]);
        let error = world.browser().finish(&begun, &good).await.unwrap_err();
        let passes = matches!(error, Error::Offline(_) | Error::Portal(_) | Error::Transient(_));
        assert!(passes && !error.to_string().contains(&good), "{name}: {error:?}");
    }
    assert_eq!(world.stub.violations(), Vec::<String>::new());
}

#[tokio::test]
async fn who_refuses_has_refused_and_another_sign_in_is_nobodys_answer() {
    let world = World::new();
    let begun = world.begin(APP).await.unwrap();
    let refused = world.agree(&begun, "&agree=no");
    assert_eq!(copied(&refused, ENDS_ON, &begun.state), Ok(Returned::Refused));
    let second = world.begin(APP).await.unwrap();
    assert_ne!(begun.state, second.state);
    let first = world.agree(&begun, "");
    assert_eq!(copied(&first, ENDS_ON, &second.state), Err(Astray::Foreign));
    assert!(!format!("{begun:?}").contains(APP_SECRET));
}

#[tokio::test]
async fn agreeing_ends_with_the_pages_own_token_and_the_persons_is_not_kept() {
    let world = World::new();
    world.stub.ends(0, 1_803_153_600);
    let (begun, secrets) = world.agreed().await;
    let pages = world.browser().identities(&begun, &secrets).await.unwrap();
    assert_eq!(pages.iter().map(|page| page.id.as_str()).collect::<Vec<_>>(), [PAGE]);
    let found = world.connect(&begun, secrets, None).await.unwrap();
    assert_eq!((found.remote_id.as_str(), found.handle.as_str()), (PAGE, NAME));
    assert_eq!(found.secrets.get("token"), Some(TOKEN));
    assert_eq!(found.ends, Ends::At(Timestamp::from_millis(1_803_153_600_000)));
    let kept: Vec<&str> = found.secrets.0.keys().map(String::as_str).collect();
    assert_eq!(kept, ["app_id", "app_secret", "token"]);
    assert!(found.secrets.0.values().all(|value| value != USER_TOKEN && !value.contains("Short")));
    for request in world.stub.requests() {
        let secrets = [APP_SECRET, TOKEN, USER_TOKEN, "EAAStubShort"];
        assert!(secrets.iter().all(|secret| !request.target.contains(secret)), "{}", request.target);
    }
    assert_eq!(world.stub.violations(), Vec::<String>::new());
}

#[tokio::test]
async fn of_several_pages_the_one_that_is_named_is_connected() {
    let world = World::new();
    world.stub.second_page();
    let (begun, secrets) = world.agreed().await;
    let pages = world.browser().identities(&begun, &secrets).await.unwrap();
    let names: Vec<&str> = pages.iter().map(|page| page.name.as_str()).collect();
    assert_eq!(names, [NAME, OTHER_NAME]);
    match world.connect(&begun, secrets.clone(), None).await {
        Err(Error::Permission(words)) => assert!(words.contains(OTHER_PAGE), "{words}"),
        other => panic!("{other:?}"),
    }
    let other = world.connect(&begun, secrets.clone(), Some(OTHER_PAGE)).await.unwrap();
    assert_eq!((other.handle.as_str(), other.ends), (OTHER_NAME, Ends::NotTold));
    let first = world.connect(&begun, secrets, Some(PAGE)).await.unwrap();
    assert_eq!((first.handle.as_str(), first.ends), (NAME, Ends::Never));
    assert_eq!(world.stub.violations(), Vec::<String>::new());
}
