//! What a person decides about a recorded mail: that it belongs to an application, or does not after all, that its
//! forwarder is to be asked, that it waits again. The rules are as for the path; the mail server is not needed.

pub(super) mod ask;
pub(super) mod assign;
pub(super) mod revert;
pub(super) mod take_back;
