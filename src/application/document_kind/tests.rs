//! Kinds and dangers by the names of files.

use super::{Danger, DocumentKind, read_file_name};

#[test]
fn kinds_and_dangers_are_found_by_their_words() {
    for &kind in DocumentKind::ALL {
        assert_eq!(kind.as_str().parse(), Ok(kind));
        assert_eq!(serde_json::to_value(kind).unwrap(), kind.as_str());
    }
    for &danger in Danger::ALL {
        assert_eq!(danger.as_str().parse(), Ok(danger));
        assert_eq!(serde_json::to_value(danger).unwrap(), danger.as_str());
    }
    assert!("lebenslauf".parse::<DocumentKind>().is_err());
}

#[test]
fn a_dangerous_name_gets_no_kind_and_says_why() {
    for (name, danger) in [
        ("Lebenslauf.one", Danger::Program),
        ("Lebenslauf.msixbundle", Danger::Program),
        ("Lebenslauf.webloc", Danger::Program),
        ("Lebenslauf.iqy", Danger::Program),
        ("Lebenslauf.accdb", Danger::Program),
        ("Lebenslauf.rdp", Danger::Program),
        ("Lebenslauf.pdf.one", Danger::MisleadingName),
        ("Lebenslauf.z01", Danger::Archive),
        ("Lebenslauf.ppa", Danger::Macros),
        ("Lebenslauf.exe", Danger::Program),
        ("Lebenslauf.JS", Danger::Program),
        ("Lebenslauf.lnk", Danger::Program),
        ("Zeugnis.html", Danger::Program),
        ("Lebenslauf.pdf.exe", Danger::MisleadingName),
        ("Lebenslauf.pdf                    .scr", Danger::MisleadingName),
        ("Lebenslauf.PDF.exe. ", Danger::MisleadingName),
        ("Lebenslauf\u{202e}fdp.exe", Danger::MisleadingName),
        ("Lebenslauf\u{202e}xcod.pdf", Danger::MisleadingName),
        ("Bewerbung.zip", Danger::Archive),
        ("Bewerbung.pdf.7z", Danger::Archive),
        ("Bewerbung.tar.gz", Danger::Archive),
        ("Lebenslauf.docm", Danger::Macros),
        ("Zeugnisse.xlsm", Danger::Macros),
    ] {
        let read = read_file_name(name);
        assert_eq!((read.danger, read.kind, read.ignored), (Some(danger), DocumentKind::Other, false), "{name}");
    }
}

#[test]
fn a_harmless_name_is_not_called_dangerous() {
    for name in ["Lebenslauf.pdf", "Lebenslauf.docx.pdf", "Zertifikat Node.js.pdf", "max@example.com.pdf", "a.csv", ""]
    {
        assert_eq!(read_file_name(name).danger, None, "{name}");
    }
}

#[test]
fn the_rule_names_the_words_found() {
    for (name, rule) in [
        ("Lebenslauf Muster.pdf", "the word `lebenslauf` in the name"),
        ("Lettre de motivation.pdf", "the words `lettre motivation` in the name"),
        ("Anschreiben, Zeugnisse.pdf", "`anschreiben` and `zeugnisse` in the name make an application"),
        ("Muster.pdf", "no word in the name tells a kind"),
        ("Muster", "the name has no ending that tells a format"),
        ("Muster.mp4", "the ending is of no document or picture format"),
        ("Muster.zip", "`.zip` is the ending of an archive"),
        ("image001.png", "mail programs name the pictures of signatures like this"),
    ] {
        assert_eq!(read_file_name(name).rule, rule, "{name}");
    }
}

/// Random names of the pieces that the reading looks for: none panics, none gets a kind by a dangerous ending.
#[test]
fn any_name_is_read() {
    const PIECES: [&str; 34] = [
        "Lebenslauf",
        "Zeugnis",
        "zeugnis",
        "Führungs",
        "Foto",
        "mit",
        "CV",
        "LL",
        "er",
        "Bewerbung",
        "of",
        "letter",
        "cover",
        "_",
        " ",
        ".",
        "..",
        "/",
        "\\",
        "%20",
        "%C3",
        "%",
        "Ã",
        "¼",
        "\u{308}",
        "\u{202a}",
        "\u{200b}",
        "(1)",
        "7",
        ".pdf",
        ".exe",
        "image001",
        ".png",
        "👩\u{200d}🔧",
    ];
    let mut state = 0x9E37_79B9_7F4A_7C15_u64;
    let mut random = |bound: usize| {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(state >> 33).unwrap() % bound
    };
    let mut told = 0;
    for _ in 0..5_000 {
        let name: String = (0..random(12)).map(|_| PIECES[random(PIECES.len())]).chain([".pdf"]).collect();
        let read = read_file_name(&name);
        assert!(!read.rule.is_empty(), "{name:?}");
        assert!(read.danger.is_none() || read.kind == DocumentKind::Other, "{name:?}");
        told += usize::from(read.kind != DocumentKind::Other);
    }
    assert!(told > 250, "only {told} names told a kind");
}

#[test]
fn a_very_long_name_is_read_in_bounded_time() {
    for piece in ["Lebenslauf", "a", "Ã¼", "/", ".", "%41", "(1)", "zeugnis ", "lebenslauw "] {
        let name = piece.repeat(100_000 / piece.len());
        assert_eq!(read_file_name(&name).danger, None);
    }
}
