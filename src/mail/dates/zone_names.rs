//! Named time zones as mail programs print them, in minutes east of Greenwich.
//!
//! A name stands for its usual meaning in Europe and North America (RFC 5322, section 4.3, for the American ones); the
//! names that French Canada prints begin with `HA` (summer) and `HN`.

/// Names in small letters; they count in capitals only, since some are words (`har`, `est`).
pub(super) const ZONES: [(&str, i32); 78] = [
    ("utc", 0),
    ("gmt", 0),
    ("z", 0),
    ("ut", 0),
    ("wet", 0),
    ("bst", 60),
    ("ist", 60),
    ("west", 60),
    ("wesz", 60),
    ("mez", 60),
    ("cet", 60),
    ("met", 60),
    ("mewz", 60),
    ("hnec", 60),
    ("mesz", 120),
    ("cest", 120),
    ("mest", 120),
    ("heec", 120),
    ("cedt", 120),
    ("oez", 120),
    ("eet", 120),
    ("oesz", 180),
    ("eest", 180),
    ("msk", 180),
    ("мск", 180),
    ("trt", 180),
    ("jst", 540),
    ("ast", -240),
    ("edt", -240),
    ("est", -300),
    ("cdt", -300),
    ("cst", -360),
    ("mdt", -360),
    ("mst", -420),
    ("pdt", -420),
    ("pst", -480),
    ("brt", -180),
    ("wez", 0),
    ("hnee", 120),
    ("heee", 180),
    ("sast", 120),
    ("cat", 120),
    ("wat", 60),
    ("eat", 180),
    ("idt", 180),
    ("wib", 420),
    ("wita", 480),
    ("wit", 540),
    ("sgt", 480),
    ("hkt", 480),
    ("kst", 540),
    ("awst", 480),
    ("acst", 570),
    ("aest", 600),
    ("acdt", 630),
    ("aedt", 660),
    ("nzst", 720),
    ("nzdt", 780),
    ("haa", -180),
    ("hna", -240),
    ("hae", -240),
    ("hne", -300),
    ("hac", -300),
    ("hnc", -360),
    ("har", -360),
    ("hnr", -420),
    ("hap", -420),
    ("hnp", -480),
    ("hat", -150),
    ("hnt", -210),
    ("ndt", -150),
    ("nst", -210),
    ("adt", -180),
    ("akdt", -480),
    ("akst", -540),
    ("hst", -600),
    ("art", -180),
    ("brst", -120),
];

/// Names that also count in small letters.
pub(super) const IN_SMALL_LETTERS: [&str; 3] = ["utc", "gmt", "z"];

/// Names that are also people's, firms' or words of one.
pub(super) const ALSO_NAMES: [&str; 15] =
    ["z", "wet", "ist", "west", "met", "cat", "wat", "eat", "wit", "hat", "hap", "har", "ast", "art", "haa"];

/// Words behind a time, also in capitals, that are no zones.
pub(super) const NO_ZONES: [&str; 13] =
    ["uhr", "hs", "hr", "hrs", "hours", "uur", "hod", "godz", "klo", "ora", "ore", "hora", "horas"];
