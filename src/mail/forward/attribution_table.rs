//! Lines of the kind "On DATE, NAME wrote:", by language.

use super::languages::Language;

/// How such a line begins and which words it has before its end.
pub(super) struct Attribution {
    /// The words at the line's start, each with the blank behind it. In small letters.
    pub(super) openings: &'static [&'static str],
    /// The words that stand before the final colon or before the name.
    pub(super) verbs: &'static [&'static str],
    /// The languages it may be of, where months of its languages have names that are others' elsewhere.
    pub(super) languages: &'static [Language],
}

/// All languages; confidence A for the first seven (Outlook for Mac), general knowledge for the rest. The last two name
/// the sender before the date.
pub(super) const ATTRIBUTIONS: [Attribution; 15] = [
    Attribution { openings: &["am "], verbs: &["schrieb"], languages: &[] },
    Attribution { openings: &["on "], verbs: &["wrote"], languages: &[] },
    Attribution { openings: &["le "], verbs: &["a écrit"], languages: &[] },
    Attribution { openings: &["el "], verbs: &["escribió"], languages: &[] },
    Attribution { openings: &["il giorno ", "il "], verbs: &["ha scritto"], languages: &[] },
    Attribution { openings: &["op "], verbs: &["geschreven", "schreef"], languages: &[] },
    Attribution {
        openings: &["dnia ", "w dniu ", "pt., ", "śr., "],
        verbs: &["napisał(a)", "napisał", "napisała", "pisze"],
        languages: &[Language::Polish],
    },
    Attribution { openings: &["em ", "a ", "no dia "], verbs: &["escreveu"], languages: &[] },
    Attribution {
        openings: &["dne ", "dňa "],
        verbs: &["napsal(a)", "napsal", "napsala", "napísal(a)", "napísal"],
        languages: &[Language::Czech, Language::Slovak],
    },
    Attribution { openings: &["den "], verbs: &["skrev"], languages: &[] },
    Attribution { openings: &["la ", "pe "], verbs: &["a scris"], languages: &[] },
    Attribution {
        openings: &["dana "],
        verbs: &["je napisao", "je napisala", "napisao/la je"],
        languages: &[Language::Croatian],
    },
    Attribution {
        openings: &[""],
        verbs: &["kirjoitti", "yazdı", "ezt írta", "пишет", "написал", "написав(ла)"],
        languages: &[],
    },
    Attribution { openings: &[""], verbs: &["skrev følgende", "schrieb am", "hat am"], languages: &[] },
    Attribution {
        openings: &[""],
        verbs: &["wrote on", "a écrit le", "escribió el", "ha scritto il", "schreef op", "napisał dnia"],
        languages: &[],
    },
];

/// Words of such lines that belong to no name.
pub(super) const AROUND_NAMES: [&str; 4] = ["heeft", "użytkownik", "um", "schrieb"];
