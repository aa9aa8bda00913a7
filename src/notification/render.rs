//! A queued notification as a mail: subject, text, HTML and the headers that make it behave.

use super::{Bundle, Occasion, QueuedNotification, WaitingList, answers, words};
use crate::application::{DocumentKind, EmailAddress, Language};
use crate::decision::SenderMatch;
use crate::mail::mark_of;
use minijinja::{Environment, UndefinedBehavior, context};

/// A notification ready to be sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RenderedMail {
    /// Where it goes.
    pub to: EmailAddress,
    /// The name to put beside the address.
    pub to_name: Option<String>,
    /// The decoded subject, one line.
    pub subject: String,
    /// The plain text.
    pub text: String,
    /// The same as HTML.
    pub html: String,
    /// Left side of the Message-ID.
    pub message_key: String,
    /// Left side of the Message-ID that all notifications of one application refer to, so that mail programs show
    /// them as one conversation. No mail has it.
    pub thread_key: Option<String>,
    /// The import address, for the `X-Loop` header by which we know our own notices.
    pub loop_address: String,
}

/// What a mail bears beside its text.
pub(super) struct Envelope<'a> {
    pub(super) to: &'a EmailAddress,
    pub(super) to_name: Option<&'a str>,
    pub(super) language: Language,
    pub(super) message_key: &'a str,
    pub(super) loop_address: &'a str,
}

/// The text of the notification could not be made: a fault of the program, not of the mail.
#[derive(Debug, thiserror::Error)]
#[error("Cannot render the template {template}")]
pub struct RenderError {
    template: String,
    source: minijinja::Error,
}

const TEMPLATES: [(&str, &str); 21] = [
    ("reply.de.txt", include_str!("templates/reply.de.txt")),
    ("reply.en.txt", include_str!("templates/reply.en.txt")),
    ("waiting.de.txt", include_str!("templates/waiting.de.txt")),
    ("waiting.en.txt", include_str!("templates/waiting.en.txt")),
    ("not_imported.de.txt", include_str!("templates/not_imported.de.txt")),
    ("not_imported.en.txt", include_str!("templates/not_imported.en.txt")),
    ("forwarded_before.de.txt", include_str!("templates/forwarded_before.de.txt")),
    ("forwarded_before.en.txt", include_str!("templates/forwarded_before.en.txt")),
    ("files_added.de.txt", include_str!("templates/files_added.de.txt")),
    ("files_added.en.txt", include_str!("templates/files_added.en.txt")),
    ("files_refused.de.txt", include_str!("templates/files_refused.de.txt")),
    ("files_refused.en.txt", include_str!("templates/files_refused.en.txt")),
    ("waiting_digest.de.txt", include_str!("templates/waiting_digest.de.txt")),
    ("waiting_digest.en.txt", include_str!("templates/waiting_digest.en.txt")),
    ("asked.de.txt", include_str!("templates/asked.de.txt")),
    ("asked.en.txt", include_str!("templates/asked.en.txt")),
    ("bundle.de.txt", include_str!("templates/bundle.de.txt")),
    ("bundle.en.txt", include_str!("templates/bundle.en.txt")),
    ("sign_in.de.txt", include_str!("templates/sign_in.de.txt")),
    ("sign_in.en.txt", include_str!("templates/sign_in.en.txt")),
    ("layout.html", include_str!("templates/layout.html")),
];

/// Renders notifications; keeps the parsed templates.
#[derive(Debug)]
pub struct Renderer {
    environment: Environment<'static>,
}

impl Renderer {
    /// Parses the templates, which are part of the program.
    ///
    /// # Errors
    ///
    /// [`RenderError`] for a template with a wrong syntax.
    pub fn new() -> Result<Self, RenderError> {
        let mut environment = Environment::new();
        environment.set_undefined_behavior(UndefinedBehavior::Strict);
        for (name, source) in TEMPLATES {
            environment
                .add_template(name, source)
                .map_err(|source| RenderError { template: name.to_owned(), source })?;
        }
        Ok(Self { environment })
    }

