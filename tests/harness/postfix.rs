//! A private Postfix: takes mail from users that Dovecot knows, over STARTTLS or TLS from the start, and delivers it
//! into Dovecot's mailboxes. Nothing leaves the machine.
//!
//! Mail to `anna@example.test` ends in the inbox of Dovecot's user `anna`. Refused from the start are the recipients of
//! [`REFUSED`]; recipients that begin with `grau` are greylisted: refused the first time and then accepted.

use std::fmt::Write as _;
use std::fs::{self, File, Permissions};
use std::io::{BufRead, BufReader};
use std::net::{Ipv4Addr, TcpStream};
use std::os::unix::fs::{PermissionsExt, chown};
use std::path::Path;
use std::process::Command;
use std::time::{Duration, SystemTime};

use super::account::{Account, group_id, runs_as_root};
use super::certificates::{Certificates, LOCALHOST};
use super::dovecot::Dovecot;
use super::folder::Folder;
use super::installed::{missing, output_of, program};
use super::policy::Policy;
use super::ports::Port;
use super::process::{NotReady, Program, ServerProcess};

/// Recipients and the answers to them, until a test says otherwise by [`Postfix::refuse`] and [`Postfix::accept`].
pub const REFUSED: [(&str, &str); 3] = [
    ("spaeter@example.test", "451 4.3.0 try later"),
    ("nie@example.test", "550 5.1.1 no such person"),
    ("voll@example.test", "552 5.2.2 mailbox full"),
];

/// The largest mail it takes, in bytes.
pub const LARGEST_MAIL: u64 = 1_000_000;

/// A running Postfix of a test's own.
pub struct Postfix {
    // Declared before the folder, hence dropped before it.
    process: Option<ServerProcess>,
    folder: Folder,
    certificates: Certificates,
    policy: Policy,
    starttls: Port,
    tls: Port,
}

/// Collects what a test wants; [`Builder::start`] starts it.
pub struct Builder {
    domains: Vec<String>,
    aliases: Vec<(String, String)>,
    extra: String,
}

impl Builder {
    /// Takes mail for this domain too; its local parts are Dovecot's users as well.
    #[must_use]
    pub fn domain(mut self, domain: &str) -> Self {
        self.domains.push(domain.to_owned());
        self
    }

    /// Delivers mail for one address to another one.
    #[must_use]
    pub fn alias(mut self, from: &str, to: &str) -> Self {
        self.aliases.push((from.to_owned(), to.to_owned()));
        self
    }

    /// Adds lines to `main.cf`; of two settings the last one counts.
    #[must_use]
    pub fn extra(mut self, lines: &str) -> Self {
        self.extra.push_str(lines);
        self.extra.push('\n');
        self
    }

    /// Starts it and waits until it greets.
    pub fn start(self, dovecot: &Dovecot) -> Postfix {
        // Somebody else may take a port in the moment between its choice and the start.
        for _ in 0..5 {
            if let Ok(postfix) = Postfix::try_to_start(&self, dovecot) {
                return postfix;
            }
        }
        panic!("five times in a row somebody else took Postfix' port");
    }

