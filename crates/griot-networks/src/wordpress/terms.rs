//! Categories and tags: a person writes names, a site takes numbers.
//!
//! Deliberately absent: making one that the site does not have. A typing error would become a category for ever.

use std::time::Duration;

use serde_json::{Value, json};

use super::WordPress;
use super::article::field;
use super::site::{self, Door};
use crate::evidence;
use crate::{Error, Prepared, Steps, Why};

/// The most that a site lists at once.
const PAGE: &str = "100";
/// Categories are renamed and deleted now and then.
const FORGET_AFTER: Duration = Duration::from_secs(60 * 60);

/// The fields, which are also the names of the routes.
const KINDS: &[&str] = &["categories", "tags"];

/// The site has no category or no tag of that name.
fn missing(kind: &str, name: &str) -> Why {
    if kind == "tags" {
        return Why::ours(
            format!("Le site n\u{2019}a pas d\u{2019}étiquette «\u{a0}{name}\u{a0}»."),
            format!("The site has no tag called \u{201c}{name}\u{201d}."),
        );
    }
    Why::ours(
        format!("Le site n\u{2019}a pas de catégorie «\u{a0}{name}\u{a0}»."),
        format!("The site has no category called \u{201c}{name}\u{201d}."),
    )
}

impl WordPress {
    /// The numbers of the categories and tags that the post names.
    pub(super) async fn terms(
        &self,
        door: &Door,
        prepared: &Prepared,
        steps: &mut dyn Steps,
    ) -> Result<Vec<(&'static str, Vec<u64>)>, Error> {
        let mut all = Vec::new();
        for kind in KINDS {
            let mut ids = Vec::new();
            let said = field(prepared, kind).unwrap_or_default();
            for name in said.split(',').map(str::trim).filter(|name| !name.is_empty()) {
                let id = self.term(door, kind, name, steps).await?;
                let id = id.ok_or_else(|| Error::Content(missing(kind, name)))?;
                if !ids.contains(&id) {
                    ids.push(id);
                }
            }
            all.push((*kind, ids));
        }
        Ok(all)
    }

    async fn term(
        &self,
        door: &Door,
        kind: &str,
        name: &str,
        steps: &mut dyn Steps,
    ) -> Result<Option<u64>, Error> {
        let step = format!("{kind}/{}", name.to_lowercase());
        if let Some(known) = steps.get(&step).and_then(|kept| kept.as_u64()) {
            return Ok(Some(known));
        }
        // Names are kept as HTML, and that is what a search reads.
        let mut forms = vec![name.replace('&', "&amp;"), name.to_owned()];
        forms.dedup();
        for form in forms {
            let query = [("search", form.as_str()), ("per_page", PAGE), ("_fields", "id,name,slug")];
            let answer = self.client.send(door.get(&format!("/wp/v2/{kind}"), &query)).await?;
            let found = site::list(&answer)?;
            // A search finds parts of names, too.
            let called = found.iter().find(|term| is_called(term, name));
            if let Some(id) = called.and_then(|term| term["id"].as_u64()) {
                steps.put(&step, json!(id), Some(self.client.now().plus(FORGET_AFTER)))?;
                return Ok(Some(id));
            }
        }
        Ok(None)
    }
}

fn is_called(term: &Value, wanted: &str) -> bool {
    let wanted = wanted.to_lowercase();
    let shown = term["name"].as_str().map(|name| evidence::to_text(name).trim().to_lowercase());
    shown.as_deref() == Some(&wanted) || term["slug"].as_str() == Some(&wanted)
}
