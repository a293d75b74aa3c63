//! Facets as the record wants them, with mentions resolved: a mention of nobody is plain text.

use griot_domain::text::links::{self, Facet, Kind};
use reqwest::StatusCode;
use serde_json::{Value, json};

use super::{Bluesky, FORGET_AFTER, xrpc};
use crate::http::Request;
use crate::{Error, Session, Steps};

impl Bluesky {
    /// The facets of `text`.
    pub(super) async fn facets(
        &self,
        session: &Session,
        text: &str,
        steps: &mut dyn Steps,
    ) -> Result<Vec<Value>, Error> {
        let mut written = Vec::new();
        for facet in links::facets(text) {
            let feature = match &facet.kind {
                Kind::Link(uri) => json!({"$type": "app.bsky.richtext.facet#link", "uri": uri}),
                Kind::Tag(tag) => json!({"$type": "app.bsky.richtext.facet#tag", "tag": tag}),
                Kind::Mention(handle) => match self.did_of(session, handle, steps).await? {
                    Some(did) => json!({"$type": "app.bsky.richtext.facet#mention", "did": did}),
                    None => continue,
                },
            };
            written.push(write(&facet, &feature));
        }
        Ok(written)
    }

    /// Who a handle belongs to; nothing when the server knows nobody.
    async fn did_of(
        &self,
        session: &Session,
        handle: &str,
        steps: &mut dyn Steps,
    ) -> Result<Option<String>, Error> {
        let step = format!("mention/{handle}");
        if let Some(known) = steps.get(&step) {
            return Ok(known.as_str().map(str::to_owned));
        }
        let name = "com.atproto.identity.resolveHandle";
        let url = xrpc::method(&session.account.server, name, &[("handle", handle)])?;
        let answer = self.client.send(Request::get(url)).await?;
        let did = match answer.success() {
            Some(body) => body["did"].as_str().filter(|did| did.starts_with("did:")).map(str::to_owned),
            // A server that cannot reach the handle's own host says so with a 5xx: that is nobody, too.
            None if answer.json.is_some() && answer.status != StatusCode::TOO_MANY_REQUESTS => None,
            None => return Err(answer.refusal()),
        };
        steps.put(&step, json!(did), Some(self.client.now().plus(FORGET_AFTER)))?;
        Ok(did)
    }
}

fn write(facet: &Facet, feature: &Value) -> Value {
    json!({"index": {"byteStart": facet.start, "byteEnd": facet.end}, "features": [feature]})
}
