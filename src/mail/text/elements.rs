//! What is to be done with the elements of HTML, as tables.

/// Elements without content and end tag.
pub(super) const VOID: [&str; 14] =
    ["area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "param", "source", "track", "wbr"];

/// Elements whose content is never shown as text, and whether the tokenizer must read it as raw letters.
pub(super) const UNSHOWN: [(&str, bool); 13] = [
    ("script", true),
    ("style", true),
    ("title", true),
    ("noscript", false),
    ("template", false),
    ("iframe", true),
    ("object", false),
    ("svg", false),
    ("math", false),
    ("select", false),
    ("textarea", true),
    ("noframes", true),
    ("xml", false),
];

/// Elements that begin and end a line of text.
pub(super) const LINES: [&str; 31] = [
    "address",
    "article",
    "aside",
    "blockquote",
    "body",
    "center",
    "dd",
    "div",
    "dl",
    "dt",
    "fieldset",
    "figure",
    "footer",
    "form",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "header",
    "li",
    "main",
    "ol",
    "p",
    "pre",
    "section",
    "table",
    "tbody",
    "tr",
    "ul",
];

/// Elements with an empty line around them. Table rows have none, or a block of labels in a table would fall apart.
pub(super) const PARAGRAPHS: [&str; 9] = ["p", "h1", "h2", "h3", "h4", "h5", "h6", "ol", "ul"];

/// Ids, classes and other attributes with which mail programs mark the start of a forward or quotation. Hints only.
pub(super) const LANDMARKS: [(&str, &str); 14] = [
    ("id", "divrplyfwdmsg"),
    ("id", "appendonsend"),
    ("id", "mail-editor-reference-message-container"),
    ("id", "olk_src_body_section"),
    ("class", "ms-outlook-mobile-reference-message"),
    ("class", "gmail_quote"),
    ("class", "gmail_attr"),
    ("class", "moz-forward-container"),
    ("class", "moz-email-headers-table"),
    ("class", "yahoo_quoted"),
    ("class", "protonmail_quote"),
    ("name", "quote"),
    ("style", "border-top:solid #e1e1e1"),
    ("style", "border-top:solid #b5c4df"),
];
