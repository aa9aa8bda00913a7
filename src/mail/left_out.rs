//! Why a part of a mail is left out, as the record keeps it.

pub(crate) const DECORATION: &str = "a name that mail programs give to decoration and technical parts";
pub(crate) const PIXEL: &str = "a picture of no size";
pub(crate) const EMPTY: &str = "nothing in it";
pub(crate) const ATTACHED_MAIL: &str = "an attached mail, opened";
pub(crate) const CONTAINER: &str = "a container, unpacked";
pub(crate) const REPORT: &str = "a report for programs";
pub(crate) const ENCRYPTED: &str = "a piece of an encrypted mail";
pub(crate) const CERTIFICATES: &str = "certificates and nothing else";
pub(crate) const SIGNATURE: &str = "a signature or key";
pub(crate) const APPOINTMENT: &str = "an appointment";
pub(crate) const VISITING_CARD: &str = "a visiting card";
pub(crate) const OTHER_FORM: &str = "another form of the text";
pub(crate) const RESOURCE_FORK: &str = "the resource fork of a Macintosh file";

/// All reasons why a part of a mail is left out, each as it is recorded; what a virus scanner withholds comes on top.
pub const REASONS_TO_LEAVE_OUT: [&str; 13] = [
    DECORATION,
    PIXEL,
    EMPTY,
    ATTACHED_MAIL,
    CONTAINER,
    REPORT,
    ENCRYPTED,
    CERTIFICATES,
    SIGNATURE,
    APPOINTMENT,
    VISITING_CARD,
    OTHER_FORM,
    RESOURCE_FORK,
];
