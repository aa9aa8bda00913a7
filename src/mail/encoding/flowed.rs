//! `format=flowed` (RFC 3676): lines that the sender's program wrapped are made whole again.

/// Joins the wrapped lines of a flowed text with `\n` line ends.
///
/// A line flows on where it ends with a blank and the next line is quoted as deeply; the signature separator `-- `
/// never flows. With `delete_space` (`delsp=yes`) that blank goes. Lines that `stand_alone` are never joined to the one
/// above: programs and gateways leave blanks behind the labels of a forward (`Betreff: ` where there is none).
pub(crate) fn unwrap_lines(text: &str, delete_space: bool, stand_alone: impl Fn(&str) -> bool) -> String {
    let mut whole = String::with_capacity(text.len());
    let mut open: Option<usize> = None;
    for (number, line) in text.split('\n').enumerate() {
        let content = line.trim_start_matches('>');
        let depth = line.len() - content.len();
        let content = content.strip_prefix(' ').unwrap_or(content);
        let separator = content == "-- ";
        match open.take() {
            Some(above) if above == depth && !separator && !stand_alone(content) => {}
            _ if number == 0 => start_line(&mut whole, depth),
            _ => {
                whole.push('\n');
                start_line(&mut whole, depth);
            }
        }
        let flows = content.ends_with(' ') && !separator;
        whole.push_str(if flows && delete_space { content.strip_suffix(' ').unwrap_or(content) } else { content });
        open = flows.then_some(depth);
    }
    whole
}

fn start_line(whole: &mut String, depth: usize) {
    if depth > 0 {
        whole.extend(std::iter::repeat_n('>', depth));
        whole.push(' ');
    }
}

#[cfg(test)]
mod tests {
    fn unwrap_lines(text: &str, delete_space: bool) -> String {
        super::unwrap_lines(text, delete_space, |line| line.starts_with("An:"))
    }

    #[test]
    fn wrapped_lines_are_joined() {
        assert_eq!(unwrap_lines("eins \nzwei\ndrei", false), "eins zwei\ndrei");
    }

    #[test]
    fn delsp_takes_the_blank_away() {
        assert_eq!(unwrap_lines("Prü \nfung", true), "Prüfung");
    }

    #[test]
    fn quotations_flow_among_themselves_only() {
        assert_eq!(unwrap_lines("> eins \n> zwei \ndrei", false), "> eins zwei \ndrei");
    }

    #[test]
    fn stuffing_goes_and_the_signature_separator_stays() {
        assert_eq!(unwrap_lines(" From mir\n-- \nName", false), "From mir\n-- \nName");
    }

    #[test]
    fn lines_that_stand_alone_are_not_joined() {
        assert_eq!(unwrap_lines("Betreff: \nAn: Ruth \nMuster", false), "Betreff: \nAn: Ruth Muster");
    }
}
