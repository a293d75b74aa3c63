//! The ways of showing a text, held against what a real server was seen to make of it.

use griot_stubs::rendering::Rendering;
use griot_stubs::spec;

/// The server's address in the record.
const ORIGIN: &str = "http://localhost:4810";

/// A row of the record.
struct Row {
    sent: String,
    way: Rendering,
    html: String,
}

/// `| "sent" | plain | "html" | as sent |`: two texts as JSON writes them.
fn row(line: &str) -> Option<Row> {
    let mut sent = serde_json::Deserializer::from_str(line.strip_prefix("| ")?).into_iter::<String>();
    let first = sent.next()?.ok()?;
    let rest = line[2 + sent.byte_offset()..].strip_prefix(" | ")?;
    let (way, rest) = rest.split_once(" | ")?;
    let way = match way {
        "plain" => Rendering::Plain,
        "markdown" => Rendering::Markdown,
        _ => return None,
    };
    let html = serde_json::Deserializer::from_str(rest).into_iter::<String>().next()?.ok()?;
    Some(Row { sent: first, way, html })
}

fn rows(record: &str) -> Vec<Row> {
    record.lines().filter(|line| line.starts_with("| \"")).map(|line| row(line).expect(line)).collect()
}

fn assert_all(record: &str, origin: &str) -> usize {
    let rows = rows(record);
    let wrong = rows.iter().filter_map(|Row { sent, way, html }| {
        let ours = way.html(sent, origin, &["awa"]);
        (ours != *html).then(|| format!("{sent:?} {way:?}\n  is   {ours}\n  was  {html}"))
    });
    let wrong: Vec<_> = wrong.collect();
    assert!(wrong.is_empty(), "{} of {}:\n{}", wrong.len(), rows.len(), wrong.join("\n"));
    rows.len()
}

#[test]
fn every_text_of_the_record_is_shown_as_the_real_server_showed_it() {
    let place = spec::shared("cases/rendering.md");
    let Ok(record) = std::fs::read_to_string(&place) else {
        println!("cases/rendering.md absent: skipped");
        return;
    };
    assert_eq!(assert_all(&record, ORIGIN), 74, "37 texts, two accounts");
}

#[test]
fn our_own_record_is_shown_as_it_was_seen() {
    let record = r#"
| "D:\\_photos & co" | plain | "<p>D:_photos & co</p>" | as sent |
| "D:\\_photos & co" | markdown | "<p>D:_photos & co</p>" | as sent |
| "3 > 2 &amp; 1 < 2" | plain | "<p>3 > 2 & 1 &lt; 2</p>" | as sent |
| "*deux*\nlignes" | markdown | "<p><em>deux</em><br>lignes</p>" | as sent |
| "*deux*\nlignes" | plain | "<p>*deux*<br>lignes</p>" | as sent |
| " ߒߞߏ  \r\nالعربية " | plain | "<p>ߒߞߏ<br>العربية</p>" | as sent |
| "(https://exemple.org/a_b)" | plain | "<p>(<a href=\"https://exemple.org/a_b\" rel=\"nofollow noreferrer noopener\" target=\"_blank\">https://exemple.org/a_b</a>)</p>" | as sent |
"#;
    assert_eq!(assert_all(record, ORIGIN), 7);
}