    fn main_cf(&self, postfix: &Postfix, dovecot: &Dovecot) -> String {
        let (folder, greeting) = (postfix.folder.path().display(), postfix.folder.name());
        let certificates = &postfix.certificates;
        let (certificate, key) = (certificates.server_certificate.display(), certificates.server_key.display());
        let (login, lmtp) = (dovecot.login_socket(), dovecot.lmtp_socket());
        let (login, lmtp, policy) = (login.display(), lmtp.display(), postfix.policy.port());
        let domains = self.domains.join(", ");
        let aliases = self.aliases.iter().fold(String::new(), |mut lines, (from, to)| {
            write!(lines, " {{ {from} = {to} }}").unwrap();
            lines
        });
        let aliases = if aliases.is_empty() { aliases } else { format!("inline:{{{aliases} }}") };
        format!(
            "compatibility_level = 3.6\nqueue_directory = {folder}/queue\ndata_directory = {folder}/data\n\
             maillog_file = {folder}/maillog\nmaillog_file_prefixes = {folder}\n\
             inet_interfaces = 127.0.0.1\ninet_protocols = ipv4\nsmtp_dns_support_level = disabled\n\
             myhostname = mx.example.test\nsmtpd_banner = $myhostname ESMTP {greeting}\n\
             mydestination =\nmynetworks =\nalias_maps =\nlocal_recipient_maps =\n\
             local_transport = error:5.1.1 no local mail here\n\
             default_transport = error:5.4.4 nothing leaves this machine\n\
             smtpd_peername_lookup = no\nsmtpd_error_sleep_time = 0\nsmtpd_client_connection_rate_limit = 0\n\
             smtpd_tls_cert_file = {certificate}\nsmtpd_tls_key_file = {key}\n\
             smtpd_tls_security_level = may\nsmtpd_tls_auth_only = yes\n\
             smtpd_sasl_auth_enable = yes\nsmtpd_sasl_type = dovecot\nsmtpd_sasl_path = {login}\n\
             smtpd_relay_restrictions = permit_sasl_authenticated, reject\n\
             smtpd_recipient_restrictions = check_policy_service inet:127.0.0.1:{policy}, permit\n\
             virtual_mailbox_domains = {domains}\nvirtual_mailbox_maps =\nvirtual_alias_domains =\n\
             virtual_alias_maps = {aliases}\nvirtual_transport = lmtp:unix:{lmtp}\n\
             message_size_limit = {LARGEST_MAIL}\n{}",
            self.extra
        )
    }
}

impl Postfix {
    /// One that takes mail for `example.test`.
    pub fn start(dovecot: &Dovecot) -> Self {
        Self::builder().start(dovecot)
    }

    /// For a test that wants something special.
    pub fn builder() -> Builder {
        Builder { domains: vec!["example.test".to_owned()], aliases: Vec::new(), extra: String::new() }
    }

    fn try_to_start(wanted: &Builder, dovecot: &Dovecot) -> Result<Self, NotReady> {
        assert!(runs_as_root(), "Postfix can only be started as root");
        let folder = Folder::create();
        let certificates = Certificates::create(folder.path(), LOCALHOST);
        let (policy, starttls, tls) = (Policy::start(), Port::claim(), Port::claim());
        let mut postfix = Self { process: None, folder, certificates, policy, starttls, tls };
        for (recipient, reply) in REFUSED {
            postfix.refuse(recipient, reply);
        }
        make_queue(&postfix.folder);
        fs::create_dir(postfix.folder.join("etc")).unwrap();
        let main_cf = postfix.folder.write("etc/main.cf", wanted.main_cf(&postfix, dovecot));
        make_older(&main_cf);
        postfix.folder.write("etc/master.cf", master_cf(postfix.port(), postfix.tls_port()));
        postfix.launch()?;
        Ok(postfix)
    }

    /// Cuts all connections and ends it at once. What is queued stays.
    pub fn stop(&mut self) {
        self.process = None;
    }

    /// Starts it again after [`Postfix::stop`], on the same ports.
    pub fn start_again(&mut self) {
        assert!(self.process.is_none(), "Postfix runs already");
        self.launch().expect("the ports are claimed and Postfix held them before");
    }

    fn launch(&mut self) -> Result<(), NotReady> {
        let master = Path::new("/usr/lib/postfix/sbin/master");
        if !master.is_file() {
            missing("Postfix", "postfix");
        }
        let mut process = Program::new(master, self.folder.join("postfix.out"))
            .argument("-c")
            .argument(self.folder.join("etc"))
            // Stays in the foreground.
            .argument("-d")
            .guarded()
            .start()
            .also_logs_to(self.folder.join("maillog"));
        process.wait_until_ready(|| self.greets())?;
        self.process = Some(process);
        Ok(())
    }

    fn greets(&self) -> bool {
        let Ok(connection) = TcpStream::connect((Ipv4Addr::LOCALHOST, self.port())) else { return false };
        connection.set_read_timeout(Some(Duration::from_secs(5))).unwrap();
        let mut greeting = String::new();
        let is_read = BufReader::new(connection).read_line(&mut greeting).is_ok();
        is_read && greeting.starts_with("220 ") && greeting.contains(self.folder.name())
    }

    /// STARTTLS, on 127.0.0.1. Logins only after it.
    pub fn port(&self) -> u16 {
        self.starttls.number()
    }

    /// TLS from the start.
    pub fn tls_port(&self) -> u16 {
        self.tls.number()
    }

