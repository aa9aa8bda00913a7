//! What the endings of file names say about formats.

/// What an ending says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Format {
    /// A document or picture that applications consist of; only these get a kind.
    Document,
    /// A program, a script, or something that starts one when it is opened.
    Program,
    /// An archive or a disk image.
    Archive,
    /// An office document with macros.
    Macros,
    /// Anything else: harmless as far as the name tells, but of no kind.
    Unlisted,
}

const DOCUMENTS: &[&str] = &["pdf doc docx odt rtf txt pages ppt pptx", PICTURES];

const PICTURES: &str = "jpg jpeg png heic tif tiff webp gif bmp";

const PROGRAMS: &[&str] = &[
    // Windows: programs, installers, shortcuts, settings that run something.
    "exe com scr pif cpl msi msp mst msix appx application gadget dll sys ocx drv lnk url scf inf reg chm hlp msc xll",
    "library-ms search-ms searchconnector-ms settingcontent-ms appref-ms appcontent-ms msh msu msixbundle appxbundle",
    "appinstaller shs shb ins isp job prf rdp website theme themepack deskthemepack diagcab diagcfg diagpkg xbap xnk",
    // Containers and queries of Office that run or fetch something when they are opened.
    "one onepkg onetoc2 iqy oqy rqy dqy slk mdb mde mda mdw accdb accde accda ade adp",
    // Scripts.
    "bat cmd ps1 ps2 psm1 psd1 psc1 psc2 ps1xml ps2xml cdxml pssc vb vbs vbe js jse mjs ws wsf wsh wsc sct hta",
    "sh bash zsh csh ksh command py pyc pyo pyw pyz pyzw pl rb php phps asp aspx jsp lua tcl bas ahk au3 jar jnlp class",
    // Other systems.
    "app apk aab xapk ipa deb rpm run bin elf appimage snap flatpak pkg mpkg workflow desktop",
    "terminal scpt scptd applescript osax webloc inetloc fileloc mobileconfig",
    // Pages and pictures that run scripts in a browser.
    "htm html xhtml shtml xht mht mhtml svg svgz swf",
];

const ARCHIVES: &[&str] = &[
    "zip zipx rar 7z tar gz tgz bz2 tbz tbz2 xz txz lz lzma lzh lha zst tzst z arj ace cab arc alz egg sit sitx",
    "iso img vhd vhdx vmdk dmg wim udf z01 lz4 cpio uu uue xxe",
];

const WITH_MACROS: &[&str] = &["docm dotm xlsm xltm xlam xlsb xla xlm pptm potm ppam ppa ppsm sldm wll wiz xlw"];

/// What the ending says; it is in small letters and without its dot.
pub(super) fn format_of(ending: &str) -> Format {
    let listed = |lines: &[&str]| lines.iter().flat_map(|line| line.split(' ')).any(|known| known == ending);
    match ending {
        _ if listed(DOCUMENTS) => Format::Document,
        _ if listed(PROGRAMS) => Format::Program,
        _ if listed(ARCHIVES) => Format::Archive,
        _ if listed(WITH_MACROS) => Format::Macros,
        _ => Format::Unlisted,
    }
}

/// The ending, in small letters and without its dot, is of a picture.
pub(super) fn is_picture(ending: &str) -> bool {
    PICTURES.split(' ').any(|known| known == ending)
}

/// Whether the name without its last ending looks like a document's name (`Lebenslauf.pdf` of `Lebenslauf.pdf.exe`).
pub(super) fn hides_behind_another(stem: &str) -> bool {
    let stem = stem.trim_end_matches(|c: char| !c.is_alphanumeric());
    let ending = stem.rsplit_once('.').map_or("", |(_, ending)| ending.trim());
    matches!(format_of(&ending.to_lowercase()), Format::Document | Format::Macros)
        || ["xls", "xlsx", "csv", "odp", "ods"].contains(&ending.to_lowercase().as_str())
}
