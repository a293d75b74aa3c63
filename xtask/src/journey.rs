//! `cargo xtask journey`: the whole journey of a post through the terminal, told step by step: a new workspace, a real
//! Bluesky server on this machine, sample pictures and a film, one message told two ways, published, proved and read
//! back.

use std::fs;
use std::path::{Path, PathBuf};

use crate::fault::{Fault, WhileDoing};

use crate::json::Value;
use crate::pds::Pds;
use crate::told::{Griot, delivery, text};
use crate::{places, setup, shell};

const HANDLE: &str = "studio.test";

const MESSAGE: &str = "The river concert is back: koras, looms and a night under the dunes. \
                       Come and listen on Saturday: https://example.org/concert #music #Bamako";

const TOLD_TO_FRIENDS: &str =
    "*The river concert is back.* Koras, looms and a night under the dunes, on Saturday.";

/// What a person would say of the four sample pictures.
const ALTS: [&str; 4] = [
    "Dunes at sunset, the sun low over the last ridge",
    "Poster: a kora before an orange sun",
    "A boatman on the river at dusk",
    "Woven cloth in squares of indigo, green and ochre",
];

/// `cargo xtask journey`.
pub(crate) fn journey(_: &[String]) -> Result<(), Fault> {
    setup::for_journey()?;
    shell::run(shell::cargo().args(["build", "--package", "griot-cli"]))?;
    let folder = fresh_folder()?;
    let (pictures, film) = samples()?;
    println!("\nThe journey of one post. Everything it makes is in {}", folder.display());
    println!("A real Bluesky server starts on this machine; nothing leaves it.");
    let pds = Pds::start(&folder.join("pds"))?;
    let password = pds.account(HANDLE)?;
    println!("It answers on {}, with an account {HANDLE}.", pds.url);

    let mut griot = Griot::on(places::built("debug", "griot"), &folder);
    let accounts = connect(&mut griot, &pds, &password)?;
    prepare(&mut griot, &pictures, &film)?;
    let sent = publish(&mut griot, &accounts, &pictures, &film)?;
    prove(&mut griot, &sent, &folder)?;
    read_back(&pds)?;
    println!("\nPublished: {}", sent.url);
    println!("Workspace: {}", griot.workspace().display());
    println!("To look around in it:\n{}", griot.by_hand());
    Ok(())
}

/// `target/journey-1`, or the next number that is free.
fn fresh_folder() -> Result<PathBuf, Fault> {
    let folder = (1..)
        .map(|number| places::target().join(format!("journey-{number}")))
        .find(|folder| !folder.exists());
    let folder = folder.expect("BUG: numbers do not end");
    fs::create_dir_all(folder.join("pds")).while_doing(|| format!("making {}", folder.display()))?;
    Ok(folder)
}

/// Four pictures and a film from the project's own samples, in the order of their names.
fn samples() -> Result<(Vec<String>, String), Fault> {
    let place = places::root().join("assets/samples");
    let entries = fs::read_dir(&place).while_doing(|| format!("reading {}", place.display()))?;
    let mut paths: Vec<PathBuf> = entries.flatten().map(|entry| entry.path()).collect();
    paths.sort();
    let ends = |endings: &'static [&'static str]| {
        let is = move |path: &&PathBuf| {
            path.extension().is_some_and(|ending| endings.iter().any(|known| ending == *known))
        };
        paths.iter().filter(is).map(|path| path.display().to_string()).collect::<Vec<_>>()
    };
    let pictures: Vec<String> = ends(&["jpg", "jpeg", "png", "webp"]).into_iter().take(4).collect();
    match (pictures.len(), ends(&["mp4"]).into_iter().next()) {
        (4, Some(film)) => Ok((pictures, film)),
        (found, film) => {
            let films = usize::from(film.is_some());
            Err(Fault::Unsound(format!(
                "{} has {found} pictures and {films} films; four and one are needed",
                place.display()
            )))
        }
    }
}

