//! Forms: in parts (multipart/form-data) and as in an address.

use serde_json::{Map, Value, json};

use super::{Request, find};

/// A file of a form.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct File {
    /// Its name in the form.
    pub name: String,
    /// The file's own name.
    pub filename: String,
    /// Its type, where one was stated.
    pub mime: Option<String>,
    /// Its bytes.
    pub bytes: Vec<u8>,
}

/// A form.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Form {
    /// Texts by their names, in order.
    pub texts: Vec<(String, String)>,
    /// Files, in order.
    pub files: Vec<File>,
}

impl Form {
    /// The form of a request; nothing when its body is none.
    #[must_use]
    pub fn of(request: &Request) -> Option<Self> {
        match request.content_type().as_str() {
            "multipart/form-data" => Self::in_parts(&request.body),
            "application/x-www-form-urlencoded" => {
                let texts = pairs(std::str::from_utf8(&request.body).ok()?);
                Some(Self { texts, files: Vec::new() })
            }
            _ => None,
        }
    }

    /// Its boundary is its first line: a header that was written down in lower case is then good enough.
    fn in_parts(body: &[u8]) -> Option<Self> {
        let end = find(body, b"\r\n")?;
        let boundary = [b"\r\n", &body[..end]].concat();
        let mut form = Self::default();
        let mut rest = &body[end..];
        while !rest.starts_with(b"--") {
            let head_end = find(rest, b"\r\n\r\n")?;
            let head = String::from_utf8_lossy(&rest[..head_end]).into_owned();
            rest = &rest[head_end + 4..];
            let content_end = find(rest, &boundary)?;
            form.add(&head, &rest[..content_end])?;
            rest = &rest[content_end + boundary.len()..];
        }
        Some(form)
    }

    fn add(&mut self, head: &str, content: &[u8]) -> Option<()> {
        let quoted = |name: &str| {
            let rest = head.split(&format!(" {name}=\"")).nth(1)?;
            Some(rest.split('"').next()?.replace("%22", "\""))
        };
        let name = quoted("name")?;
        let is_type = |line: &&str| line.to_ascii_lowercase().starts_with("content-type:");
        let mime = head.lines().find(is_type).and_then(|line| line.split_once(':'));
        match quoted("filename") {
            Some(filename) => {
                let mime = mime.map(|(_, mime)| mime.trim().to_owned());
                self.files.push(File { name, filename, mime, bytes: content.to_vec() });
            }
            None => self.texts.push((name, String::from_utf8_lossy(content).into_owned())),
        }
        Some(())
    }

    /// The text called `name`.
    #[must_use]
    pub fn text(&self, name: &str) -> Option<&str> {
        self.texts.iter().find(|(known, _)| known == name).map(|(_, text)| text.as_str())
    }

    /// The file called `name`.
    #[must_use]
    pub fn file(&self, name: &str) -> Option<&File> {
        self.files.iter().find(|file| file.name == name)
    }

    /// As an object of texts. A file is the text of its bytes.
    #[must_use]
    pub fn to_value(&self) -> Value {
        let texts = self.texts.iter().map(|(name, text)| (name.clone(), json!(text)));
        let files = self.files.iter().map(|f| (f.name.clone(), json!(String::from_utf8_lossy(&f.bytes))));
        Value::Object(texts.chain(files).collect::<Map<_, _>>())
    }
}

/// `a=b&c=d`, decoded.
pub(super) fn pairs(query: &str) -> Vec<(String, String)> {
    let pairs = query.split('&').filter(|pair| !pair.is_empty());
    pairs
        .map(|pair| pair.split_once('=').unwrap_or((pair, "")))
        .map(|(name, value)| (decoded(name, true), decoded(value, true)))
        .collect()
}

/// `%C3%A9` as `é`; a plus is a space in queries alone.
pub(super) fn decoded(text: &str, plus: bool) -> String {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let Some((first, after)) = rest.split_first() {
        let hex = (*first == b'%').then(|| after.get(..2)).flatten();
        let code = hex.and_then(|hex| u8::from_str_radix(std::str::from_utf8(hex).ok()?, 16).ok());
        bytes.push(match (first, code) {
            (_, Some(code)) => code,
            (b'+', None) if plus => b' ',
            (other, None) => *other,
        });
        rest = if code.is_some() { &after[2..] } else { after };
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_form_in_parts_is_read() {
        let body = b"--B\r\nContent-Disposition: form-data; name=\"segment_index\"\r\n\r\n3\r\n--B\r\nContent-Disposition: form-data; name=\"media\"; filename=\"a.mp4\"\r\nContent-Type: video/mp4\r\n\r\nfi\r\nlm\xff\r\n--B--\r\n";
        let headers = vec![("content-type".to_owned(), "multipart/form-data; boundary=b".to_owned())];
        let request = Request { headers, body: body.to_vec(), ..Request::default() };
        let form = request.form().unwrap();
        assert_eq!(form.text("segment_index"), Some("3"));
        let file = form.file("media").unwrap();
        assert_eq!((file.filename.as_str(), file.mime.as_deref()), ("a.mp4", Some("video/mp4")));
        assert_eq!(file.bytes, b"fi\r\nlm\xff");
        let half = Request { body: body[..60].to_vec(), ..request };
        assert_eq!(half.form(), None);
    }

    #[test]
    fn an_address_is_decoded() {
        let request =
            Request { target: "/t/%C3%A9t%C3%A9/1?a%5B%5D=1+2&b=%zz&c".into(), ..Request::default() };
        assert_eq!(request.parts(), ["t", "été", "1"]);
        let expected = [("a[]", "1 2"), ("b", "%zz"), ("c", "")];
        let expected: Vec<_> = expected.iter().map(|(n, v)| ((*n).to_owned(), (*v).to_owned())).collect();
        assert_eq!(request.query(), expected);
    }
}
