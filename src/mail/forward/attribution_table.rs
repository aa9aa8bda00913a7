//! Lines of the kind "On DATE, NAME wrote:", by language.

/// How such a line begins and which words it has before its end.
pub(super) struct Attribution {
    /// The words at the line's start, each with the blank behind it. In small letters.
    pub(super) openings: &'static [&'static str],
    /// The words that stand before the final colon or before the name.
    pub(super) verbs: &'static [&'static str],
}

/// All languages; confidence A for the first seven (Outlook for Mac), general knowledge for the rest. The last two name
/// the sender before the date.
pub(super) const ATTRIBUTIONS: [Attribution; 15] = [
    Attribution { openings: &["am "], verbs: &["schrieb"] },
    Attribution { openings: &["on "], verbs: &["wrote"] },
    Attribution { openings: &["le "], verbs: &["a écrit"] },
    Attribution { openings: &["el "], verbs: &["escribió"] },
    Attribution { openings: &["il giorno ", "il "], verbs: &["ha scritto"] },
    Attribution { openings: &["op "], verbs: &["geschreven", "schreef"] },
    Attribution {
        openings: &["dnia ", "w dniu ", "pt., ", "śr., "],
        verbs: &["napisał(a)", "napisał", "napisała", "pisze"],
    },
    Attribution { openings: &["em ", "a ", "no dia "], verbs: &["escreveu"] },
    Attribution { openings: &["dne ", "dňa "], verbs: &["napsal(a)", "napsal", "napsala", "napísal(a)", "napísal"] },
    Attribution { openings: &["den "], verbs: &["skrev"] },
    Attribution { openings: &["la ", "pe "], verbs: &["a scris"] },
    Attribution { openings: &["dana "], verbs: &["je napisao", "je napisala", "napisao/la je"] },
    Attribution {
        openings: &[""], verbs: &["kirjoitti", "yazdı", "ezt írta", "пишет", "написал", "написав(ла)"]
    },
    Attribution { openings: &[""], verbs: &["skrev følgende", "schrieb am", "hat am"] },
    Attribution {
        openings: &[""],
        verbs: &["wrote on", "a écrit le", "escribió el", "ha scritto il", "schreef op", "napisał dnia"],
    },
];

/// Words of such lines that belong to no name.
pub(super) const AROUND_NAMES: [&str; 4] = ["heeft", "użytkownik", "um", "schrieb"];
