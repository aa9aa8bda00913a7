//! Signing in and out.

use super::Word;

pub(super) const WORDS: &[Word] = &[
    ("sign_in.title", "Anmelden", "Sign in"),
    (
        "sign_in.how",
        "Geben Sie die E-Mail-Adresse an, mit der Sie im Bewerbungssystem stehen. Sie bekommen einen Link, mit dem Sie sich anmelden.",
        "Enter the e-mail address by which the recruiting system knows you. You get a link that signs you in.",
    ),
    ("sign_in.address", "E-Mail-Adresse", "E-mail address"),
    ("sign_in.no_address", "Das ist keine E-Mail-Adresse.", "This is no e-mail address."),
    ("sign_in.send", "Link schicken", "Send the link"),
    ("sign_in.sent", "Sehen Sie in Ihr Postfach", "Look into your mailbox"),
    (
        "sign_in.sent.text",
        "Wenn zu dieser Adresse ein Benutzer gehört, ist ein Link unterwegs. Er gilt {minutes} Minuten und nur einmal. Kommt nichts an, dann sehen Sie im Ordner für unerwünschte E-Mails nach, oder die Adresse ist hier nicht bekannt.",
        "If a user has this address, a link is on its way. It is good for {minutes} minutes and once only. If nothing arrives, look into the folder for unwanted mail, or the address is not known here.",
    ),
    ("sign_in.again", "Noch einen Link anfordern", "Ask for another link"),
    (
        "sign_in.enter.text",
        "Der Link ist gültig. Er gilt nur einmal, darum melden Sie sich erst mit diesem Knopf an.",
        "The link is good. It is good once only, which is why this button signs you in and not the link itself.",
    ),
    ("sign_in.enter", "Jetzt anmelden", "Sign in now"),
    ("sign_in.stale", "Dieser Link gilt nicht mehr", "This link is no longer good"),
    (
        "sign_in.stale.text",
        "Jeder Link gilt {minutes} Minuten und nur einmal. Vielleicht wurde er schon benutzt, oder er ist unvollständig.",
        "Each link is good for {minutes} minutes and once only. It may have been used before, or it is incomplete.",
    ),
    ("sign_in.elsewhere", "Anmeldung über Ihre Organisation", "Sign-in by your organisation"),
    (
        "sign_in.elsewhere.nobody",
        "Hier meldet Sie Ihre Organisation an, und sie hat nicht gesagt, wer Sie sind. Rufen Sie die Seite über die Adresse auf, die Ihnen genannt wurde.",
        "Your organisation signs you in here, and it did not say who you are. Open the page by the address that you were given.",
    ),
    (
        "sign_in.elsewhere.unknown",
        "Ihre Organisation hat gesagt, wer Sie sind, aber zu Ihrer Adresse gehört hier kein aktiver Benutzer. Wenden Sie sich an Ihre Personalabteilung.",
        "Your organisation said who you are, but no active user here has your address. Turn to your HR department.",
    ),
    (
        "sign_in.elsewhere.several",
        "Ihre Adresse gehört hier zu Benutzern mehrerer Mandanten, und es ist nicht zu entscheiden, wer Sie gerade sind. Bitten Sie den Betrieb um eine eigene Adresse je Mandant.",
        "Users of several tenants have your address here, and nobody can say which one you are now. Ask those who run it for an address of its own for each tenant.",
    ),
    (
        "sign_in.elsewhere.signed_in",
        "Ihre Organisation meldet Sie hier an. Melden Sie sich auch dort ab.",
        "Your organisation signs you in here. Sign out there too.",
    ),
];
