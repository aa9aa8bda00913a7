//! The labels of a forward's head by language, as mail programs print them.
//!
//! Compared without regard to case. Short ones (`A`, `An`, `Da`, `De`, `Do`, `Od`) are common words: they count only
//! where a whole block of labels stands together.

use super::languages::Language;
use std::collections::HashMap;
use std::sync::LazyLock;

/// What a label announces.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) enum Label {
    /// Who wrote the mail.
    Sender,
    /// When it was sent.
    Date,
    /// To whom.
    To,
    /// Copies.
    Copy,
    /// Its subject.
    Subject,
    /// Anything else that stands in a head: answers to, attachments, importance.
    Other,
}

/// The labels of one language.
pub(super) struct Labels {
    pub(super) language: Language,
    pub(super) sender: &'static [&'static str],
    pub(super) date: &'static [&'static str],
    pub(super) to: &'static [&'static str],
    pub(super) copy: &'static [&'static str],
    pub(super) subject: &'static [&'static str],
    pub(super) other: &'static [&'static str],
}

/// All languages.
pub(super) const LABELS: [Labels; 22] = [
    Labels {
        language: Language::German,
        sender: &["von", "sender", "absender"],
        date: &["gesendet", "datum", "gesendet am"],
        to: &["an"],
        copy: &["cc", "kopie", "kopie (cc)", "bcc", "blindkopie"],
        subject: &["betreff", "thema"],
        other: &[
            "antwort an",
            "antworten an",
            "organisation",
            "anlagen",
            "anlage",
            "anhang",
            "anhänge",
            "wichtigkeit",
            "priorität",
            "vertraulichkeit",
            "kategorien",
            "newsgroup",
            "newsgroups",
            "referenzen",
            "im auftrag von",
        ],
    },
    Labels {
        language: Language::English,
        sender: &["from"],
        date: &["sent", "date", "sent on"],
        to: &["to"],
        copy: &["cc", "bcc"],
        subject: &["subject"],
        other: &[
            "reply-to",
            "reply to",
            "organization",
            "organisation",
            "attachments",
            "attachment",
            "importance",
            "priority",
            "sensitivity",
            "categories",
            "newsgroup",
            "newsgroups",
            "references",
            "message-id",
            "sender",
            "resent-from",
            "return-path",
        ],
    },
    Labels {
        language: Language::French,
        sender: &["de", "expéditeur"],
        date: &["envoyé", "date", "envoyé le"],
        to: &["à", "pour"],
        copy: &["cc", "copie à", "cci"],
        subject: &["objet", "sujet"],
        other: &["répondre à", "organisation", "pièces jointes", "pièce jointe", "importance", "groupes de discussion"],
    },
    Labels {
        language: Language::Spanish,
        sender: &["de", "remitente"],
        date: &["enviado el", "enviado", "fecha"],
        to: &["para", "a"],
        copy: &["cc", "cco"],
        subject: &["asunto"],
        other: &["responder a", "organización", "datos adjuntos", "adjuntos", "importancia"],
    },
    Labels {
        language: Language::Italian,
        sender: &["da", "mittente"],
        date: &["inviato", "data", "inviato il"],
        to: &["a"],
        copy: &["cc", "ccn"],
        subject: &["oggetto"],
        other: &["rispondi a", "organizzazione", "allegati", "allegato", "priorità"],
    },
    Labels {
        language: Language::Dutch,
        sender: &["van", "afzender"],
        date: &["verzonden", "datum", "verzonden op"],
        to: &["aan"],
        copy: &["cc", "kopie", "bcc"],
        subject: &["onderwerp"],
        other: &["antwoord aan", "antwoorden aan", "organisatie", "bijlagen", "bijlage", "urgentie"],
    },
    Labels {
        language: Language::Polish,
        sender: &["od", "nadawca"],
        date: &["wysłano", "data", "wysłane"],
        to: &["do", "adresat"],
        copy: &["dw", "kopia", "udw"],
        subject: &["temat"],
        other: &["odpowiedź-do", "odpowiedz do", "organizacja", "załączniki", "załącznik", "ważność"],
    },
    Labels {
        language: Language::Portuguese,
        sender: &["de", "remetente"],
        date: &["enviado", "data", "enviada", "enviado em", "enviada em"],
        to: &["para"],
        copy: &["cc", "cco"],
        subject: &["assunto"],
        other: &["responder a", "responder para", "organização", "anexos", "anexo", "importância"],
    },
    Labels {
        language: Language::Czech,
        sender: &["od"],
        date: &["datum", "odesláno"],
        to: &["komu"],
        copy: &["kopie", "cc"],
        subject: &["předmět"],
        other: &["odpověď na", "odpověď komu", "organizace", "přílohy", "důležitost"],
    },
    Labels {
        language: Language::Slovak,
        sender: &["od"],
        date: &["dátum", "odoslané"],
        to: &["komu", "pre"],
        copy: &["kópia", "cc"],
        subject: &["predmet"],
        other: &["odpovedať-pre", "odpovedať", "organizácia", "prílohy", "dôležitosť"],
    },
    Labels {
        language: Language::Hungarian,
        sender: &["feladó"],
        date: &["dátum", "elküldve"],
        to: &["címzett"],
        copy: &["másolat", "másolatot kap", "cc"],
        subject: &["tárgy"],
        other: &["válaszcím", "szervezet", "mellékletek", "fontosság"],
    },
    Labels {
        language: Language::Romanian,
        sender: &["de la", "expeditorul", "expeditor"],
        date: &["dată", "data", "trimis"],
        to: &["către", "destinatarul", "destinatar"],
        copy: &["cc"],
        subject: &["subiect", "subiectul"],
        other: &["răspuns către", "organizație", "atașări", "importanță"],
    },
    Labels {
        language: Language::Croatian,
        sender: &["šalje", "od"],
        date: &["datum", "poslano"],
        to: &["prima", "za"],
        copy: &["cc", "kopija"],
        subject: &["naslov", "predmet"],
        other: &["odgovori na", "odgovori", "organizacija", "privici"],
    },
    Labels {
        language: Language::Danish,
        sender: &["fra"],
        date: &["sendt", "dato"],
        to: &["til"],
        copy: &["cc", "kopi"],
        subject: &["emne"],
        other: &["svar til", "organisation", "vedhæftede filer", "vedhæftninger", "prioritet"],
    },
    Labels {
        language: Language::Norwegian,
        sender: &["fra"],
        date: &["sendt", "dato"],
        to: &["til"],
        copy: &["kopi", "cc"],
        subject: &["emne"],
        other: &["svar til", "organisasjon", "vedlegg", "viktighet"],
    },
    Labels {
        language: Language::Swedish,
        sender: &["från"],
        date: &["skickat", "datum", "skickades"],
        to: &["till"],
        copy: &["kopia", "cc"],
        subject: &["ämne"],
        other: &["svara till", "organisation", "bifogade filer", "prioritet"],
    },
    Labels {
        language: Language::Finnish,
        sender: &["lähettäjä"],
        date: &["lähetetty", "päivämäärä", "päiväys"],
        to: &["vastaanottaja"],
        copy: &["kopio", "cc"],
        subject: &["aihe"],
        other: &["vastaus", "vastausosoite", "organisaatio", "liitteet", "tärkeys"],
    },
    Labels {
        language: Language::Turkish,
        sender: &["kimden", "gönderen"],
        date: &["gönderilen", "gönderme tarihi", "tarih", "gönderildi"],
        to: &["kime", "alıcı"],
        copy: &["bilgi", "cc"],
        subject: &["konu"],
        other: &["yanıt adresi", "yanıtla", "kurum", "ekler", "önem"],
    },
    Labels {
        language: Language::Russian,
        sender: &["от", "отправитель", "от кого"],
        date: &["отправлено", "дата"],
        to: &["кому"],
        copy: &["копия", "cc"],
        subject: &["тема"],
        other: &["ответ-кому", "ответить", "организация", "вложения", "важность"],
    },
    Labels {
        language: Language::Ukrainian,
        sender: &["від", "від кого"],
        date: &["відправлено", "дата", "надіслано"],
        to: &["кому"],
        copy: &["копія", "cc"],
        subject: &["тема"],
        other: &["кому відповісти", "організація", "вкладення", "важливість"],
    },
    Labels {
        language: Language::Estonian,
        sender: &["saatja"],
        date: &["saadetud", "kuupäev"],
        to: &["saaja", "adressaat"],
        copy: &["koopia", "cc"],
        subject: &["teema"],
        other: &["vastus", "manused"],
    },
    Labels {
        language: Language::Japanese,
        sender: &["送信元", "差出人", "送信者", "from"],
        date: &["日付", "送信日時", "日時"],
        to: &["送信先", "宛先"],
        copy: &["cc"],
        subject: &["件名"],
        other: &["返信先", "添付ファイル"],
    },
];

/// Every label with what it may mean, by language.
static MEANINGS: LazyLock<HashMap<&'static str, Vec<(Language, Label)>>> = LazyLock::new(|| {
    let mut meanings: HashMap<_, Vec<_>> = HashMap::new();
    for labels in &LABELS {
        for (words, label) in labels.by_meaning() {
            for word in words {
                meanings.entry(*word).or_default().push((labels.language, label));
            }
        }
    }
    meanings
});

/// What a label, folded for comparing, may mean; empty where it is none.
pub(super) fn meanings(label: &str) -> &'static [(Language, Label)] {
    MEANINGS.get(label).map_or(&[], Vec::as_slice)
}

impl Labels {
    /// The labels of this language by what they announce.
    pub(super) fn by_meaning(&self) -> [(&'static [&'static str], Label); 6] {
        [
            (self.sender, Label::Sender),
            (self.date, Label::Date),
            (self.to, Label::To),
            (self.copy, Label::Copy),
            (self.subject, Label::Subject),
            (self.other, Label::Other),
        ]
    }
}
