//! The office's words: reference numbers, document kinds, roles, e-mail addresses, folders of mailboxes and where an
//! application stands.
//!
//! Pure: text in, values out. A value of these types exists only by parsing, so whoever holds one need not check it
//! again. Tables of facts (the words of file names) stand in files of their own.

pub mod characters;
pub mod document_kind;
pub mod email_address;
pub mod folder_name;
pub mod id;
pub mod language;
pub mod masking;
pub mod near_numbers;
pub mod reference_number;
pub mod reference_shape;
pub mod role;
pub mod state;
pub mod withheld;

pub use document_kind::{Danger, DocumentKind, FileNameReading, read_file_name};
pub use email_address::EmailAddress;
pub use folder_name::{FolderName, NotAFolderName};
pub use language::Language;
pub use masking::masked;
pub use near_numbers::near_numbers;
pub use reference_number::ReferenceNumber;
pub use reference_shape::{ReferenceShape, ShapeError};
pub use role::Role;
pub use state::ApplicationState;
pub use withheld::{Withheld, may_be_shown_inline};
