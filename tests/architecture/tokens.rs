//! Rust source as words and signs, without comments, texts and numbers: what remains is what names something.

/// Splits a source. A path separator is one token `::`, every other sign one of its own.
pub fn tokens(source: &str) -> Vec<String> {
    let mut reader = Reader { characters: source.chars().collect(), at: 0, tokens: Vec::new() };
    while let Some(character) = reader.peek(0) {
        reader.read(character);
    }
    reader.tokens
}

struct Reader {
    characters: Vec<char>,
    at: usize,
    tokens: Vec<String>,
}

impl Reader {
    fn peek(&self, ahead: usize) -> Option<char> {
        self.characters.get(self.at + ahead).copied()
    }

    fn starts_with(&self, text: &str) -> bool {
        text.chars().enumerate().all(|(ahead, character)| self.peek(ahead) == Some(character))
    }

    fn read(&mut self, first: char) {
        if self.starts_with("//") {
            self.skip_while(|character| character != '\n');
        } else if self.starts_with("/*") {
            self.skip_block_comment();
        } else if first == '"' {
            self.skip_text();
        } else if first == '\'' {
            self.skip_character_or_lifetime();
        } else if first.is_alphabetic() || first == '_' {
            self.read_word();
        } else if first.is_ascii_digit() {
            self.skip_while(|character| character.is_alphanumeric() || character == '_');
        } else if self.starts_with("::") {
            self.at += 2;
            self.tokens.push("::".to_owned());
        } else {
            self.at += 1;
            if !first.is_whitespace() {
                self.tokens.push(first.to_string());
            }
        }
    }

    fn skip_while(&mut self, is_part: impl Fn(char) -> bool) {
        while self.peek(0).is_some_and(&is_part) {
            self.at += 1;
        }
    }

    /// They nest.
    fn skip_block_comment(&mut self) {
        let mut depth = 0;
        loop {
            if self.starts_with("/*") {
                depth += 1;
                self.at += 2;
            } else if self.starts_with("*/") {
                depth -= 1;
                self.at += 2;
            } else {
                self.at += 1;
            }
            if depth == 0 || self.peek(0).is_none() {
                return;
            }
        }
    }

    fn skip_text(&mut self) {
        self.at += 1;
        while let Some(character) = self.peek(0) {
            self.at += if character == '\\' { 2 } else { 1 };
            if character == '"' {
                return;
            }
        }
    }

    /// `r"..."`, `r#"..."#` and so on; the `r` is read already.
    fn skip_raw_text(&mut self) {
        let marks = self.raw_marks();
        let end = format!("\"{}", "#".repeat(marks));
        self.at += marks + 1;
        while self.peek(0).is_some() && !self.starts_with(&end) {
            self.at += 1;
        }
        self.at += end.len();
    }

    /// `'a'` and `'\n'` against `'static`.
    fn skip_character_or_lifetime(&mut self) {
        match (self.peek(1), self.peek(2)) {
            (Some('\\'), _) => {
                self.at += 3;
                self.skip_while(|character| character != '\'');
                self.at += 1;
            }
            (_, Some('\'')) => self.at += 3,
            _ => {
                self.at += 1;
                self.skip_while(|character| character.is_alphanumeric() || character == '_');
            }
        }
    }

    fn read_word(&mut self) {
        let start = self.at;
        self.skip_while(|character| character.is_alphanumeric() || character == '_');
        let word = self.characters.get(start..self.at).unwrap_or_default().iter().collect::<String>();
        let is_prefix = ["r", "br", "cr", "b", "c"].contains(&word.as_str());
        match self.peek(0) {
            Some('"') if is_prefix && word.contains('r') => self.skip_raw_text(),
            Some('#') if word.ends_with('r') && is_prefix && self.is_raw_text() => self.skip_raw_text(),
            // A raw word, `r#type`: the word follows.
            Some('#') if word == "r" => self.at += 1,
            Some('"') if is_prefix => self.skip_text(),
            _ => self.tokens.push(word),
        }
    }

    /// How many `#` come next.
    fn raw_marks(&self) -> usize {
        let rest = self.characters.get(self.at..).unwrap_or_default();
        rest.iter().take_while(|character| **character == '#').count()
    }

    fn is_raw_text(&self) -> bool {
        self.peek(self.raw_marks()) == Some('"')
    }
}
