//! WordPress against a real site: what is staged, committed and probed is read back from the site.

#[path = "wordpress/kept.rs"]
mod kept;
#[path = "wordpress/refused.rs"]
mod refused;

use std::sync::{Arc, Mutex, Weak};

use griot_domain::{Format, NetworkId};
use griot_networks::{Error, Live, Network, Prepared, PreparedMedia, Probe, Session, WordPress};
use griot_tests::servers::wordpress::Author;
use griot_tests::servers::{Fault, Faults, Proxy, Rule, WordPress as Site};
use serde_json::{Value, json};

use crate::suite::{self, Changes, Subject};
use crate::world::{Kept, client, film, input, now, picture, prepared, question, session, shared};

static SITE: Mutex<Weak<Site>> = Mutex::new(Weak::new());
const POSTS: &str = "/wp-json/wp/v2/posts";
const MEDIA: &str = "/wp-json/wp/v2/media";
const EVERY: &str = "publish,future,draft,pending,private";

struct Home {
    site: Arc<Site>,
    author: Author,
    proxy: Proxy,
    session: Session,
    network: WordPress,
}

impl Home {
    /// A user of a name of their own on the site; nothing where there can be no site.
    async fn new(name: &str, role: &str) -> Option<Self> {
        if !Site::is_here() {
            return None;
        }
        let site = shared(&SITE, Site::start);
        let author = site.user(name, role);
        let proxy = Proxy::start(site.url(), Faults::none());
        let network = WordPress::new(client());
        let typed = input(&proxy.url(), Some(name), "password", &author.password);
        let connected = network.connect(&typed).await.unwrap();
        assert_eq!(connected.handle, format!("{name}@127.0.0.1"));
        assert_eq!(connected.remote_id, author.id.to_string());
        let session = session(NetworkId::Wordpress, &connected, &proxy.url());
        Some(Self { site, author, proxy, session, network })
    }

    /// How many articles that people can read have this text.
    fn live(&self, text: &str) -> usize {
        let articles = self.site.articles(&self.author, "publish");
        articles.iter().filter(|article| words(article["content"]["raw"].as_str().unwrap()) == text).count()
    }

    async fn publish(&self, post: &Prepared) -> Live {
        let staged = self.network.stage(&self.session, post, &mut Kept::default()).await.unwrap();
        self.network.commit(&self.session, &staged.body, &staged.key).await.unwrap()
    }

    async fn stage(&self, post: &Prepared, steps: &mut Kept) -> Result<Value, Error> {
        self.network.stage(&self.session, post, steps).await.map(|staged| staged.body)
    }

    fn article(&self, live: &Live) -> Value {
        self.site.get(&format!("posts/{}?context=edit", live.id))
    }
}

/// The words in a paragraph's HTML.
fn words(html: &str) -> String {
    let tags = html.split('<').map(|part| part.split_once('>').map_or(part, |(_, text)| text));
    let text: String = tags.collect();
    let entities =
        [("&#091;", "["), ("&#093;", "]"), ("&quot;", "\""), ("&lt;", "<"), ("&gt;", ">"), ("&amp;", "&")];
    entities.iter().fold(text, |text, (entity, c)| text.replace(entity, c)).trim().to_owned()
}

fn titled(text: &str, media: Vec<PreparedMedia>) -> Prepared {
    let mut post = prepared(text, media);
    post.fields.insert("title".into(), "Le marché".into());
    post
}

fn quiet(words: &str, author: &Author) {
    let bare: String = author.password.split_whitespace().collect();
    assert!(!words.contains(&author.password) && !words.contains(&bare), "{words}");
}

