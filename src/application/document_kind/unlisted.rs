//! Words that look as if they told a document's kind and do not: documents of no kind, numbers, professions. Data only,
//! written as in the vocabulary.

use super::vocabulary::{Topic, Vocabulary};

pub(super) const UNLISTED: &[Vocabulary] = &[
    Vocabulary {
        topic: Topic::Unlisted,
        words: &[
            "passport staplerschein fuehrungszeugnis gesundheitszeugnis hygienezeugnis testzertifikat coronatestzertifikat",
            "aufenthaltstitel visum visa permit licence license permis patente paszport rijbewijs permiso",
            "bescheinigung genehmigung quittung rechnung gehaltsabrechnung lohnabrechnung",
            "bachelorarbeit masterarbeit diplomarbeit abschlussarbeit hausarbeit facharbeit seminararbeit doktorarbeit",
            "studienarbeit dissertation thesis passkopie impfpass",
        ],
        ends: &["ausweis ausweise reisepass fuehrerschein erlaubnis vertrag formular fragebogen abrechnung"],
        phrases: &[
            // Bescheinigungen of other things under the word certificate.
            "birth certificate, marriage certificate, death certificate, health certificate, medical certificate",
            "police certificate, police clearance certificate, clearance certificate, criminal record certificate",
            "conduct certificate, certificate good conduct, certificate conduct, certificate enrolment",
            "certificate enrollment, certificate registration, enrolment certificate, enrollment certificate",
            "registration certificate, vaccination certificate, covid certificate, tax certificate",
            "residence certificate, insurance certificate, certificate residence, student certificate",
            "certificat scolarite, certificats scolarite, certificat medical, certificat naissance",
            "certificat nationalite, certificat residence, certificat immatriculation, certificat inscription",
            "certificat bonne vie, certificat sante, certificat mariage, certificat vaccination",
            "certificato medico, certificato nascita, certificato residenza, certificato penale",
            "certificato iscrizione, certificato casellario, certificato carichi pendenti, certificato matrimonio",
            "certificato cittadinanza, certificato famiglia, certificado medico, certificado nacimiento",
            "certificado antecedentes, certificado antecedentes penales, certificado penales, certificado delitos",
            "certificado empadronamiento, certificado matricula, certificado residencia, certificado discapacidad",
            "certificado vacunacion, certificado digital, swiadectwo zdrowia, swiadectwo urodzenia",
            "aerztliches zeugnis, aerztlich zeugnis, amtsaerztliches zeugnis, polizeiliches zeugnis, geburts urkunde",
            // Identity papers of two words: a picture of one is no picture of the candidate.
            "carte identite, carta identita, carte sejour, titre sejour, permis conduire, permesso soggiorno",
            "documento identidad, documento identita, identity card, id card, driving licence, driving license",
            "dowod osobisty, prawo jazdy",
            // Theses.
            "diplom arbeit, diplom thesis, diploma thesis, diploma work, tesi diploma, tesi laurea, memoire diplome",
            "travail diplome, praca dyplomowa, certificate thesis, resume these, resume memoire",
            // Forms and numbers.
            "application form, application forms, bewerbung formular, bewerbung fragebogen, formulaire candidature",
            "modulo candidatura, formulario candidatura, formularz aplikacja",
        ],
    },
    Vocabulary {
        topic: Topic::Nothing,
        words: &[],
        ends: &[],
        phrases: &[
            // Numbers.
            "referenz nr, referenz nummer, reference number, reference no, reference nr, numero reference",
            "reference numero, numero referencia, numero riferimento, job reference number, application number",
            "application id",
            // Professions, departments and software.
            "portfolio manager, portfolio managerin, portfolio management, portfolio analyst, portfolio director",
            "photo editor, photo journalist, photo engineer, foto redakteur, foto redakteurin, foto designer",
            "foto studio, photo studio, photo shop, foto assistent, foto laborant, resume projet",
            "application engineer, application engineering, application developer, application development",
            "application manager, application management, application support, application specialist",
            "application architect, application consultant, application security, application scientist",
            "application server, application software, application analyst, application owner, application note",
            "web application, mobile application, software application, application operations",
            "reference manager, reference data, reference librarian, curriculum developer, curriculum development",
            "curriculum manager, certificate manager, certification manager, certification engineer",
            "certification specialist, diploma course",
            // Degrees whose letters look like an abbreviation (LL.M., LL.B.).
            "ll m, ll b",
        ],
    },
];

