//! How much of a mail is read before it is given to a person.

/// Bounds on what one mail may cost. No honest mail comes near the defaults; whoever exceeds one is set aside.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Deepest nesting of multiparts. A mail forwarded ten times as an attachment, with text and HTML each time, has
    /// forty levels.
    pub depth: usize,
    /// How deeply mails may be attached to mails, and containers stand in containers.
    pub attached_depth: usize,
    /// Most parts, those of attached mails included. An honest mail with two hundred files stays far below.
    pub parts: usize,
    /// Longest header of the mail or of one part, in octets. Five hundred recipients take fifty thousand.
    pub header_size: usize,
    /// Most parameters of one `Content-Type` or `Content-Disposition`, the pieces of RFC 2231 counted each.
    pub parameter_pieces: usize,
    /// Octets that all parts may have together, those of attached mails counted again at every level. Counted before
    /// they are decoded, which makes none longer, and behind what is compressed.
    pub decoded_size: usize,
}

impl Limits {
    /// Deepest nesting of attached mails that the settings may allow: each level takes stack.
    pub const MOST_ATTACHED_DEPTH: usize = 50;
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            depth: 200,
            attached_depth: 10,
            parts: 1_000,
            header_size: 1 << 20,
            parameter_pieces: 500,
            decoded_size: 128 << 20,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Limits;
    use crate::mail::{ReadingRules, Unreadable, understand};
    use std::collections::HashSet;

    fn unreadable(mail: &str, limits: Limits) -> Option<Unreadable> {
        let rules = ReadingRules {
            shapes: Vec::new(),
            staff_domains: Vec::new(),
            staff_addresses: HashSet::new(),
            own_addresses: Vec::new(),
            sender_proof: None,
            timezone: chrono_tz::Europe::Berlin,
            limits,
        };
        understand(mail.as_bytes(), &rules).unreadable
    }

    fn attached(levels: usize) -> String {
        format!("{}Subject: innen\n\nText", "From: a@example.org\nContent-Type: message/rfc822\n\n".repeat(levels))
    }

    #[test]
    fn mails_attached_too_deeply_are_for_a_person() {
        let limits = Limits { attached_depth: 3, ..Limits::default() };
        assert_eq!(unreadable(&attached(3), limits), None);
        assert_eq!(unreadable(&attached(4), limits), Some(Unreadable::TooNested));
    }

    #[test]
    fn mails_nested_to_hurt_are_for_a_person_in_each_disguise() {
        use base64::Engine;
        let limits = Limits::default();
        for kind in ["message/rfc822", "message / rfc822", "message(x)/rfc822", "MESSAGE/Rfc822; a=b", "message/global"]
        {
            let nested = format!("Content-Type: {kind}\n\n").repeat(1_000);
            assert_eq!(unreadable(&nested, limits), Some(Unreadable::TooNested), "{kind}");
            let hidden = base64::engine::general_purpose::STANDARD.encode(&nested);
            let hidden = format!("Content-Transfer-Encoding: base64\nContent-Type: {kind}\n\n{hidden}\n");
            assert_eq!(unreadable(&hidden, limits), Some(Unreadable::TooNested), "{kind} in base64");
        }
        let digests =
            (0..1_000).map(|level| format!("Content-Type: multipart/digest; boundary=b{level}\n\n--b{level}\n"));
        assert_eq!(unreadable(&digests.collect::<String>(), limits), Some(Unreadable::TooNested), "digests");
    }

    #[test]
    fn content_beyond_the_bound_is_for_a_person_at_whatever_level_it_lies() {
        let mail = |levels| format!("{}{}", attached(levels), "x".repeat(996));
        let limits = Limits { decoded_size: 1_000, ..Limits::default() };
        assert_eq!(unreadable(&mail(0), limits), None);
        assert_eq!(unreadable(&format!("{}x", mail(0)), limits), Some(Unreadable::TooMuchContent));
        assert_eq!(unreadable(&mail(1), limits), Some(Unreadable::TooMuchContent));
    }

    #[test]
    fn parameters_of_a_file_name_are_bounded_like_others() {
        let mail = format!("Content-Disposition: attachment{}\n\nText", "; filename*0=x".repeat(501));
        assert_eq!(unreadable(&mail, Limits::default()), Some(Unreadable::TooManyParameters));
    }
}