async fn with_subject(name: &str, run: impl AsyncFnOnce(&Subject<'_>)) {
    let Some(home) = Home::new(name, "author").await else { return };
    run(&Subject {
        network: &home.network,
        session: &home.session,
        proxy: &home.proxy,
        visible: POSTS,
        staging: POSTS,
        live: &|text| home.live(text),
        name,
    })
    .await;
}

#[tokio::test]
async fn a_lost_answer_never_makes_two() {
    with_subject("lost", suite::lost_answers).await;
}

#[tokio::test]
async fn the_same_key_makes_one() {
    with_subject("key", suite::same_key).await;
}

#[tokio::test]
async fn without_a_way_out_nothing_is_sent() {
    with_subject("out", suite::no_way_out).await;
}

#[tokio::test]
async fn a_rate_limit_says_until_when() {
    with_subject("rate", suite::rate_limits).await;
}

#[tokio::test]
async fn what_is_live_is_corrected_and_deleted_once() {
    let folder = tempfile::tempdir().unwrap();
    let media = vec![picture(folder.path(), 4242, "Un étal"), picture(folder.path(), 4343, "Deux étals")];
    let calls = Changes {
        edit: Some(("POST", "/wp-json/wp/v2/posts/")),
        delete: ("DELETE", "/wp-json/wp/v2/posts/"),
    };
    with_subject("changes", async |subject| suite::corrected_and_deleted(subject, &calls, media).await).await;
}

#[tokio::test]
async fn an_article_reads_back_as_it_was_written() {
    let Some(home) = Home::new("reads", "author").await else { return };
    let folder = tempfile::tempdir().unwrap();
    let mut media: Vec<_> = (1..=3)
        .map(|n| picture(folder.path(), n * 700, &format!("Photo nº {n} : le \"grand\" marché & co 🐟")))
        .collect();
    media.push(film(folder.path(), "Un film"));
    let text = "Marché & café à Bamako <ce soir> [gallery] 🐟\n\"Deux\" lignes\n\nVoir https://example.com/a?b=1&c=2.";
    let post = titled(text, media);
    let live = home.publish(&post).await;

    let article = home.article(&live);
    assert_eq!(
        (article["status"].as_str(), article["title"]["raw"].as_str()),
        (Some("publish"), Some("Le marché"))
    );
    assert_eq!((article["link"].as_str(), &article["author"]), (live.url.as_deref(), &json!(home.author.id)));
    let made = live.at.expect("the site says when");
    assert!(
        now().millis_since(made).abs() < 60_000,
        "{made} is not now, whatever the site's own time zone is"
    );
    let library = home.site.library(&home.author);
    assert_eq!(library.len(), 4);
    let raw = article["content"]["raw"].as_str().unwrap();
    let mut shown_at = 0;
    for sent in &post.media {
        let bytes = std::fs::read(&sent.path).unwrap();
        let medium = library
            .iter()
            .find(|medium| home.site.bytes(medium["source_url"].as_str().unwrap()) == bytes)
            .expect("byte for byte");
        assert_eq!(medium["alt_text"].as_str(), Some(sent.alt.as_str()));
        let at = raw.find(medium["source_url"].as_str().unwrap()).expect("the article shows it");
        assert!(at > shown_at, "in the order in which they were chosen");
        shown_at = at;
    }
    assert_eq!(
        article["featured_media"],
        library.iter().map(|m| m["id"].clone()).min_by_key(Value::as_u64).unwrap()
    );

    // What a reader gets: nothing that was written has become markup, and every picture has its words.
    let page = home.site.page(live.url.as_deref().unwrap());
    for part in [
        "Marché &amp; café à Bamako &lt;ce soir&gt; &#091;gallery&#093; 🐟<br>",
        "<a href=\"https://example.com/a?b=1&amp;c=2\">https://example.com/a?b=1&amp;c=2</a>.",
        "wp-block-gallery",
        "alt=\"Photo nº 3 : le &quot;grand&quot; marché &amp; co 🐟\"",
        "<video controls src=",
    ] {
        assert!(page.contains(part), "{part}\n{raw}\n{page}");
    }
}

#[tokio::test]
async fn the_fields_of_a_post_reach_the_site() {
    let Some(home) = Home::new("fields", "editor").await else { return };
    let culture = home.site.post("categories", &json!({"name": "Culture & société"}));
    let bamako = home.site.post("tags", &json!({"name": "Bamako"}));
    let mut post = titled("Bonjour", vec![]);
    let fields = [
        ("excerpt", "En deux mots < trois"),
        ("slug", "Le marché de Médine"),
        ("categories", "culture & société"),
        ("tags", "bamako"),
        ("sticky", "true"),
    ];
    post.fields.extend(fields.map(|(name, value)| (name.to_owned(), value.to_owned())));
    let live = home.publish(&post).await;
    let article = home.article(&live);
    assert_eq!((&article["categories"], &article["tags"]), (&json!([culture["id"]]), &json!([bamako["id"]])));
    assert_eq!((&article["sticky"], &article["slug"]), (&json!(true), &json!("le-marche-de-medine")));
    assert_eq!(words(article["excerpt"]["raw"].as_str().unwrap()), "En deux mots < trois");
    assert_eq!(live.url, Some(format!("{}/le-marche-de-medine/", home.site.url())));

    // Another article has the address already: the site numbers the second, and a copy of the workspace finds its own.
    let mut second = post.clone();
    second.delivery = prepared("", vec![]).delivery;
    second.text = "Bonsoir".into();
    let also = home.publish(&second).await;
    assert_eq!(also.url, Some(format!("{}/le-marche-de-medine-2/", home.site.url())));
    for (post, live) in [(post, live), (second, also)] {
        let staged = griot_networks::Staged {
            body: Value::Null,
            key: String::new(),
            server_date: None,
            newest_own: None,
        };
        let mut asked = question(&post, &staged);
        asked.armed = None;
        let found = home.network.probe(&home.session, &asked).await.unwrap();
        let Probe::Live(found) = found else { panic!("{found:?}") };
        assert_eq!(found.id, live.id);
    }

    for (status, slug) in [("private", ""), ("pending", "en-attente"), ("draft", "brouillon")] {
        let mut post = titled(status, vec![]);
        post.fields.insert("status".into(), status.into());
        post.fields.insert("slug".into(), slug.into());
        let live = home.publish(&post).await;
        assert_eq!(home.article(&live)["status"], status);
    }
    let mut unknown = titled("x", vec![]);
    unknown.fields.insert("categories".into(), "Cultur".into());
    let refused = home.stage(&unknown, &mut Kept::default()).await;
    let Err(Error::Content(why)) = refused else { panic!("{refused:?}") };
    assert!(why.contains("\"Cultur\"") && why.sentence().is_some(), "{why}");
}

#[tokio::test]
async fn an_article_without_a_slug_is_called_by_its_title_and_found_by_a_copy_of_the_workspace() {
    let Some(home) = Home::new("called", "editor").await else { return };
    for (title, words) in
        [("Le marché de Médine", "le-marche-de-medine-"), ("مرحبا بكم", ""), ("?!", "griot-")]
    {
        let mut post = titled("Bonjour", vec![]);
        post.fields.insert("title".into(), title.into());
        let live = home.publish(&post).await;
        let slug = home.article(&live)["slug"].as_str().expect("a slug").to_owned();
        assert!(slug.starts_with(words), "{title}: {slug}");
        assert!(title == "?!" || !slug.starts_with("griot-"), "{title}: {slug}");
        let staged = griot_networks::Staged {
            body: Value::Null,
            key: String::new(),
            server_date: None,
            newest_own: None,
        };
        let mut asked = question(&post, &staged);
        asked.armed = None;
        let found = home.network.probe(&home.session, &asked).await.unwrap();
        let Probe::Live(found) = found else { panic!("{title}: {found:?}") };
        assert_eq!(found.id, live.id, "{title}");
        // Staged again, nothing is made a second time.
        let body = home.stage(&post, &mut Kept::default()).await.unwrap();
        assert_eq!(body["id"].to_string(), live.id, "{title}");
    }
}

#[tokio::test]
async fn a_picture_that_the_site_makes_smaller_keeps_its_original() {
    let Some(home) = Home::new("scaled", "author").await else { return };
    let folder = tempfile::tempdir().unwrap();
    let mut wide = picture(folder.path(), 1, "Très large");
    wide.path = folder.path().join("wide.jpg");
    let pixels: Vec<u8> = (0..3000_u32 * 60 * 3).map(|n| (n % 251) as u8).collect();
    let encoder = jpeg_encoder::Encoder::new_file(&wide.path, 80).unwrap();
    encoder.encode(&pixels, 3000, 60, jpeg_encoder::ColorType::Rgb).unwrap();
    (wide.format, wide.bytes) = (Format::Jpeg, std::fs::metadata(&wide.path).unwrap().len());
    let post = titled("large", vec![wide]);
    let mut steps = Kept::default();
    home.proxy.set(Rule::once("POST", MEDIA, Fault::DropAnswer).into());
    let lost = home.stage(&post, &mut steps).await;
    assert!(matches!(lost, Err(Error::Transient(_))), "{lost:?}");
    let body = home.stage(&post, &mut steps).await.unwrap();
    let live = home.network.commit(&home.session, &body, "").await.unwrap();
    let library = home.site.library(&home.author);
    let [medium] = library.as_slice() else { panic!("it went up {} times", library.len()) };
    let shown = medium["source_url"].as_str().unwrap();
    let original = medium["media_details"]["original_image"].as_str().expect("an original");
    let folder_of = shown.rsplit_once('/').unwrap().0;
    assert_eq!(
        home.site.bytes(&format!("{folder_of}/{original}")),
        std::fs::read(&post.media[0].path).unwrap()
    );
    // The article shows what the site's own editor would show: the smaller one.
    assert!(shown.ends_with("-scaled.jpg"), "{shown}");
    let page = home.site.page(live.url.as_deref().unwrap());
    assert!(page.contains(shown) && page.contains("alt=\"Très large\""), "{page}");
}

#[tokio::test]
async fn a_file_that_was_lost_or_cut_on_its_way_is_whole_in_the_end() {
    let Some(home) = Home::new("cut", "author").await else { return };
    let folder = tempfile::tempdir().unwrap();
    let post = titled("coupé", vec![film(folder.path(), "x"), picture(folder.path(), 9000, "y")]);
    let mut steps = Kept::default();
    for fault in [Fault::CutAfter(60), Fault::CutAfter(5000), Fault::DropAnswer, Fault::Truncate, Fault::Html]
    {
        home.proxy.set(Rule::once("POST", MEDIA, fault.clone()).into());
        let staged = home.stage(&post, &mut steps).await;
        let expected = match fault {
            Fault::Html => matches!(staged, Err(Error::Portal(_))),
            // The film is there already: the fault hits what is said about it, or the picture.
            _ => matches!(staged, Err(Error::Transient(_))),
        };
        assert!(expected, "{fault:?}: {staged:?}");
    }
    home.proxy.clear();
    let body = home.stage(&post, &mut steps).await.unwrap();
    home.network.commit(&home.session, &body, "").await.unwrap();
    let raw = home.site.articles(&home.author, EVERY)[0]["content"]["raw"].as_str().unwrap().to_owned();
    let library = home.site.library(&home.author);
    assert_eq!(library.len(), 2, "nothing broken, nothing twice: {library:?}");
    for sent in &post.media {
        let bytes = std::fs::read(&sent.path).unwrap();
        let whole =
            library.iter().find(|medium| home.site.bytes(medium["source_url"].as_str().unwrap()) == bytes);
        let whole = whole.expect("byte for byte");
        assert!(raw.contains(whole["source_url"].as_str().unwrap()) && whole["alt_text"] == *sent.alt);
    }
}

#[tokio::test]
async fn what_the_site_lost_is_said_to_have_expired_and_made_again() {
    let Some(home) = Home::new("expired", "author").await else { return };
    let folder = tempfile::tempdir().unwrap();
    let post = titled("perdu", vec![picture(folder.path(), 5, "x")]);
    let mut steps = Kept::default();
    let body = home.stage(&post, &mut steps).await.unwrap();
    home.site.delete(&format!("media/{}?force=true", home.site.library(&home.author)[0]["id"]));
    let step = format!("media/{}", post.media[0].hash);
    assert_eq!(home.stage(&post, &mut steps).await, Err(Error::Expired(step)));
    // Into the bin, and out of it for ever.
    home.site.delete(&format!("posts/{}", body["id"]));
    assert_eq!(home.stage(&post, &mut steps).await, Err(Error::Expired("draft".into())));
    home.stage(&post, &mut steps).await.unwrap();
    let gone = home.stage(&post, &mut steps).await.unwrap();
    home.site.delete(&format!("posts/{}?force=true", gone["id"]));
    let refused = home.network.commit(&home.session, &gone, "").await;
    assert_eq!(refused, Err(Error::Expired("draft".into())));
    home.publish(&post).await;
    assert_eq!((home.live("perdu"), home.site.library(&home.author).len()), (1, 1));
}

#[tokio::test]
async fn a_site_with_plain_addresses_is_found_and_written_to() {
    let Some(home) = Home::new("plain", "author").await else { return };
    home.proxy.set(Rule::always("", "/wp-json", Fault::status(404, "<html>Not found</html>")).into());
    let typed = input(
        &format!("{}/wp-admin/profile.php", home.proxy.url()),
        Some("plain"),
        "password",
        &home.author.password,
    );
    let connected = home.network.connect(&typed).await.unwrap();
    let session = session(NetworkId::Wordpress, &connected, &home.proxy.url());
    let folder = tempfile::tempdir().unwrap();
    let post = titled("adresses simples", vec![picture(folder.path(), 8, "x")]);
    let staged = home.network.stage(&session, &post, &mut Kept::default()).await.unwrap();
    home.network.commit(&session, &staged.body, &staged.key).await.unwrap();
    let found = home.network.probe(&session, &question(&post, &staged)).await.unwrap();
    assert!(matches!(found, Probe::Live(_)), "{found:?}");
    assert_eq!(home.live("adresses simples"), 1);
}

#[tokio::test]
async fn a_first_comment_is_made_once_and_found_again() {
    let Some(home) = Home::new("comments", "author").await else { return };
    let article = home.publish(&titled("à commenter", vec![])).await;
    let mut comment =
        prepared("L'été \"à Bamako\" -- 9x9 <b> & co…\n\nSource : https://example.com/a", vec![]);
    comment.reply_to = Some(article.clone());
    let staged = home.network.stage(&home.session, &comment, &mut Kept::default()).await.unwrap();
    let asked = question(&comment, &staged);
    assert_eq!(home.network.probe(&home.session, &asked).await, Ok(Probe::Absent));
    let comments = "/wp-json/wp/v2/comments";
    home.proxy.set(Rule::once("POST", comments, Fault::DropAnswer).into());
    let lost = home.network.commit(&home.session, &staged.body, &staged.key).await;
    assert!(matches!(lost, Err(Error::Uncertain(_))), "{lost:?}");
    let found = home.network.probe(&home.session, &asked).await.unwrap();
    let Probe::Live(found) = found else { panic!("{found:?}") };
    // The site refuses the same words twice, so that nobody can be wrong by trying.
    let again = home.network.commit(&home.session, &staged.body, &staged.key).await;
    assert!(matches!(again, Err(Error::Uncertain(_))), "{again:?}");
    let there = home.site.get(&format!("comments?post={}", article.id));
    assert_eq!(there.as_array().unwrap().len(), 1, "{there}");
    assert_eq!(found.id, format!("comment-{}", there[0]["id"]));
    assert_eq!(found.url.as_deref(), there[0]["link"].as_str());

    home.site.post(&format!("posts/{}", article.id), &json!({"comment_status": "closed"}));
    let closed = home.network.stage(&home.session, &comment, &mut Kept::default()).await;
    assert!(matches!(closed, Err(Error::Permission(_))), "{closed:?}");
}
