//! What a refusal of an authorization server means for the person who must put it right.

/// Microsoft's codes (`AADSTS` and a number), as far as they say more than the general code.
const MICROSOFT: [(u32, &str); 13] = [
    (50_034, "there is no such user in this directory"),
    (50_076, "the person must sign in again with a second factor: put a new refresh token into `refresh_token_file`"),
    (50_173, "the refresh token was revoked, for example by a new password: put a new one into `refresh_token_file`"),
    (53_003, "a conditional access policy forbids it"),
    (65_001, "nobody has consented to the permissions: an administrator must grant them to this application"),
    (70_008, "the refresh token has ended: put a new one into `refresh_token_file`"),
    (
        70_011,
        "`scope` is not valid; for Microsoft 365 with client credentials \"https://outlook.office365.com/.default\"",
    ),
    (90_002, "there is no such directory: correct the tenant in `token_endpoint`"),
    (700_016, "there is no application `client_id` in this directory"),
    (700_027, "the certificate is not registered for this application"),
    (700_082, "the refresh token was not used for too long: put a new one into `refresh_token_file`"),
    (7_000_215, "the client secret is wrong (its value is wanted, not its id)"),
    (7_000_222, "the client secret has ended: make a new one"),
];

/// The general codes (RFC 6749, section 5.2).
const GENERAL: [(&str, &str); 6] = [
    ("invalid_client", "`client_id`, or the client's secret or certificate, is not accepted, or has ended"),
    (
        "invalid_grant",
        "the refresh token is not accepted: it has ended or was revoked; put a new one into `refresh_token_file`",
    ),
    ("invalid_scope", "`scope` is not valid, or was not granted"),
    ("unauthorized_client", "the application may not have tokens this way: an administrator must grant it"),
    ("unsupported_grant_type", "the server does not give tokens this way"),
    ("invalid_request", "the server finds something missing in the request; `scope`, perhaps"),
];

/// Codes that pass by themselves.
pub(super) fn is_temporary(error: &str) -> bool {
    ["temporarily_unavailable", "server_error", "slow_down"].contains(&error)
}

/// Words for a refusal: its codes, and what to do. Of the server's own words only Microsoft's code is passed on, since they
/// name people and directories.
pub(super) fn in_words(error: &str, description: Option<&str>) -> String {
    let microsoft = description.and_then(microsoft_code);
    let advice = microsoft
        .and_then(|code| MICROSOFT.iter().find(|(known, _)| *known == code).map(|(_, advice)| *advice))
        .or_else(|| GENERAL.iter().find(|(known, _)| *known == error).map(|(_, advice)| *advice));
    let error: String = error.chars().filter(|c| c.is_ascii_alphanumeric() || *c == '_').take(60).collect();
    let code = microsoft.map(|code| format!(", AADSTS{code}")).unwrap_or_default();
    let advice = advice.map(|advice| format!(": {advice}")).unwrap_or_default();
    format!("it refuses ({error}{code}){advice}")
}

fn microsoft_code(description: &str) -> Option<u32> {
    let (_, behind) = description.split_once("AADSTS")?;
    let digits: String = behind.chars().take_while(char::is_ascii_digit).take(9).collect();
    digits.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::in_words;

    #[test]
    fn of_microsofts_words_only_the_code_is_passed_on() {
        let said =
            "AADSTS7000222: The provided client secret keys for app 'd3590ed6' are expired. Trace ID: 7b6f anna@x.test";
        let words = in_words("invalid_client", Some(said));
        assert!(words.contains("AADSTS7000222") && words.contains("make a new one"), "{words}");
        assert!(!words.contains("d3590ed6") && !words.contains("anna"), "{words}");
    }

    #[test]
    fn a_code_nobody_knows_is_named() {
        assert_eq!(in_words("odd_thing", Some("AADSTS1: x")), "it refuses (odd_thing, AADSTS1)");
        assert!(in_words("invalid_scope", None).contains("`scope`"));
        assert!(!in_words("a\u{1b}[31m\nb", None).contains('\u{1b}'));
    }
}
