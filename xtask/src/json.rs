//! Reading JSON: what cargo, the studio's terminal and a server answer. A reader in eighty lines keeps this
//! crate free of dependencies; it writes nothing and is not for untrusted input.

/// A JSON value.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Value {
    /// `null`
    Nothing,
    /// `true`, `false`
    Truth(bool),
    /// Any number.
    Number(f64),
    /// A string, unescaped.
    Text(String),
    /// An array.
    List(Vec<Value>),
    /// An object in its order.
    Map(Vec<(String, Value)>),
}

/// The byte at which the text stops being JSON.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct NotJson(pub(crate) usize);

impl Value {
    /// A member of an object.
    pub(crate) fn get(&self, name: &str) -> Option<&Value> {
        match self {
            Value::Map(members) => members.iter().find(|(key, _)| key == name).map(|(_, value)| value),
            _ => None,
        }
    }

    /// A string.
    pub(crate) fn text(&self) -> Option<&str> {
        if let Value::Text(text) = self { Some(text) } else { None }
    }

    /// The elements of an array; none for anything else.
    pub(crate) fn list(&self) -> &[Value] {
        if let Value::List(list) = self { list } else { &[] }
    }

    /// A number.
    pub(crate) fn number(&self) -> Option<f64> {
        if let Value::Number(number) = self { Some(*number) } else { None }
    }
}

/// The value that the whole text is.
pub(crate) fn parse(text: &str) -> Result<Value, NotJson> {
    let mut reader = Reader { bytes: text.as_bytes(), at: 0 };
    let value = reader.value()?;
    reader.space();
    if reader.at == text.len() { Ok(value) } else { Err(NotJson(reader.at)) }
}

struct Reader<'a> {
    bytes: &'a [u8],
    at: usize,
}

impl Reader<'_> {
    fn space(&mut self) {
        while self.bytes.get(self.at).is_some_and(u8::is_ascii_whitespace) {
            self.at += 1;
        }
    }

    fn takes(&mut self, word: &str) -> bool {
        let taken = self.bytes[self.at..].starts_with(word.as_bytes());
        self.at += if taken { word.len() } else { 0 };
        taken
    }

    fn must(&mut self, word: &str) -> Result<(), NotJson> {
        self.space();
        if self.takes(word) { Ok(()) } else { Err(NotJson(self.at)) }
    }

    fn value(&mut self) -> Result<Value, NotJson> {
        self.space();
        match self.bytes.get(self.at) {
            Some(b'{') => self.map(),
            Some(b'[') => self.array(),
            Some(b'"') => self.string().map(Value::Text),
            Some(b't') => self.must("true").map(|()| Value::Truth(true)),
            Some(b'f') => self.must("false").map(|()| Value::Truth(false)),
            Some(b'n') => self.must("null").map(|()| Value::Nothing),
            _ => self.digits(),
        }
    }

    fn map(&mut self) -> Result<Value, NotJson> {
        let mut members = Vec::new();
        self.must("{")?;
        self.space();
        if self.takes("}") {
            return Ok(Value::Map(members));
        }
        loop {
            self.space();
            let key = self.string()?;
            self.must(":")?;
            members.push((key, self.value()?));
            self.space();
            if !self.takes(",") {
                return self.must("}").map(|()| Value::Map(members));
            }
        }
    }

    fn array(&mut self) -> Result<Value, NotJson> {
        let mut list = Vec::new();
        self.must("[")?;
        self.space();
        if self.takes("]") {
            return Ok(Value::List(list));
        }
        loop {
            list.push(self.value()?);
            self.space();
            if !self.takes(",") {
                return self.must("]").map(|()| Value::List(list));
            }
        }
    }

    fn digits(&mut self) -> Result<Value, NotJson> {
        let rest = &self.bytes[self.at..];
        let length = rest
            .iter()
            .take_while(|byte| matches!(byte, b'0'..=b'9' | b'+' | b'-' | b'.' | b'e' | b'E'))
            .count();
        let text = std::str::from_utf8(&rest[..length]).map_err(|_| NotJson(self.at))?;
        let number = text.parse().map_err(|_| NotJson(self.at))?;
        self.at += length;
        Ok(Value::Number(number))
    }

    fn string(&mut self) -> Result<String, NotJson> {
        self.must("\"")?;
        let mut bytes = Vec::new();
        loop {
            let byte = *self.bytes.get(self.at).ok_or(NotJson(self.at))?;
            self.at += 1;
            match byte {
                b'"' => return String::from_utf8(bytes).map_err(|_| NotJson(self.at)),
                b'\\' => {
                    let mut utf8 = [0; 4];
                    bytes.extend_from_slice(self.escaped()?.encode_utf8(&mut utf8).as_bytes());
                }
                _ => bytes.push(byte),
            }
        }
    }

    fn escaped(&mut self) -> Result<char, NotJson> {
        let byte = *self.bytes.get(self.at).ok_or(NotJson(self.at))?;
        self.at += 1;
        Ok(match byte {
            b'n' => '\n',
            b't' => '\t',
            b'r' => '\r',
            b'b' => '\u{8}',
            b'f' => '\u{c}',
            b'u' => {
                let first = self.hex()?;
                // Beyond the basic plane a character is written as two halves.
                let code = if (0xd800..0xdc00).contains(&first) && self.takes("\\u") {
                    0x1_0000 + ((first - 0xd800) << 10) + (self.hex()?.wrapping_sub(0xdc00) & 0x3ff)
                } else {
                    first
                };
                char::from_u32(code).unwrap_or(char::REPLACEMENT_CHARACTER)
            }
            other => char::from(other),
        })
    }

    fn hex(&mut self) -> Result<u32, NotJson> {
        let digits = self.bytes.get(self.at..self.at + 4).and_then(|digits| std::str::from_utf8(digits).ok());
        let code = digits.and_then(|digits| u32::from_str_radix(digits, 16).ok()).ok_or(NotJson(self.at))?;
        self.at += 4;
        Ok(code)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn answers_are_read() {
        let value =
            parse(r#" {"a":[1,-2.5e1,true,null,{}],"b":{"c":"é \"q\" \u00e9 \ud83d\ude00\n"}, "d":[]} "#)
                .expect("JSON");
        assert_eq!(value.get("a").map(|list| list.list().len()), Some(5));
        assert_eq!(value.get("a").and_then(|list| list.list()[1].number()), Some(-25.0));
        assert_eq!(value.get("b").and_then(|b| b.get("c")).and_then(Value::text), Some("é \"q\" é 😀\n"));
        assert_eq!(value.get("nowhere"), None);
    }

    #[test]
    fn what_is_not_json_is_named_by_its_place() {
        for (text, at) in
            [("", 0), ("{", 1), ("[1,]", 3), ("{\"a\" 1}", 5), ("\"open", 5), ("1 2", 2), ("\"\\u12\"", 3)]
        {
            assert_eq!(parse(text), Err(NotJson(at)), "{text}");
        }
    }
}
