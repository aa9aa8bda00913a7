//! HTML made harmless for the tokenizer: it compares each attribute of a tag with all before it, so that a tag with a
//! hundred thousand attributes would take minutes.

use std::borrow::Cow;

/// Most attributes of one tag that are kept.
const MAX_ATTRIBUTES: usize = 200;

/// Cuts tags after so many attributes; everything else stays as it is.
pub(super) fn tame(html: &str) -> Cow<'_, str> {
    let mut tamed = String::new();
    let mut kept_to = 0;
    let mut open: Option<Tag> = None;
    let mut rest = 0;
    // Only what stands in tags is looked at letter by letter.
    while let Some(start) = next_tag(html, rest) {
        let mut tag = Tag::default();
        rest = html.len();
        for (at, letter) in
            html.get(start..).unwrap_or_default().char_indices().map(|(at, letter)| (start + at, letter))
        {
            match tag.take(letter) {
                Step::Inside => {}
                Step::TooMany => {
                    tamed.push_str(html.get(kept_to..at).unwrap_or_default());
                    tag.cut = true;
                    kept_to = at;
                }
                Step::Ended => {
                    if tag.cut {
                        kept_to = at;
                        if letter == '<' {
                            tamed.push('>');
                        }
                    }
                    rest = at;
                    break;
                }
            }
        }
        open = (rest == html.len()).then_some(tag);
    }
    if kept_to == 0 {
        return Cow::Borrowed(html);
    }
    if open.is_none_or(|open| !open.cut) {
        tamed.push_str(html.get(kept_to..).unwrap_or_default());
    }
    Cow::Owned(tamed)
}

/// The place behind the first letter of the next tag's name.
fn next_tag(html: &str, from: usize) -> Option<usize> {
    let rest = html.as_bytes().get(from..)?;
    let opens = |at: &usize| rest.get(at + 1).is_some_and(u8::is_ascii_alphabetic);
    memchr::memchr_iter(b'<', rest).find(opens).map(|at| from + at + 2)
}

/// A tag while it is read.
#[derive(Default)]
struct Tag {
    quote: Option<char>,
    between: bool,
    attributes: usize,
    cut: bool,
}

enum Step {
    Inside,
    TooMany,
    Ended,
}

impl Tag {
    fn take(&mut self, letter: char) -> Step {
        if let Some(quote) = self.quote {
            if letter == quote {
                self.quote = None;
                self.between = true;
            }
            return Step::Inside;
        }
        match letter {
            '>' => return Step::Ended,
            '<' if self.cut => return Step::Ended,
            '"' | '\'' => self.quote = Some(letter),
            '/' => self.between = true,
            letter if letter.is_whitespace() => self.between = true,
            _ if std::mem::take(&mut self.between) => {
                self.attributes += 1;
                if self.attributes == MAX_ATTRIBUTES {
                    return Step::TooMany;
                }
            }
            _ => {}
        }
        Step::Inside
    }
}

#[cfg(test)]
mod tests {
    use super::tame;

    #[test]
    fn honest_html_stays_as_it_is() {
        let html = "<p class='a > b' id=x>1 < 2</p><script>a<b && 'c</script>";
        assert_eq!(tame(html), html);
    }

    #[test]
    fn a_tag_with_too_many_attributes_is_cut() {
        let many = format!("<p>a</p><a {}>b</a>", "x=1 ".repeat(1_000));
        let tamed = tame(&many);
        assert!(tamed.len() < 1_000 && tamed.starts_with("<p>a</p><a x=1 ") && tamed.ends_with(">b</a>"));
    }
}
