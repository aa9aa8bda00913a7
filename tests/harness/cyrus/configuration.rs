//! Cyrus's two configuration files. An empty value in either is fatal.

use std::path::Path;

use super::Namespace;
use crate::harness::account::Account;
use crate::harness::certificates::Certificates;

/// The name that the password file keeps its users under.
pub(super) const REALM: &str = "localhost";

/// `imapd.conf`: mailboxes and logins.
pub(super) fn imapd(folder: &Path, owner: &Account, certificates: &Certificates, namespace: Namespace) -> String {
    let folder = folder.display();
    let Account { user, group, .. } = owner;
    let (certificate, key) = (certificates.server_certificate.display(), certificates.server_key.display());
    let beside = match namespace {
        Namespace::InsideInbox => "no",
        Namespace::BesideInbox => "yes",
    };
    format!(
        "configdirectory: {folder}/conf\npartition-default: {folder}/spool\ndefaultpartition: default\n\
         cyrus_user: {user}\ncyrus_group: {group}\nservername: {REALM}\nadmins: admin\nvirtdomains: off\n\
         allowplaintext: yes\nsasl_mech_list: PLAIN LOGIN\nsasl_pwcheck_method: auxprop\n\
         sasl_auxprop_plugin: sasldb\nsasl_sasldb_path: {folder}/passwords\n\
         unixhierarchysep: {beside}\naltnamespace: {beside}\nautocreate_quota: 0\nautocreate_post: yes\n\
         idlesocket: {folder}/conf/socket/idle\nlmtpsocket: {folder}/conf/socket/lmtp\n\
         notifysocket: {folder}/conf/socket/notify\nmaster_pid_file: {folder}/run/master.pid\n\
         master_ready_file: {folder}/run/master.ready\ntemp_path: {folder}/tmp\nsievedir: {folder}/conf/sieve\n\
         tls_server_cert: {certificate}\ntls_server_key: {key}\n"
    )
}

/// `cyrus.conf`: the programs to run. Each is told its `imapd.conf`, else it looks for the system's.
pub(super) fn services(folder: &Path, binaries: &Path, imap: u16, imaps: u16) -> String {
    let command = |program: &str| format!("{}/{program} -C {}/imapd.conf", binaries.display(), folder.display());
    format!(
        "START {{\nrecover cmd=\"{} -r\"\n}}\n\
         SERVICES {{\nimap cmd=\"{imapd} -U 30\" listen=\"127.0.0.1:{imap}\" prefork=1\n\
         imaps cmd=\"{imapd} -s -U 30\" listen=\"127.0.0.1:{imaps}\" prefork=0\n}}\n\
         DAEMON {{\nidled cmd=\"{}\"\n}}\nEVENTS {{\n}}\n",
        command("ctl_cyrusdb"),
        command("idled"),
        imapd = command("imapd"),
    )
}
