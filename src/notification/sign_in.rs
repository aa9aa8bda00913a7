//! The mail with the link by which somebody signs in at the pages. It is never recorded: the link is a secret.

use super::render::Envelope;
use super::{RenderError, RenderedMail, Renderer};
use crate::application::{EmailAddress, Language};
use minijinja::context;

/// What the mail needs to know.
#[derive(Clone, Copy)]
pub struct SignInText<'a> {
    /// Where it goes.
    pub to: &'a EmailAddress,
    /// The user's name.
    pub name: &'a str,
    /// The user's language.
    pub language: Language,
    /// The tenant's name.
    pub tenant: &'a str,
    /// The whole link.
    pub link: &'a str,
    /// So long the link is good, in minutes.
    pub minutes: i64,
    /// Left side of the Message-ID: 32 hexadecimal digits of chance.
    pub message_key: &'a str,
    /// An import address of the tenant, for the `X-Loop` header; empty if it has none.
    pub loop_address: &'a str,
}

impl Renderer {
    /// Renders the mail that brings a link to sign in.
    ///
    /// # Errors
    ///
    /// [`RenderError`] if the template asks for a value that is not given.
    pub fn sign_in(&self, mail: &SignInText<'_>) -> Result<RenderedMail, RenderError> {
        let SignInText { to, name, language, tenant, link, minutes, message_key, loop_address } = *mail;
        let values = context! { name, tenant, link, minutes };
        let written = self.fill(&format!("sign_in.{}.txt", language.as_str()), values)?;
        let envelope = Envelope { to, to_name: Some(name), language, message_key, loop_address };
        self.laid_out(&envelope, &written, vec![link.to_owned()])
    }
}

#[cfg(test)]
mod tests {
    use super::SignInText;
    use crate::application::{EmailAddress, Language};
    use crate::notification::Renderer;

    #[test]
    fn the_mail_brings_the_link_in_the_users_language_and_bears_our_mark() {
        let (to, link) = (EmailAddress::parse("ruth@example.test").unwrap(), "https://pages.example/sign-in/abc_-1");
        let mail = |language| {
            let text = SignInText {
                to: &to,
                name: "Ruth <Muster>",
                language,
                tenant: "muster",
                link,
                minutes: 15,
                message_key: "0123456789abcdef0123456789abcdef",
                loop_address: "import@example.test",
            };
            Renderer::new().unwrap().sign_in(&text).unwrap()
        };
        let german = mail(Language::De);
        let html = german.html.replace("&#x2f;", "/");
        assert_eq!(german.subject, "Ihr Link zum Anmelden (muster)");
        assert!(
            german.text.contains(&format!("\n\n{link}\n\n")) && german.text.contains("15 Minuten"),
            "{}",
            german.text
        );
        assert!(html.contains(&format!("<a href=\"{link}\"")) && !html.contains("<Muster>"), "{html}");
        assert!(german.text.contains("Kennung: RI-0123456789abcdef0123"), "{}", german.text);
        assert_eq!((german.thread_key, german.to_name.as_deref()), (None, Some("Ruth <Muster>")));
        let english = mail(Language::En);
        assert_eq!(english.subject, "Your link to sign in (muster)");
        assert!(english.text.contains("15 minutes"), "{}", english.text);
    }
}
