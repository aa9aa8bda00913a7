//! The words that tell a document's kind: German, English, French, Italian, Spanish, Dutch, Polish, and a few of the
//! neighbours. Data only: lines of words in small letters, without accents, German letters written out.

use super::kind::DocumentKind::{self, Certificate, CoverLetter, Cv, Photo, Portfolio, Reference};

/// What a word or phrase of a name is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Topic {
    /// A document of a kind.
    Kind(DocumentKind),
    /// A picture: of the candidate, unless the name tells of what document.
    Picture,
    /// An application, if nothing tells which part of it.
    Application,
    /// A document that belongs to no kind, such as an identity paper.
    Unlisted,
    /// Nothing, although its words would tell something by themselves ("Portfolio Manager").
    Nothing,
}

/// Words of one topic, as the tables hold them.
pub(super) struct Vocabulary {
    pub(super) topic: Topic,
    /// Lines of words that count whole.
    pub(super) words: &'static [&'static str],
    /// Lines of words that count whole and as the end of a German or Dutch compound.
    pub(super) ends: &'static [&'static str],
    /// Lines of phrases, with commas between them and without [`FILLERS`].
    pub(super) phrases: &'static [&'static str],
}

pub(super) const VOCABULARY: &[Vocabulary] = &[
    Vocabulary {
        topic: Topic::Kind(Cv),
        words: &[
            "cv vita vitae kurzvita berufsvita kuenstlervita curriculumvitae lebensl lebenslaufes lebenslaufs",
            "lebenslaeufen resume resumes curriculum curricula curriculo curriculos levensloop zyciorys",
            "zivotopis oneletrajz ozgecmis meritfoerteckning ansioluettelo",
            "lebenlauf lebensluaf lebnslauf lebeslauf lebenslaf lebenslauff curiculum curicculum",
        ],
        ends: &["lebenslauf lebenslaeufe werdegang"],
        phrases: &["curriculum vitae, curriculum vitea, curricula vitae, curriculum vita, hoja vida"],
    },
    Vocabulary {
        topic: Topic::Kind(CoverLetter),
        words: &[
            "anschr motivationsschr motschreiben bewerbungsschr coverletter coveringletter motivationletter",
            "motivationletters motivatiebrieven begeleidingsbrief",
            "anschrieben anscheiben anschriben",
        ],
        ends: &[
            "anschreiben motivationsschreiben motivationsbrief bewerbungsschreiben bewerbungsbrief begleitschreiben",
            "begleitbrief motivatiebrief sollicitatiebrief",
        ],
        phrases: &[
            "cover letter, cover letters, covering letter, covering letters, cover note, motivation letter",
            "motivational letter, letter motivation, letters motivation, motivation statement, statement motivation",
            "application letter, letter application, letter intent, letter interest, letter introduction",
            "introduction letter, job application letter",
            "lettre motivation, lettres motivation, lettre motiv, lettre candidature, lettre accompagnement",
            "lettre presentation, lettera presentazione, lettera motivazionale, lettera motivazione",
            "lettera motivazioni, lettera candidatura, lettera accompagnamento, lettera accompagnatoria",
            "carta presentacion, carta motivacion, carta motivaciones, carta solicitud, carta acompanamiento",
            "carta candidatura, carta apresentacao, carta motivacao, list motywacyjny, list motywacyjna",
            "listy motywacyjne, podanie prace, list przewodni, personligt brev, personlig brev, motivacni dopis",
        ],
    },
    Vocabulary {
        topic: Topic::Kind(Certificate),
        words: &[
            "zeugniskopie zeugniskopien zeugnismappe zeugnissammlung zeugnisanlagen zeugnisunterlagen zuegnis zuegnisse",
            "zert certifikat certifikate zertifkat zertfikat zertificat zertificate zertifizierung zertifizierungen",
            "certificate certificates certification certifications diploma diplomas transcript transcripts marksheet",
            "marksheets certificat certificats diplomes",
            "attestato attestati certificato certificati certificazione certificazioni diplomi laurea pagella pagelle",
            "certificado certificados certificacion certificaciones titulacion",
            "certyfikat certyfikaty certyfikatow swiadectwo swiadectwa swiadectw dyplom dyplomy dyplomu",
            "certifikaty vysvedceni diplomy vitnemal betyg",
        ],
        ends: &[
            "zeugnis zeugnisse zeugnissen zeugnisses zeugniss zeugnise zeugnisen zeugn zeugins zeuniss zeugnisee",
            "zertifikat zertifikate zertifikaten zertifikats zertifikates diplom diplome diplomen urkunde urkunden",
            "meisterbrief gesellenbrief facharbeiterbrief gehilfenbrief lehrbrief meisterbriefe gesellenbriefe",
            "facharbeiterbriefe notenspiegel notenuebersicht notenauszug notenblatt notenliste notenbogen",
            "notenbescheinigung notenbestaetigung leistungsuebersicht leistungsspiegel leistungsnachweis",
            "leistungsnachweise leistungsnachweisen",
            "teilnahmebescheinigung teilnahmebescheinigungen teilnahmebestaetigung teilnahmebestaetigungen",
            "teilnahmenachweis teilnahmenachweise teilnehmerbescheinigung lehrgangsbescheinigung",
            "lehrgangsbescheinigungen kursbescheinigung kursbescheinigungen kursbestaetigung seminarbescheinigung",
            "seminarbescheinigungen schulungsbescheinigung schulungsnachweis schulungsnachweise",
            "fortbildungsbescheinigung fortbildungsnachweis fortbildungsnachweise weiterbildungsbescheinigung",
            "weiterbildungsnachweis weiterbildungsnachweise",
            "getuigschrift getuigschriften certificaat certificaten cijferlijst cijferlijsten deelnamebewijs",
        ],
        phrases: &[
            "degree certificate, degree certificates, bachelor degree, bachelors degree, bachelor s degree",
            "master degree, masters degree, master s degree, university degree, doctoral degree, transcript records",
            "transcripts records, academic record, academic records, academic transcript, mark sheet, mark sheets",
            "grade report, report card, report cards, school report, school reports, employment certificate",
            "releve notes, releves notes, bulletin notes, bulletins notes, bulletin scolaire, bulletins scolaires",
            "attestation formation, attestations formation, attestation reussite, attestation stage",
            "attestations stage, attestation travail, attestations travail, attestation participation",
            "attestation fin formation, attestation fin stage, attestation competences, attestation suivi",
            "brevet federal, brevet colleges, brevet technicien",
            "expediente academico, boletin notas, boletin calificaciones, titulo universitario, titulo academico",
            "titulo bachiller, titulo grado, titulo profesional, titulo master, historial academico",
            "bewijs deelname, zaswiadczenie ukonczeniu, zaswiadczenie ukonczenia, zaswiadczenie udziale",
            "zaswiadczenie szkoleniu, zaswiadczenie kursie, zaswiadczenie odbyciu, suplement dyplomu",
        ],
    },
    Vocabulary {
        topic: Topic::Kind(Reference),
        words: &[
            "empfehlung empfehlungen empfschreiben reference references recommendation recommendations referenceletter",
            "recommandation recommandations referenza referenze raccomandazione raccomandazioni referencia referencias",
            "recomendacion recomendaciones recomendacao referentie referenties referentiebrief referentielijst",
            "aanbeveling aanbevelingen aanbevelingsbrief referencje rekomendacja rekomendacje",
        ],
        ends: &[
            "referenz referenzen referenzschreiben referenzliste referenzlisten referenzbrief referenzbriefe",
            "empfehlungsschreiben empfehlungsbrief empfehlungsbriefe",
        ],
        phrases: &[
            "letter recommendation, letters recommendation, recommendation letter, recommendation letters",
            "reference letter, reference letters, letter reference, letters reference, reference list",
            "lettre recommandation, lettres recommandation, lettre reference, lettres reference",
            "lettera referenze, lettera referenza, lettera raccomandazione, carta recomendacion, cartas recomendacion",
            "carta referencia, cartas referencia, list referencyjny, listy referencyjne, list polecajacy",
            "listy polecajace",
        ],
    },
    Vocabulary {
        topic: Topic::Kind(Photo),
        words: &["headshot headshots pasfoto profielfoto fototessera fotocarnet"],
        ends: &[
            "bewerbungsfoto bewerbungsfotos bewerbungsphoto bewerbungsphotos bewerbungsbild bewerbungsbilder",
            "bewerberfoto bewerberbild passfoto passfotos passphoto passbild passbilder profilfoto profilfotos",
            "profilphoto profilbild profilbilder portraitfoto portraitfotos portraitphoto portraitbild portraetfoto",
            "portraetbild portraetfotos portraitbilder lichtbild lichtbilder",
        ],
        phrases: &[
            "head shot, profile picture, profile photo, profile pic, profile image, passport photo, passport photos",
            "passport picture, passport size photo, passport sized photo, id photo, application photo, portrait photo",
            "portrait picture, photo identite, photos identite, photo profil, photo portrait, foto carnet, foto carne",
            "foto perfil, foto tessera, foto profilo, foto formato tessera, foto pasaporte, zdjecie profilowe",
            "zdjecie paszportowe, zdjecie legitymacyjne",
        ],
    },
    Vocabulary { topic: Topic::Picture, words: &["foto photo zdjecie"], ends: &[], phrases: &[] },
    Vocabulary {
        topic: Topic::Kind(Portfolio),
        words: &[
            "portfolios portofolio portafolio portafolios portefolio worksamples werkvoorbeelden projectenlijst",
            "projectlijst werkproeven showreel",
        ],
        ends: &[
            "portfolio arbeitsprobe arbeitsproben arbeitsbeispiel arbeitsbeispiele schreibprobe schreibproben textprobe",
            "textproben leseprobe leseproben werkprobe werkproben projektliste projektlisten referenzprojekt",
            "referenzprojekte referenzprojekten",
        ],
        phrases: &[
            "work sample, work samples, sample works, samples work, writing sample, writing samples, code sample",
            "code samples, design sample, design samples, project list, projects list, list projects",
            "reference projects, exemples travaux, exemples travail, liste projets, campioni lavoro, esempi lavoro",
            "esempi lavori, lista progetti, elenco progetti, muestras trabajo, muestra trabajo, lista proyectos",
            "probki prac, probka pracy, lista projektow",
        ],
    },
    Vocabulary {
        topic: Topic::Application,
        words: &[
            "bewerbungsdokument bewerbungspdf bewerbungsunterl bewunterlagen application candidature candidatura",
            "sollicitatie sollicitatiedossier sollicitatiedocumenten aplikacja",
            "bewerbungsunterlage bewebung bewerbungn bewerbubg berwerbung bewerung",
        ],
        ends: &[
            "bewerbung bewerbungen bewerbungsunterlagen bewerbungsmappe bewerbungsmappen bewerbungsdossier",
            "bewerbungspaket bewerbungsdokumente",
        ],
        phrases: &[
            "full application, complete application, job application, application documents, application package",
            "application pack, application folder, application dossier, application file, application files",
            "dossier candidature, dossiers candidature, dossier candidatura, documents candidature",
            "dokumenty aplikacyjne, documentos candidatura, documenti candidatura",
        ],
    },
];

