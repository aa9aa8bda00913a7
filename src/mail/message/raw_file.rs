//! A file before anything is known of what it means.

/// A file as it came.
#[derive(Debug)]
pub(crate) struct RawFile {
    /// The decoded name, not yet safe.
    pub(crate) name: Option<String>,
    /// The declared media type in small letters.
    pub(crate) declared: String,
    pub(crate) content: Vec<u8>,
    /// The Content-ID without its angle brackets.
    pub(crate) content_id: Option<String>,
    /// The content may be incomplete.
    pub(crate) damaged: bool,
    /// List it whatever its name says: a container that could not be opened.
    pub(crate) must_list: bool,
    /// Why it is a file, for whoever asks.
    pub(crate) since: &'static str,
}
