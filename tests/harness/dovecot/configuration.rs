//! What a test wants of its Dovecot, and the configuration file that says so.

use std::path::Path;

use super::Dovecot;
use crate::harness::account::{Account, runs_as_root};
use crate::harness::certificates::{Certificates, DAYS, LOCALHOST};

/// What Dovecot 2.3.19 offers after login.
const CAPABILITIES: &[&str] = &[
    "IMAP4rev1",
    "SASL-IR",
    "LOGIN-REFERRALS",
    "ID",
    "ENABLE",
    "IDLE",
    "SORT",
    "SORT=DISPLAY",
    "THREAD=REFERENCES",
    "THREAD=REFS",
    "THREAD=ORDEREDSUBJECT",
    "MULTIAPPEND",
    "URL-PARTIAL",
    "CATENATE",
    "UNSELECT",
    "CHILDREN",
    "NAMESPACE",
    "UIDPLUS",
    "LIST-EXTENDED",
    "I18NLEVEL=1",
    "CONDSTORE",
    "QRESYNC",
    "ESEARCH",
    "ESORT",
    "SEARCHRES",
    "WITHIN",
    "CONTEXT=SEARCH",
    "LIST-STATUS",
    "BINARY",
    "MOVE",
    "SNIPPET=FUZZY",
    "PREVIEW=FUZZY",
    "PREVIEW",
    "STATUS=SIZE",
    "SAVEDATE",
    "LITERAL+",
    "NOTIFY",
    "SPECIAL-USE",
];

/// Collects what a test wants; [`Builder::start`] starts it.
pub struct Builder {
    pub(super) users: Vec<User>,
    pub(super) separator: char,
    pub(super) prefix: String,
    pub(super) certificate_names: String,
    pub(super) certificate_days: u32,
    hidden: Vec<String>,
    rights: Vec<String>,
    extra: String,
    pub(super) takes_tokens: bool,
}

pub(super) struct User {
    pub(super) name: String,
    pub(super) password: String,
    /// Quota rule of its own, such as `*:storage=20K`.
    quota: Option<String>,
}

impl Default for Builder {
    fn default() -> Self {
        let (users, hidden, rights, extra) = (Vec::new(), Vec::new(), Vec::new(), String::new());
        let (prefix, certificate_names) = (String::new(), LOCALHOST.to_owned());
        let (takes_tokens, certificate_days) = (false, DAYS);
        Self { users, separator: '/', prefix, certificate_names, certificate_days, hidden, rights, extra, takes_tokens }
    }
}

impl Builder {
    /// Adds a user. Without any, there are those of [`super::USERS`].
    #[must_use]
    pub fn user(self, name: &str, password: &str) -> Self {
        self.add_user(name, password, None)
    }

    /// Adds a user with room for `storage`, such as `20K`, or gives one of this name no more.
    #[must_use]
    pub fn user_with_quota(self, name: &str, password: &str, storage: &str) -> Self {
        self.add_user(name, password, Some(format!("*:storage={storage}")))
    }

    fn add_user(mut self, name: &str, password: &str, quota: Option<String>) -> Self {
        assert!(!password.contains(':'), "the password file separates by colons");
        self.users.retain(|user| user.name != name);
        self.users.push(User { name: name.to_owned(), password: password.to_owned(), quota });
        self
    }

    /// Separator and prefix of all folder names: `/` and none unless said otherwise; `.` and `INBOX.` are the other
    /// usual pair.
    #[must_use]
    pub fn namespace(mut self, separator: char, prefix: &str) -> Self {
        self.separator = separator;
        prefix.clone_into(&mut self.prefix);
        self
    }

    /// No longer *offers* a capability, such as `MOVE`, `UIDPLUS` or `IDLE`. Dovecot still obeys the command, so only
    /// [`Dovecot::client_lines`] proves that it was not used.
    #[must_use]
    pub fn without(mut self, capability: &str) -> Self {
        assert!(CAPABILITIES.contains(&capability), "Dovecot does not offer {capability} anyway");
        self.hidden.push(capability.to_owned());
        self
    }

    /// Rights of a folder, as one line of Dovecot's global list: `Gesperrt owner lr` makes it read-only, `Einwurf owner
    /// lrip` takes mail but neither flags nor deletion. Folders without a line keep all rights.
    #[must_use]
    pub fn rights(mut self, line: &str) -> Self {
        self.rights.push(line.to_owned());
        self
    }

    /// The subjectAltName of the server's certificate, for a test that wants the wrong one.
    #[must_use]
    pub fn certificate_for(mut self, names: &str) -> Self {
        names.clone_into(&mut self.certificate_names);
        self
    }

    /// So many days the server's certificate is good.
    #[must_use]
    pub fn certificate_days(mut self, days: u32) -> Self {
        self.certificate_days = days;
        self
    }

    /// Adds lines to the configuration. Dovecot takes the last of two settings, and no block on one line.
    #[must_use]
    pub fn extra(mut self, lines: &str) -> Self {
        self.extra.push_str(lines);
        self.extra.push('\n');
        self
    }

    /// Takes the tokens of [`crate::harness::TokenEndpoint`] as well, by XOAUTH2 and OAUTHBEARER.
    #[must_use]
    pub fn taking_tokens(mut self) -> Self {
        self.takes_tokens = true;
        self
    }

    /// Starts it and waits until it greets.
    pub fn start(self) -> Dovecot {
        Dovecot::start_built(self)
    }

    /// The content of the password file.
    pub(super) fn user_lines(&self) -> String {
        let line = |user: &User| {
            let quota = user.quota.as_ref().map(|rule| format!("userdb_quota_rule={rule}")).unwrap_or_default();
            format!("{}:{{PLAIN}}{}::::::{quota}\n", user.name, user.password)
        };
        self.users.iter().map(line).collect()
    }

