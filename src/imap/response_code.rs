//! What stands in square brackets in an answer (RFC 3501, section 7.1).

use async_imap::imap_proto::{Response, ResponseCode};

/// The response code of a response, wherever it stands: untagged or in the tagged answer.
pub(super) fn code_of<'a>(response: &'a Response<'_>) -> Option<&'a ResponseCode<'a>> {
    match response {
        Response::Data { outcome, .. } | Response::Done { outcome, .. } => outcome.code.as_ref(),
        _ => None,
    }
}