/// Abbreviations that count in capital letters only, and only where nothing else tells a kind.
pub(super) const ABBREVIATIONS: &[(&str, Topic)] = &[("ll", Topic::Kind(Cv)), ("az", Topic::Kind(Certificate))];

/// Little words that do not part the words of a phrase ("Photo d'identité", "Letter of Recommendation").
pub(super) const FILLERS: &[&str] = &[
    "der die das dem den einem meinem",
    "of the de des du d l la le les di del della delle dello dei degli van het o do za",
];

/// What stands before something that only comes with the document ("Bewerbung mit Foto").
pub(super) const ACCOMPANYING: &[&str] = &[
    "mit und inkl inklusive incl inclusive samt mitsamt nebst sowie plus with and including avec et con e y met en z ze i",
];

/// Long words whose typing errors are forgiven; each stands in the tables above.
pub(super) const TYPED_OFTEN: &[&str] = &[
    "lebenslauf lebenslaeufe curriculum anschreiben motivationsschreiben motivationsbrief bewerbungsschreiben",
    "begleitschreiben zertifikat zertifikate teilnahmebescheinigung notenspiegel meisterbrief empfehlungsschreiben",
    "referenzschreiben bewerbungsfoto portfolio arbeitsprobe arbeitsproben bewerbungsunterlagen bewerbungsmappe",
    "initiativbewerbung arbeitszeugnis arbeitszeugnisse zwischenzeugnis abschlusszeugnis ausbildungszeugnis",
    "praktikumszeugnis schulzeugnis abiturzeugnis fuehrungszeugnis gesundheitszeugnis coverletter certificate",
    "certificates motivatiebrief getuigschrift swiadectwo",
];

/// Beginnings of right words that look like typing errors of the above.
pub(super) const FALSE_FRIENDS: &str = "bewertung bewirtung abschreib zuschreib";