struct Accounts {
    bluesky: String,
    whatsapp: String,
}

fn connect(griot: &mut Griot, pds: &Pds, password: &str) -> Result<Accounts, Fault> {
    griot.tell("A new workspace: one folder for one brand.", &["init"], None)?;
    let add = ["accounts", "add", "bluesky", "--server", &pds.url, "--handle", HANDLE];
    let said = "A Bluesky account; its app password comes on standard input and is kept encrypted.";
    let bluesky = griot.tell(said, &add, Some(password))?;
    let add = ["accounts", "add", "whatsapp", "--name", "Friends of the concert"];
    let said =
        "A WhatsApp group: no program may post there, so a person will, and Griot prepares everything.";
    let whatsapp = griot.tell(said, &add, Some(""))?;
    let id = |answers: &[Value]| text(&answers[0], &["account", "id"]).map(str::to_owned);
    Ok(Accounts { bluesky: id(&bluesky)?, whatsapp: id(&whatsapp)? })
}

fn prepare(griot: &mut Griot, pictures: &[String], film: &str) -> Result<(), Fault> {
    let mut words = vec!["import"];
    words.extend(pictures.iter().map(String::as_str));
    words.push(film);
    let imported = griot.tell("Four pictures and a film go into the library, by content.", &words, None)?;
    let taken = imported[0].get("imported").map_or(0, |list| list.list().len());
    must(taken == 5, || format!("{taken} of 5 samples were imported"))?;
    griot.tell(
        "What Bluesky wants of a picture, as data with the day it was checked.",
        &["presets", "bluesky"],
        None,
    )?;
    let words = ["check", "--network", "bluesky", "--media", &pictures[0], MESSAGE];
    let verdict = griot.tell("Would Bluesky take this message?", &words, None)?;
    let word = text(&verdict[0], &["verdict"])?;
    must(word != "error", || format!("the verdict on the sample message is {word}"))
}

struct Sent {
    by_griot: String,
    url: String,
}

fn publish(griot: &mut Griot, accounts: &Accounts, pictures: &[String], film: &str) -> Result<Sent, Fault> {
    let (told, shown) = (format!("whatsapp={TOLD_TO_FRIENDS}"), format!("whatsapp={film}"));
    let mut words = vec!["post", "--text", MESSAGE];
    for (picture, alt) in pictures.iter().zip(ALTS) {
        words.extend(["--media", picture, "--alt", alt]);
    }
    words.extend([
        "--to",
        &accounts.bluesky,
        "--to",
        &accounts.whatsapp,
        "--variant",
        &told,
        "--variant-media",
        &shown,
    ]);
    let post = griot.tell(
        "One post, told differently to the friends, scheduled as soon as possible.",
        &words,
        None,
    )?;
    let post = text(&post[0], &["post"])?.to_owned();
    griot.tell("It waits in the queue, in the local database; nothing has been sent.", &["queue"], None)?;

    let work = ["run", "--until-idle", "--max-seconds", "300"];
    griot.tell("The outbox is worked until nothing can move.", &work, None)?;
    let queue = griot.tell("What became of it.", &["queue"], None)?;
    let sent = delivery(&queue[0], "bluesky", Some(&post))?;
    let by_hand = delivery(&queue[0], "whatsapp", Some(&post))?;
    let (state, other) = (text(sent, &["state"])?, text(by_hand, &["state"])?);
    must(state == "published" && other == "assisted", || format!("Bluesky is {state}, WhatsApp is {other}"))?;

    let id = text(by_hand, &["id"])?;
    griot.tell("For WhatsApp the text and the film lie ready in a folder.", &["delivery", id], None)?;
    griot.tell(
        "A person has posted it there and says so: that is the record.",
        &["delivery", id, "confirm"],
        None,
    )?;

    let words = [
        "post",
        "--text",
        "And the film.",
        "--media",
        film,
        "--alt",
        "The boat crossing the river at dusk",
        "--to",
        &accounts.bluesky,
    ];
    let second = griot.tell("The film goes to Bluesky too, in a post of its own.", &words, None)?;
    let second = text(&second[0], &["post"])?.to_owned();
    griot.tell("Worked again.", &work, None)?;
    let queue = griot.tell("Everything is out.", &["queue"], None)?;
    let state = text(delivery(&queue[0], "bluesky", Some(&second))?, &["state"])?;
    must(state == "published", || format!("the film is {state}"))?;
    let first = delivery(&queue[0], "bluesky", Some(&post))?;
    Ok(Sent { by_griot: text(first, &["id"])?.to_owned(), url: text(first, &["url"])?.to_owned() })
}

