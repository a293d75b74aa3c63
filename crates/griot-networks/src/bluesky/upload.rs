//! Media on their way to the account's server: nobody sees a blob that no record names.

use griot_domain::MediaKind;
use serde_json::Value;

use super::session::refusal;
use super::{Bluesky, FORGET_AFTER, xrpc};
use crate::http::{Payload, Request, Upload};
use crate::{Error, PreparedMedia, Session, Steps};

impl Bluesky {
    /// The blob of a medium; goes up unless a kept step has it.
    pub(super) async fn blob(
        &self,
        session: &Session,
        media: &PreparedMedia,
        steps: &mut dyn Steps,
    ) -> Result<Value, Error> {
        let step = xrpc::blob_step(media);
        if let Some(blob) = steps.get(&step) {
            return Ok(blob);
        }
        let blob = match self.video_service(session) {
            Some(service) if media.format.kind() == MediaKind::Video => {
                self.through_service(session, &service, media, steps).await?
            }
            _ => self.direct(session, media).await?,
        };
        steps.put(&step, blob.clone(), Some(self.client.now().plus(FORGET_AFTER)))?;
        Ok(blob)
    }

    async fn direct(&self, session: &Session, media: &PreparedMedia) -> Result<Value, Error> {
        let url = xrpc::method(&session.account.server, "com.atproto.repo.uploadBlob", &[])?;
        let answer = self.call(session, Request::post(url, Payload::File(Upload::of(media)))).await?;
        match answer.success() {
            Some(body) => {
                is_blob(&body["blob"]).ok_or_else(|| Error::Portal("the answer has no blob".into()))
            }
            None => Err(refusal(&answer)),
        }
    }
}

/// A blob as records name it, when the value is one.
pub(super) fn is_blob(value: &Value) -> Option<Value> {
    value["ref"]["$link"].as_str().filter(|link| !link.is_empty()).map(|_| value.clone())
}
