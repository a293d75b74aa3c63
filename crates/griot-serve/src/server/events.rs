//! What happens in the studio, as it happens (server-sent events): the page drops what carries the tags it hears.

use std::io;
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use griot_app::Studio;
use http::header::{CACHE_CONTROL, CONTENT_TYPE};
use http::{HeaderValue, Response};
use http_body_util::BodyExt;
use http_body_util::channel::Channel;
use tokio::sync::{OwnedSemaphorePermit, watch};

use super::body::Reply;

/// A line that says nothing, so that both sides notice when the other is gone.
const QUIET: Duration = Duration::from_secs(15);

/// Tells everything from now on, until the page goes away or the server stops.
pub(crate) fn stream(
    studio: &Arc<Studio>,
    mut stopping: watch::Receiver<bool>,
    permit: OwnedSemaphorePermit,
) -> Reply {
    let mut listener = studio.listen();
    let (mut sender, body) = Channel::<Bytes, io::Error>::new(16);
    tokio::spawn(async move {
        let hello = format!("event: hello\ndata: {{\"version\":\"{}\"}}\n\n", env!("CARGO_PKG_VERSION"));
        let mut line = Bytes::from(hello);
        loop {
            // A page that does not read for this long is gone, or will read everything anew.
            match tokio::time::timeout(QUIET * 4, sender.send_data(line)).await {
                Ok(Ok(())) => {}
                Ok(Err(_)) | Err(_) => break,
            }
            line = tokio::select! {
                event = tokio::time::timeout(QUIET, listener.next()) => match event {
                    Ok(Some(event)) => {
                        let event = serde_json::to_string(&event);
                        let event = event.expect("BUG: an event is plain data and always serialises");
                        format!("data: {event}\n\n").into()
                    }
                    Ok(None) => break,
                    Err(_) => Bytes::from_static(b":\n\n"),
                },
                () = super::stopped(&mut stopping) => break,
            };
        }
        drop(permit);
    });
    let mut reply = Response::new(body.boxed_unsync());
    reply.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static("text/event-stream"));
    reply.headers_mut().insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    reply
}