    /// Renders one notification.
    ///
    /// # Errors
    ///
    /// [`RenderError`] if a template asks for a value that is not given.
    pub fn render(&self, queued: &QueuedNotification) -> Result<RenderedMail, RenderError> {
        let recipient = &queued.notification.recipient;
        let language = recipient.language;
        let (written, links) = if let Some(bundle) = &queued.bundle {
            self.written_together(queued, bundle)?
        } else {
            let link = link(queued);
            (self.written(queued, link.as_deref().unwrap_or_default())?, link.into_iter().collect())
        };
        let mail = Envelope {
            to: &recipient.address,
            to_name: recipient.name.as_deref(),
            language,
            message_key: &queued.message_key,
            loop_address: &queued.notification.facts.import_address,
        };
        let thread_key = queued
            .application
            .filter(|_| queued.bundle.is_none())
            .map(|application| format!("application-{application}"));
        Ok(RenderedMail { thread_key, ..self.laid_out(&mail, &written, links)? })
    }

    /// Makes a mail of a text template's output, with our mark in it.
    pub(super) fn laid_out(
        &self,
        envelope: &Envelope<'_>,
        written: &str,
        links: Vec<String>,
    ) -> Result<RenderedMail, RenderError> {
        let Envelope { language, message_key, .. } = *envelope;
        let (subject, body) = written.split_once('\n').unwrap_or_default();
        let subject = one_line(subject);
        let mut paragraphs: Vec<String> =
            body.split("\n\n").map(str::trim).filter(|text| !text.is_empty()).map(str::to_owned).collect();
        let end = words::in_language(
            language,
            "Diese E-Mail wurde automatisch verschickt; bitte antworten Sie nicht darauf. Kennung",
            "This e-mail was sent automatically; please do not reply to it. Code",
        );
        paragraphs.push(format!("{end}: {}", mark_of(message_key)));
        let text = format!("{}\n", paragraphs.join("\n\n"));
        let values = context! { language => language.as_str(), subject => subject.clone(), paragraphs, links };
        let html = self.fill("layout.html", values)?;
        Ok(RenderedMail {
            to: envelope.to.clone(),
            to_name: envelope.to_name.map(str::to_owned),
            subject,
            text,
            html,
            message_key: message_key.to_owned(),
            thread_key: None,
            loop_address: envelope.loop_address.to_owned(),
        })
    }

    /// The text template's output: the subject in the first line, then paragraphs between empty lines.
    fn written(&self, queued: &QueuedNotification, link: &str) -> Result<String, RenderError> {
        let facts = &queued.notification.facts;
        let language = queued.notification.recipient.language;
        let why = facts.why.as_deref().unwrap_or_default();
        let kinds: Vec<String> = facts.kinds.iter().map(|word| kind_name(word, language).to_owned()).collect();
        let values = context! {
            name => queued.notification.recipient.name.clone(),
            mail => queued.mail.map(|mail| mail.0),
            reference => facts.reference.clone(),
            candidate => facts.candidate.clone(),
            post => facts.post.clone(),
            subject => facts.subject.clone(),
            forwarder => facts.forwarder.clone(),
            sender => facts.sender.map(SenderMatch::as_str),
            import_address => facts.import_address.clone(),
            kinds,
            imported_on => facts.imported_on.map(|day| words::day(day, language)),
            earlier_forwarder => facts.earlier_forwarder.clone(),
            further_files => facts.further_files,
            withheld => facts.withheld,
            reason => match queued.notification.occasion {
                Occasion::NotImported | Occasion::Asked => answers::reason(facts, language),
                _ => words::reason(why, language),
            },
            headline => match queued.notification.occasion {
                Occasion::NotImported => answers::headline(facts, language),
                _ => words::headline(why, language),
            },
            can_be_assigned => !answers::was_set_aside(facts),
            advice => match queued.notification.occasion {
                Occasion::Asked => answers::wanted(facts, language),
                _ => answers::advice(facts, language),
            },
            suggestions => answers::suggestions(facts),
            example => facts.example.clone(),
            received_at => facts.received_at.map(|time| words::moment(time, language)),
            asked_by => facts.asked_by.clone(),
            answered_on => facts.answered_on.map(|day| words::day(day, language)),
            link => link.to_owned(),
            ..waiting(queued)
        };
        self.fill(&format!("{}.{}.txt", queued.notification.occasion.as_str(), language.as_str()), values)
    }

