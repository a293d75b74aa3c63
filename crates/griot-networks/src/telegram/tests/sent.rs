//! What was sent, read back from the stub, and held against the official list of methods.

use std::collections::BTreeMap;

use griot_stubs::spec::telegram::Spec;

use crate::stub::{Seen, Stub};

/// A form in parts.
pub(super) struct Form {
    pub(super) texts: BTreeMap<String, String>,
    pub(super) files: BTreeMap<String, Vec<u8>>,
}

/// The form of a request.
pub(super) fn form(seen: &Seen) -> Form {
    let form = seen.request().form().unwrap();
    let files = form.files.into_iter().map(|file| (file.name, file.bytes));
    Form { texts: form.texts.into_iter().collect(), files: files.collect() }
}

/// Every request that came in is one that Telegram documents, and none shows who asks but in its address.
pub(super) fn hold(stub: &Stub) {
    let spec = Spec::found();
    for seen in stub.seen() {
        let method = seen.line.rsplit('/').next().unwrap().to_owned();
        assert_eq!(seen.line, format!("POST /bot{}/{method}", super::TOKEN));
        assert!(!String::from_utf8_lossy(&seen.body).contains("s3cret"), "{method}");
        let faults = spec.as_ref().map(|spec| spec.check(&method, &seen.request())).unwrap_or_default();
        assert!(faults.is_empty(), "{method}: {faults:#?}");
    }
}
