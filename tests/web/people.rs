//! How people come to a house's pages: their mail, the links in it, and signing in.

use crate::browser::Session;
use crate::harness::wait_for;
use crate::house::{House, SOON};
use crate::visitor::Visitor;

impl House {
    /// The mails in a person's inbox, as their texts, once there are so many.
    pub fn inbox(&self, user: &str, wanted: usize) -> Vec<String> {
        let mails = self.messages(user, wanted);
        let text = |mail: &Vec<u8>| {
            let mail = mail_parser::MessageParser::default().parse(mail)?;
            mail.body_text(0).map(std::borrow::Cow::into_owned)
        };
        mails.iter().filter_map(text).collect()
    }

    /// As [`House::inbox`], with their headers.
    pub fn mails(&self, user: &str, wanted: usize) -> Vec<String> {
        let mails = self.messages(user, wanted);
        mails.iter().map(|mail| String::from_utf8_lossy(mail).replace("=\r\n", "")).collect()
    }

    fn messages(&self, user: &str, wanted: usize) -> Vec<Vec<u8>> {
        wait_for(&format!("{wanted} mails for {user}"), SOON, || {
            Some(self.dovecot().messages(user, "INBOX")).filter(|mails| mails.len() >= wanted)
        })
    }

    /// The addresses of a kind (`/sign-in/`, `/entries/`) that a person was sent until now.
    pub fn links(&self, user: &str, begin: &str) -> Vec<String> {
        let begin = self.at(begin);
        let texts = self.inbox(user, 0);
        let words = texts.iter().flat_map(|text| text.split_whitespace());
        words
            .filter(|word| word.starts_with(&begin))
            .map(|word| word.trim_end_matches(['.', ',', '>']).to_owned())
            .collect()
    }

    /// The link that comes in answer to `ask`.
    pub fn next_sign_in_link(&self, user: &str, ask: impl FnOnce()) -> String {
        let before = self.links(user, "/sign-in/");
        ask();
        wait_for(&format!("a link for {user}"), SOON, || {
            self.links(user, "/sign-in/").into_iter().find(|link| !before.contains(link))
        })
    }

    /// Signs somebody in as people do: by the page, the mail and its link.
    pub fn sign_in(&self, session: &Session, user: &str) {
        session.open_page(&self.at("/sign-in"));
        self.finish_sign_in(session, user);
    }

    /// As [`House::sign_in`], from the page where one is.
    pub fn finish_sign_in(&self, session: &Session, user: &str) {
        let link = self.next_sign_in_link(user, || {
            session.fill("input[name=address]", &format!("{user}@example.test"));
            session.click("main button");
        });
        session.open_page(&link);
        session.click("main button");
        session.wait_for("header .person");
    }

    /// Somebody with a browser that knows nothing yet, over HTTP and without a browser.
    pub fn visitor(&self) -> Visitor {
        Visitor::at(&self.at(""))
    }

    /// Such a visitor who has signed in.
    pub fn signed_in(&self, user: &str) -> Visitor {
        let mut visitor = self.visitor();
        self.enter(&mut visitor, user);
        visitor
    }

    /// Signs a visitor in.
    pub fn enter(&self, visitor: &mut Visitor, user: &str) {
        let link = self.link_for(visitor, user, "/");
        let entered = visitor.post(&link, &[]);
        assert_eq!(entered.status, 303, "{entered:?}");
    }

    /// Asks for a link and reads it in the user's mailbox; its path.
    pub fn link_for(&self, visitor: &mut Visitor, user: &str, next: &str) -> String {
        let link = self.next_sign_in_link(user, || {
            let address = format!("{user}@example.test");
            let sent = visitor.post("/sign-in", &[("address", address.as_str()), ("next", next)]);
            assert_eq!(sent.status, 200, "{sent:?}");
        });
        link.strip_prefix(&self.at("")).unwrap().to_owned()
    }

    /// The path of the link to sign in that stands in a mail.
    pub fn link_in(&self, mail: &str) -> Option<String> {
        let behind = mail.split_once(&self.at("/sign-in/"))?.1;
        let is_of_it = |c: &char| c.is_ascii_alphanumeric() || *c == '-' || *c == '_';
        Some(format!("/sign-in/{}", behind.chars().take_while(is_of_it).collect::<String>()))
    }
}