    /// The same for a mail that tells of many, each in one line like the subject of its own mail; also the links in it.
    fn written_together(
        &self,
        queued: &QueuedNotification,
        bundle: &Bundle,
    ) -> Result<(String, Vec<String>), RenderError> {
        let language = queued.notification.recipient.language;
        let mut lines = Vec::with_capacity(bundle.lines.len());
        let mut links = Vec::new();
        for line in &bundle.lines {
            let alone = queued.alone(line);
            let link = link(&alone);
            let written = self.written(&alone, "")?;
            let subject = one_line(written.lines().next().unwrap_or_default());
            lines.push(context! { subject, link => link.clone() });
            links.extend(link);
        }
        let shown = u64::try_from(bundle.lines.len()).unwrap_or(u64::MAX);
        let values = context! {
            name => queued.notification.recipient.name.clone(),
            total => bundle.total(),
            counts => bundle.counts.iter().map(|count| count.text(language)).collect::<Vec<_>>(),
            lines,
            more => bundle.total().saturating_sub(shown),
        };
        Ok((self.fill(&format!("bundle.{}.txt", language.as_str()), values)?, links))
    }

    pub(super) fn fill(&self, template: &str, values: minijinja::Value) -> Result<String, RenderError> {
        self.environment
            .get_template(template)
            .and_then(|found| found.render(values))
            .map_err(|source| RenderError { template: template.to_owned(), source })
    }
}

/// What the digest of what waits shows.
fn waiting(queued: &QueuedNotification) -> minijinja::Value {
    let language = queued.notification.recipient.language;
    let clock =
        queued.notification.facts.timezone.as_deref().and_then(|name| name.parse().ok()).unwrap_or(chrono_tz::UTC);
    let nothing = WaitingList::default();
    let list = queued.waiting.as_ref().unwrap_or(&nothing);
    let shown = u64::try_from(list.lines.len()).unwrap_or(u64::MAX);
    context! {
        total => list.total(),
        counts => list
            .counts
            .iter()
            .map(|(why, number)| format!("{number} × {}", words::headline(why, language)))
            .collect::<Vec<_>>(),
        oldest => list.oldest.map(|time| words::day(time.with_timezone(&clock).date_naive(), language)),
        lines => list.lines.iter().map(|line| line.text(language, clock)).collect::<Vec<_>>(),
        more => list.total().saturating_sub(shown),
        quiet => queued.notification.facts.quiet,
        quiet_imported => list.quiet.map(|quiet| quiet.imported),
        quiet_waiting => list.quiet.map(|quiet| quiet.waiting),
        quiet_others => list.quiet.map(|quiet| quiet.others),
    }
}

/// Where the recipient can look at what the notification tells of.
fn link(queued: &QueuedNotification) -> Option<String> {
    let start = queued.notification.facts.public_url.as_ref()?;
    Some(match (queued.notification.occasion, queued.entry) {
        (Occasion::Reply | Occasion::ForwardedBefore | Occasion::FilesAdded | Occasion::FilesRefused, Some(entry)) => {
            format!("{start}/entries/{entry}")
        }
        _ => match queued.mail {
            Some(mail) => format!("{start}/mails/{mail}"),
            None => format!("{start}/mails"),
        },
    })
}

fn kind_name(word: &str, language: Language) -> &str {
    word.parse().map_or(word, |kind: DocumentKind| words::in_language(language, kind.german(), kind.english()))
}

/// A subject is one line, whatever a name in it holds.
fn one_line(text: &str) -> String {
    text.split(|c: char| c.is_whitespace() || c.is_control())
        .filter(|word| !word.is_empty())
        .collect::<Vec<_>>()
        .join(" ")
}
