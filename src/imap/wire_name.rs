//! A folder's name as the server writes it.

use super::modified_utf7;
use crate::application::FolderName;

/// The name on the wire, without prefix; an error text if this server cannot have such a name.
pub(super) fn on_wire(name: &FolderName, separator: Option<char>) -> Result<String, String> {
    let parts: Vec<&str> = name.parts().collect();
    let Some(separator) = separator else {
        return match parts.as_slice() {
            [only] => Ok(modified_utf7::encode(only)),
            _ => Err(format!("the server has no folders in folders, so `{name}` cannot be")),
        };
    };
    if parts.iter().any(|part| part.contains(separator)) {
        return Err(format!("the server takes `{separator}` for a separator, so `{name}` cannot be"));
    }
    let encoded: Vec<String> = parts.into_iter().map(modified_utf7::encode).collect();
    Ok(encoded.join(&separator.to_string()))
}

#[cfg(test)]
mod tests {
    use super::{FolderName, on_wire};

    #[test]
    fn a_name_goes_out_with_the_separator_of_the_server() {
        let name = FolderName::parse("Archiv/Übernommen").unwrap();
        assert_eq!(on_wire(&name, Some('/')).unwrap(), "Archiv/&ANw-bernommen");
        assert_eq!(on_wire(&name, Some('.')).unwrap(), "Archiv.&ANw-bernommen");
        assert!(on_wire(&name, None).is_err());
        assert_eq!(on_wire(&FolderName::parse("Archiv").unwrap(), None).unwrap(), "Archiv");
    }

    #[test]
    fn a_name_that_holds_the_separator_is_refused_instead_of_becoming_two() {
        let name = FolderName::parse("Archiv/2024.05").unwrap();
        assert_eq!(on_wire(&name, Some('/')).unwrap(), "Archiv/2024.05");
        assert!(on_wire(&name, Some('.')).unwrap_err().contains("`.`"));
    }
}