    /// The CA (PEM) to trust for `localhost` and `127.0.0.1`.
    pub fn ca_file(&self) -> &Path {
        &self.certificates.ca_file
    }

    /// A CA that did not issue this server's certificate.
    pub fn other_ca_file(&self) -> &Path {
        &self.certificates.other_ca_file
    }

    /// From now on this recipient is refused at RCPT with this reply, such as `451 4.3.0 try later`.
    pub fn refuse(&self, recipient: &str, reply: &str) {
        self.policy.refuse(recipient, reply);
    }

    /// From now on this recipient is accepted.
    pub fn accept(&self, recipient: &str) {
        self.policy.accept(recipient);
    }

    /// From now on this recipient is answered only after [`Postfix::let_go`]: the server is slow about it.
    pub fn hold(&self, recipient: &str) {
        self.policy.hold(recipient);
    }

    /// Ends what [`Postfix::hold`] began.
    pub fn let_go(&self, recipient: &str) {
        self.policy.let_go(recipient);
    }

    /// Whether mail for a recipient on hold came in.
    pub fn keeps_waiting(&self, recipient: &str) -> bool {
        self.policy.keeps_waiting(recipient)
    }

    /// How many mails it has taken and not yet delivered.
    pub fn queued(&self) -> usize {
        self.postqueue("-j").lines().count()
    }

    /// Tries at once to deliver what is queued; by itself it would wait for minutes.
    pub fn deliver_queued(&self) {
        self.postqueue("-f");
    }

    fn postqueue(&self, option: &str) -> String {
        let mut command = Command::new(program("postqueue", "postfix"));
        output_of(command.arg("-c").arg(self.folder.join("etc")).arg(option))
    }

    /// The number of its process, while it runs.
    pub fn process_id(&self) -> Option<u32> {
        self.process.as_ref().map(ServerProcess::id)
    }

    /// What it logged until now.
    pub fn log(&self) -> String {
        self.process.as_ref().map(ServerProcess::log).unwrap_or_default()
    }
}

/// The folders that Postfix wants to find, with the owners it insists on.
fn make_queue(folder: &Folder) {
    let (postfix, postdrop) = (Account::named("postfix"), group_id("postdrop"));
    fs::create_dir(folder.join("queue")).unwrap();
    fs::create_dir(folder.join("queue/pid")).unwrap();
    let private = "active bounce corrupt defer deferred flush hold incoming private saved trace";
    for name in private.split(' ') {
        let path = folder.make(&format!("queue/{name}"), &postfix);
        fs::set_permissions(path, Permissions::from_mode(0o700)).unwrap();
    }
    for (name, mode) in [("maildrop", 0o730), ("public", 0o710)] {
        let path = folder.make(&format!("queue/{name}"), &postfix);
        chown(&path, None, Some(postdrop)).unwrap();
        fs::set_permissions(path, Permissions::from_mode(mode)).unwrap();
    }
    folder.make("data", &postfix);
}

/// Postfix waits for about 2 s before it believes a file that was written just now.
fn make_older(path: &Path) {
    let file = File::options().write(true).open(path).unwrap();
    file.set_modified(SystemTime::now() - Duration::from_mins(1)).unwrap();
}

/// The services of one instance; none of them in a chroot.
fn master_cf(starttls: u16, tls: u16) -> String {
    format!(
        "127.0.0.1:{starttls} inet n - n - - smtpd\n\
         127.0.0.1:{tls} inet n - n - - smtpd -o smtpd_tls_wrappermode=yes\n\
         pickup unix n - n 60 1 pickup\ncleanup unix n - n - 0 cleanup\nqmgr unix n - n 300 1 qmgr\n\
         tlsmgr unix - - n 1000? 1 tlsmgr\nrewrite unix - - n - - trivial-rewrite\nbounce unix - - n - 0 bounce\n\
         defer unix - - n - 0 bounce\ntrace unix - - n - 0 bounce\nverify unix - - n - 1 verify\n\
         flush unix n - n 1000? 0 flush\nshowq unix n - n - - showq\nproxymap unix - - n - - proxymap\n\
         error unix - - n - - error\nretry unix - - n - - error\nlmtp unix - - n - - lmtp\n\
         anvil unix - - n - 1 anvil\nscache unix - - n - 1 scache\npostlog unix-dgram n - n - 1 postlogd\n"
    )
}
