//! Signing in and out.

use super::word::Word;

pub(super) const WORDS: &[Word] = &[
    ("sign_in.title", "Anmelden", "Sign in"),
    (
        "sign_in.how",
        "Geben Sie die E-Mail-Adresse an, die im Bewerbungssystem für Sie hinterlegt ist. Sie bekommen einen Link, mit \
         dem Sie sich anmelden; ein Kennwort brauchen Sie nicht.",
        "Enter the e-mail address that the recruiting system has for you. You will get a link to sign in; you need no \
         password.",
    ),
    ("sign_in.address", "E-Mail-Adresse", "E-mail address"),
    ("sign_in.no_address", "Das ist keine vollständige E-Mail-Adresse.", "This is not a complete e-mail address."),
    ("sign_in.send", "Link schicken", "Send link"),
    ("sign_in.sent", "Sehen Sie in Ihrem Postfach nach", "Check your mailbox"),
    (
        "sign_in.sent.text",
        "Wenn zu dieser Adresse ein Benutzer gehört, wird ein Link verschickt. Er gilt {minutes} Minuten und nur einmal. \
         Kommt nichts an, sehen Sie bitte im Spam-Ordner nach. Möglicherweise ist die Adresse hier nicht bekannt; \
         wenden Sie sich dann bitte an Ihre Personalabteilung.",
        "If a user has this address, a link is being sent. It is valid for {minutes} minutes and can be used once. If \
         nothing arrives, please check your spam folder. The address may not be known here; then please contact your HR \
         department.",
    ),
    ("sign_in.again", "Noch einen Link anfordern", "Ask for another link"),
    (
        "sign_in.enter.text",
        "Der Link ist gültig. Klicken Sie auf „Jetzt anmelden“.",
        "The link is valid. Click “Sign in now”.",
    ),
    ("sign_in.enter", "Jetzt anmelden", "Sign in now"),
    ("sign_in.stale", "Dieser Link gilt nicht mehr", "This link is no longer valid"),
    (
        "sign_in.stale.text",
        "Jeder Link gilt {minutes} Minuten und nur einmal. Vielleicht wurde er schon benutzt, oder er ist unvollständig.",
        "Each link is valid for {minutes} minutes and can be used once. This one may have been used before, or it is \
         incomplete.",
    ),
    ("sign_in.new", "Neuen Link anfordern", "Ask for a new link"),
    (
        "sign_in.already",
        "Sie sind schon angemeldet und brauchen keinen neuen Link.",
        "You are already signed in and need no new link.",
    ),
    ("sign_in.go_on", "Weiter", "Continue"),
    ("sign_in.elsewhere", "Anmeldung über Ihre Organisation", "Sign-in through your organisation"),
    (
        "sign_in.elsewhere.nobody",
        "Hier melden Sie sich über Ihre Organisation an, aber deren Anmeldung ist hier nicht angekommen. Bitte rufen Sie \
         die Seite über die Adresse auf, die Ihnen genannt wurde.",
        "You sign in here through your organisation, but its sign-in has not reached this page. Please open the page at \
         the address that you were given.",
    ),
    (
        "sign_in.elsewhere.unknown",
        "Ihre Organisation hat Sie angemeldet, aber zu Ihrer Adresse gehört hier kein aktiver Benutzer. Bitte wenden Sie \
         sich an Ihre Personalabteilung.",
        "Your organisation has signed you in, but no active user here has your address. Please contact your HR \
         department.",
    ),
    (
        "sign_in.elsewhere.several",
        "Ihre Adresse gehört hier zu Benutzern mehrerer Mandanten; deshalb können Sie sich mit ihr nicht anmelden. Bitte \
         lassen Sie von Ihrer IT für jeden Mandanten eine eigene Adresse hinterlegen.",
        "Users of several tenants have your address here, so you cannot sign in with it. Please ask your IT department \
         for an address of its own for each tenant.",
    ),
    (
        "sign_in.elsewhere.signed_in",
        "Ihre Organisation meldet Sie hier an. Bitte melden Sie sich auch dort ab.",
        "Your organisation signs you in here. Please sign out there too.",
    ),
];
