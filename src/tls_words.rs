//! What keeps a protected connection from being made, in words for whoever looks after the servers: the TLS library names
//! its own functions and files instead.

/// In words what this text of the library means; `None` if it means something that is seldom seen.
pub(crate) fn in_words(error: &str) -> Option<&'static str> {
    const MEANINGS: [(&str, &str); 8] = [
        ("certificate has expired", "the server's certificate has expired"),
        ("certificate is not yet valid", "the server's certificate is not valid yet: is this machine's clock right?"),
        ("hostname mismatch", "the server's certificate is for another name than `host`"),
        ("IP address mismatch", "the server's certificate is for another name than `host`"),
        ("self-signed certificate", NOT_TRUSTED),
        ("unable to get local issuer certificate", NOT_TRUSTED),
        ("unable to verify the first certificate", NOT_TRUSTED),
        ("wrong version number", "the server does not begin with TLS at this port: are `port` and `tls` right?"),
    ];
    MEANINGS.into_iter().find(|(said, _)| error.contains(said)).map(|(_, means)| means)
}

const NOT_TRUSTED: &str =
    "the server's certificate is signed by nobody whom `ca_file` or, without it, this machine trusts";

#[cfg(test)]
mod tests {
    use super::in_words;

    #[test]
    fn what_the_library_says_is_told_in_words() {
        let said = |why: &str| {
            format!(
                "error:0A000086:SSL routines:tls_post_process_server_certificate:certificate verify failed:\
                 ../ssl/statem/statem_clnt.c:1889: ({why})"
            )
        };
        for (why, words) in [
            ("certificate has expired", "the server's certificate has expired"),
            ("hostname mismatch", "the server's certificate is for another name than `host`"),
            (
                "self-signed certificate in certificate chain",
                "the server's certificate is signed by nobody whom `ca_file` or, without it, this machine trusts",
            ),
        ] {
            assert_eq!(in_words(&said(why)), Some(words));
        }
        let plain = in_words("error:0A00010B:SSL routines:ssl3_get_record:wrong version number:x.c:1:");
        assert_eq!(plain, Some("the server does not begin with TLS at this port: are `port` and `tls` right?"));
        assert_eq!(in_words("unexpected eof while reading"), None);
    }
}
