//! Pictures on their way to a Page: an unpublished photo is seen by nobody until a post names it.

use std::time::Duration;

use serde_json::{Value, json};

use super::Facebook;
use super::graph::{Graph, text};
use crate::http::{Payload, Upload};
use crate::{Error, PreparedMedia, Steps};

/// What the kept steps of photos begin with.
pub(super) const STEPS: &str = "photo";
/// Facebook keeps photos that no post names for about a day.
const FORGET_AFTER: Duration = Duration::from_secs(20 * 60 * 60);

impl Facebook {
    /// The ids of all pictures, in order.
    pub(super) async fn photos(
        &self,
        graph: &Graph,
        page: &str,
        media: &[PreparedMedia],
        is_dated: bool,
        steps: &mut dyn Steps,
    ) -> Result<Vec<String>, Error> {
        let mut ids = Vec::new();
        for (index, picture) in media.iter().enumerate() {
            // The same file twice in a post is two photos.
            let before = media[..index].iter().filter(|m| m.hash == picture.hash).count();
            let step = match before {
                0 => format!("{STEPS}/{}", picture.hash),
                _ => format!("{STEPS}/{}/{before}", picture.hash),
            };
            let fits = |kept: &Value| {
                kept["alt"] == json!(picture.alt) && kept["dated"].as_bool().unwrap_or(false) == is_dated
            };
            let kept = steps.get(&step).filter(fits);
            let id = match kept.as_ref().and_then(|kept| kept["id"].as_str()) {
                Some(id) => id.to_owned(),
                None => {
                    let id = self.photo(graph, page, picture, is_dated).await?;
                    let value: Value = json!({"id": id, "alt": picture.alt, "dated": is_dated});
                    steps.put(&step, value, Some(self.client.now().plus(FORGET_AFTER)))?;
                    id
                }
            };
            ids.push(id);
        }
        Ok(ids)
    }

    async fn photo(
        &self,
        graph: &Graph,
        page: &str,
        picture: &PreparedMedia,
        is_dated: bool,
    ) -> Result<String, Error> {
        let mut texts = vec![("published", "false".to_owned())];
        if is_dated {
            // Such a photo may be named by a post that waits for its date (networks.md 3).
            texts.push(("temporary", "true".to_owned()));
        }
        if !picture.alt.is_empty() {
            texts.push(("alt_text_custom", picture.alt.clone()));
        }
        let payload = Payload::Form(Some(("source", Upload::of(picture))), texts);
        let answer = graph.post(&[page, "photos"], payload).await?;
        text(&answer, "id")
    }
}
