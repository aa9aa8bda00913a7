//! Folders with umlauts, on servers with either separator, with and without a prefix.

use reply_import::imap::{ImapError, Mode, SpecialUse};

use crate::dovecot_session::{folder, log_in};
use crate::harness::Dovecot;
use crate::harness::dovecot::Builder;

fn both() -> [Builder; 2] {
    [Dovecot::builder(), Dovecot::builder().namespace('.', "INBOX.")]
}

#[tokio::test]
async fn a_folder_is_made_with_those_above_it_subscribed_to_and_found_again() {
    for builder in both() {
        let dovecot = builder.start();
        let mut session = log_in(&dovecot).await;
        let name = folder("Bewerbungen/Größe & \"mehr\"/2024-05");
        session.ensure_folder(&name).await.unwrap();
        session.ensure_folder(&name).await.unwrap();
        assert_eq!(
            dovecot.folders("anna"),
            ["Archive", "Bewerbungen", "Bewerbungen/Größe & \"mehr\"", "Bewerbungen/Größe & \"mehr\"/2024-05", "INBOX"]
        );
        assert_eq!(dovecot.subscriptions("anna"), [name.to_string()]);
        let opened = session.open(&name, Mode::ReadOnly).await.unwrap();
        assert!(opened.read_only && opened.exists == 0);
        // Another session finds it by what the server tells.
        log_in(&dovecot).await.open(&name, Mode::ReadWrite).await.unwrap();
        assert!(!dovecot.client_commands().iter().any(|command| command.starts_with("NAMESPACE")));
    }
}

#[tokio::test]
async fn the_list_is_asked_for_once_and_shows_names_as_they_may_be_typed() {
    for (builder, archive) in both().into_iter().zip(["Archive", "INBOX/Archive"]) {
        let dovecot = builder.start();
        dovecot.create_folder("anna", "Gelöscht");
        let mut session = log_in(&dovecot).await;
        session.folders().await.unwrap();
        let folders = session.folders().await.unwrap().clone();
        let found = folders.find(&folder("Archive")).unwrap();
        assert_eq!((found.name.as_str(), found.special_use), (archive, Some(SpecialUse::Archive)));
        assert_eq!(folders.find(&folder(archive)), Some(found));
        let typed = &folders.find(&folder("Gelöscht")).unwrap().name;
        assert!(typed.ends_with("Gelöscht"), "{typed}");
        assert_eq!(dovecot.client_commands().iter().filter(|command| command.starts_with("LIST")).count(), 1);
    }
}

#[tokio::test]
async fn a_fresh_mailbox_gets_its_first_folder_where_the_server_wants_it() {
    for builder in both() {
        // The last of two settings counts: no folder is made by itself, so the names tell nothing.
        let dovecot = builder.extra("namespace inbox {\n mailbox Archive {\n auto = no\n }\n}").start();
        let mut session = log_in(&dovecot).await;
        assert_eq!(session.folders().await.unwrap().list.len(), 1);
        session.ensure_folder(&folder("Ablage/Übernommen")).await.unwrap();
        assert_eq!(dovecot.folders("anna"), ["Ablage", "Ablage/Übernommen", "INBOX"]);
    }
}

#[tokio::test]
async fn a_folder_that_somebody_makes_at_the_same_moment_is_fine() {
    let dovecot = Dovecot::start();
    let (mut one, mut two) = (log_in(&dovecot).await, log_in(&dovecot).await);
    // Both have the list before the folder exists.
    one.folders().await.unwrap();
    two.folders().await.unwrap();
    one.ensure_folder(&folder("Neu")).await.unwrap();
    two.ensure_folder(&folder("Neu")).await.unwrap();
    assert_eq!(dovecot.client_commands().iter().filter(|command| *command == "CREATE \"Neu\"").count(), 2);
}

#[tokio::test]
async fn a_folder_that_the_server_cannot_have_is_a_matter_of_settings() {
    let dovecot = Dovecot::builder().namespace('.', "INBOX.").start();
    let mut session = log_in(&dovecot).await;
    let error = session.ensure_folder(&folder("Archiv/2024.05")).await.unwrap_err();
    assert!(matches!(error, ImapError::WrongSettings { .. }), "{error}");
    let error = session.open(&folder("Nirgends"), Mode::ReadOnly).await.unwrap_err();
    assert!(matches!(error, ImapError::WrongSettings { .. }), "{error}");
    assert!(error.to_string().contains("Cannot open the folder Nirgends"), "{error}");
    assert_eq!(dovecot.folders("anna"), ["Archive", "INBOX"]);
}