fn prove(griot: &mut Griot, sent: &Sent, folder: &Path) -> Result<(), Fault> {
    griot.tell("Each attempt, phase by phase.", &["delivery", &sent.by_griot], None)?;
    let journal = folder.join("journal.jsonl").display().to_string();
    let exported =
        griot.tell("The evidence, signed by this device.", &["journal", "export", &journal], None)?;
    let head = text(&exported[0], &["head"])?.to_owned();
    let words = ["journal", "verify", &journal, "--head", &head];
    let verified = griot.tell("The evidence holds against the head that was kept.", &words, None)?;
    must(verified[0].get("ok") == Some(&Value::Truth(true)), || "the journal does not verify".to_owned())?;
    let copy = folder.join("backup.griot").display().to_string();
    griot.tell("The whole workspace in one file.", &["backup", &copy], None)?;
    Ok(())
}

/// Asks the server itself what it has: the text, and four pictures with their alt texts.
fn read_back(pds: &Pds) -> Result<(), Fault> {
    println!(
        "\nAnd the server itself, asked without Griot: GET {}/xrpc/com.atproto.repo.listRecords",
        pds.url
    );
    let posts = pds.posts(HANDLE)?;
    let by_text = |expect: &str| {
        posts.iter().filter(|post| text(post, &["value", "text"]).ok() == Some(expect)).collect::<Vec<_>>()
    };
    let (first, second) = (by_text(MESSAGE), by_text("And the film."));
    must(posts.len() == 2 && first.len() == 1 && second.len() == 1, || {
        format!("the server has {} posts, two were sent", posts.len())
    })?;
    println!("   {}", text(first[0], &["uri"])?);
    println!("   {MESSAGE}");
    let value = first[0].get("value");
    let embedded = value.and_then(|value| value.get("embed")).and_then(|embed| embed.get("images"));
    let images = embedded.map(Value::list).unwrap_or_default();
    for image in images {
        let side = |name: &str| {
            image.get("aspectRatio").and_then(|ratio| ratio.get(name)).and_then(Value::number).unwrap_or(0.0)
        };
        println!("   picture {} x {}: {}", side("width"), side("height"), text(image, &["alt"])?);
    }
    let alts: Vec<&str> = images.iter().filter_map(|image| text(image, &["alt"]).ok()).collect();
    must(alts == ALTS, || format!("the record's alt texts are {alts:?}"))?;
    let facets = value.and_then(|value| value.get("facets")).map_or(0, |facets| facets.list().len());
    println!("   {facets} links and tags are marked");
    must(facets == 3, || format!("{facets} facets instead of a link and two tags"))?;
    let video =
        second[0].get("value").and_then(|value| value.get("embed")).and_then(|embed| embed.get("video"));
    must(video.is_some(), || "the second record has no video".to_owned())?;
    println!("   {} with its film", text(second[0], &["uri"])?);
    Ok(())
}

fn must(holds: bool, says: impl FnOnce() -> String) -> Result<(), Fault> {
    if holds { Ok(()) } else { Err(Fault::Unsound(says())) }
}
