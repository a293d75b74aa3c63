//! Names and shapes that all of Bluesky's calls share.

use reqwest::Url;

use crate::{Error, PreparedMedia, Why};

/// The collection of posts.
pub(super) const POSTS: &str = "app.bsky.feed.post";

/// The address of a method on a server, with its parameters.
pub(super) fn method(server: &str, name: &str, query: &[(&str, &str)]) -> Result<Url, Error> {
    let bad = |_| Error::Environment(Why::no_server(server));
    let mut url = Url::parse(server).map_err(bad)?;
    url.set_path(&format!("/xrpc/{name}"));
    if !query.is_empty() {
        url.query_pairs_mut().extend_pairs(query);
    }
    Ok(url)
}

/// The name of the step that keeps a medium's blob.
pub(super) fn blob_step(media: &PreparedMedia) -> String {
    format!("blob/{}", media.hash)
}

/// The name of the step that keeps the video service's job for a film.
pub(super) fn job_step(media: &PreparedMedia) -> String {
    format!("job/{}", media.hash)
}