    /// The content of the file with the folders' rights.
    pub(super) fn rights_lines(&self) -> String {
        self.rights.join("\n")
    }

    /// The configuration file.
    pub(super) fn configuration(&self, at: &Placement) -> String {
        let (folder, imap, imaps) = (at.folder.display(), at.imap, at.imaps);
        let (certificate, key) = (at.certificates.server_certificate.display(), at.certificates.server_key.display());
        let (separator, prefix) = (self.separator, &self.prefix);
        let Account { user, group, .. } = &at.mail_owner;
        let (mechanisms, tokens) =
            if self.takes_tokens { (BY_TOKEN_TOO, token_check(at.folder)) } else { ("plain login", String::new()) };
        // The name in the greeting proves that the server that answers is ours.
        let greeting = at.folder.file_name().unwrap().display();
        let mut lines = format!(
            "base_dir = {folder}/run\nstate_dir = {folder}/state\nlog_path = {folder}/dovecot.log\n\
             protocols = imap lmtp\nlisten = 127.0.0.1\nlogin_greeting = {greeting}\n\
             first_valid_uid = 1\nfirst_valid_gid = 1\nmail_uid = {user}\nmail_gid = {group}\n\
             mail_home = {folder}/mail/%u\nmail_location = maildir:~/Maildir\nmail_fsync = never\n\
             mail_max_userip_connections = 100\n\
             disable_plaintext_auth = no\nauth_mechanisms = {mechanisms}\nauth_username_format = %Ln\n\
             ssl = yes\nssl_cert = <{certificate}\nssl_key = <{key}\n\
             passdb {{\n driver = passwd-file\n mechanisms = plain login\n args = {folder}/users\n}}\n{tokens}\
             userdb {{\n driver = passwd-file\n args = {folder}/users\n}}\n\
             namespace inbox {{\n inbox = yes\n separator = {separator}\n prefix = {prefix}\n\
             mailbox Archive {{\n special_use = \\Archive\n auto = create\n }}\n}}\n\
             service imap-login {{\n inet_listener imap {{\n port = {imap}\n }}\n\
             inet_listener imaps {{\n port = {imaps}\n ssl = yes\n }}\n}}\n\
             protocol lmtp {{\n postmaster_address = postmaster@example.test\n}}\n\
             protocol imap {{\n rawlog_dir = {folder}/raw\n}}\n"
        );
        lines.push_str(REFUSED_LOGINS_ARE_QUICK);
        lines.push_str(LOGINS_FOR_SMTP);
        lines.push_str(&internal_users(&at.mail_owner));
        if self.users.iter().any(|user| user.quota.is_some()) || !self.rights.is_empty() {
            lines.push_str(&quota_and_rights(at.folder));
        }
        if !self.hidden.is_empty() {
            lines.extend(["imap_capability = ", &self.offered(), "\n"]);
        }
        lines.push_str(&self.extra);
        lines
    }

    fn offered(&self) -> String {
        let offered = CAPABILITIES.iter().filter(|name| !self.hidden.iter().any(|hidden| hidden == **name));
        offered.copied().collect::<Vec<_>>().join(" ")
    }
}

/// What the configuration needs to know beyond the test's wishes.
pub(super) struct Placement<'a> {
    pub(super) folder: &'a Path,
    pub(super) certificates: &'a Certificates,
    pub(super) mail_owner: Account,
    pub(super) imap: u16,
    pub(super) imaps: u16,
}

/// Else they take 0.5 s at first and up to 15 s when they repeat.
const REFUSED_LOGINS_ARE_QUICK: &str =
    "auth_failure_delay = 0\nservice anvil {\n unix_listener anvil-auth-penalty {\n mode = 0\n }\n}\n";

const BY_TOKEN_TOO: &str = "plain login xoauth2 oauthbearer";

/// Checks tokens by their signature (HS256).
fn token_check(folder: &Path) -> String {
    format!(
        "passdb {{\n driver = oauth2\n mechanisms = xoauth2 oauthbearer\n args = {}/oauth2.conf\n}}\n",
        folder.display()
    )
}

/// What the check needs to know. An empty `active_attribute` would end the process that checks.
pub(super) fn token_check_file(folder: &Path) -> String {
    let (folder, issuer) = (folder.display(), crate::harness::token_endpoint::ISSUER);
    format!(
        "introspection_mode = local\nlocal_validation_key_dict = fs:posix:prefix={folder}/keys/\n\
         username_attribute = email\nusername_format = %n\nissuers = {issuer}\n"
    )
}

/// Where an SMTP server has logins checked; open to all, since Postfix comes as its own user.
const LOGINS_FOR_SMTP: &str = "service auth {\n unix_listener auth-smtp {\n mode = 0666\n }\n}\n";

fn internal_users(own: &Account) -> String {
    if runs_as_root() {
        return "default_internal_user = dovecot\ndefault_internal_group = dovecot\ndefault_login_user = dovenull\n"
            .to_owned();
    }
    let Account { user, group, .. } = own;
    format!(
        "default_internal_user = {user}\ndefault_internal_group = {group}\ndefault_login_user = {user}\n\
         service anvil {{\n chroot =\n}}\nservice imap-login {{\n chroot =\n}}\n"
    )
}

fn quota_and_rights(folder: &Path) -> String {
    let folder = folder.display();
    format!(
        "mail_plugins = $mail_plugins quota acl\n\
         protocol imap {{\n mail_plugins = $mail_plugins imap_quota imap_acl\n}}\n\
         plugin {{\n quota = count:User quota\n quota_vsizes = yes\n quota_rule = *:storage=1G\n quota_grace = 0\n\
         acl = vfile:{folder}/acls:cache_secs=1\n}}\n"
    )
}