/// First parts of compounds with Zeugnis, Urkunde, Zertifikat, Bescheinigung that make no certificate of them.
pub(super) const STEMS_OF_OTHER_DOCUMENTS: &[&str] = &[
    "fuehrungs fuehrung fuhrungs fuhrung gesundheits gesundheit leumunds leumund sitten tauglichkeits",
    "ehefaehigkeits ursprungs armuts impf covid corona genesenen",
    "geburts heirats ehe sterbe tauf trau scheidungs abstammungs adoptions lebenspartnerschafts personenstands",
    "standesamts einbuergerungs staatsangehoerigkeits namens namensaenderungs approbations berufserlaubnis ernennungs",
    "bestallungs vertrags schenkungs grundschuld vollmachts notar gruendungs",
];

/// First parts on -er before Zeugnis that are no Erzeugnis (Meisterzeugnis against Milcherzeugnis).
pub(super) const STEMS_ON_ER_OF_CERTIFICATES: &[&str] = &[
    "meister techniker semester arbeitgeber arbeiter lehrer schueler sommer winter master kammer trainer leiter",
    "pfleger helfer ausbilder dolmetscher uebersetzer kellner gaertner baecker tischler schreiner maler fahrer maurer",
    // Professions; not those that are also a thing or a way of making with "er" behind it (Fleischerzeugnis,
    // Druckerzeugnis, Glaserzeugnis, Kosmetikerzeugnis, Designerzeugnis, Gartenbauerzeugnis).
    "erzieher verkaeufer einkaeufer informatiker mechaniker mechatroniker elektroniker elektriker",
    "augenoptiker hoerakustiker geraeteakustiker logistiker statistiker mathematiker physiker chemiker musiker mediziner",
    "betreuer begleiter berater verwalter buchhalter vertreter vermittler makler pruefer zeichner gestalter",
    "ausstatter programmierer entwickler controller manager developer engineer wirtschafter",
    "sozialarbeiter handwerker streetworker anlagenfuehrer maschinenfuehrer kranfuehrer zugfuehrer",
    "schlosser schweisser zerspaner lackierer klempner spengler dachdecker zimmerer leger metzger",
    "schneider sattler macher binder setzer reiniger zusteller kassierer sanitaeter apotheker",
    "foerster winzer pfoertner schornsteinfeger",
    "optiker akustiker schwimmer taucher sportler segler taenzer saenger kuenstler forscher",
    "wissenschaftler haendler waechter jaeger planer bildner bediener einrichter schiedsrichter bewerber",
    "teilnehmer staplerfuehrer baggerfuehrer lokfuehrer fahrzeugfuehrer bergfuehrer gruppenfuehrer",
];

/// Ends of professions: "Diplom-Ingenieur" is a title and no document.
pub(super) const PROFESSION_ENDS: &[&str] = &[
    "ingenieur ingenieurin ing kaufmann kauffrau wirt wirtin informatiker informatikerin psychologe psychologin",
    "paedagoge paedagogin biologe biologin physiker physikerin chemiker chemikerin mathematiker mathematikerin",
    "designer designerin oekonom oekonomin jurist juristin geograf geografin geograph geographin geologe geologin",
    "soziologe soziologin uebersetzer uebersetzerin dolmetscher dolmetscherin arbeiter arbeiterin bibliothekar",
    "bibliothekarin politologe politologin statistiker statistikerin trainer trainerin architekt architektin",
];
