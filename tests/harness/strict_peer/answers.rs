//! What the peer answers when it obeys: each line (or mail) of the answer by itself, the tagged one last.

use super::Seen;
use super::conversation::{Conversation, Open};
use super::mail_store::{Folder, Kept, MailStore, range};

type Lines = Vec<Vec<u8>>;

impl Conversation {
    pub(super) fn answer(&mut self, seen: &Seen) -> Lines {
        let arguments = seen.command.get(seen.verb.len()..).unwrap_or_default().trim_start();
        let answer = match seen.verb.as_str() {
            "GREETING" => return lines(&["* OK ready"]),
            "LOGOUT" => return lines(&["* BYE", "TAG OK bye"]),
            "CAPABILITY" => Ok(self.capabilities()),
            "LOGIN" => self.log_in(arguments),
            _ if !self.is_logged_in => Err("BAD log in first".to_owned()),
            "NOOP" | "SUBSCRIBE" => Ok(Vec::new()),
            "LIST" => Ok(self.list()),
            "CREATE" => self.create(arguments),
            "SELECT" | "EXAMINE" => self.open(arguments, seen.verb == "EXAMINE"),
            verb if verb.starts_with("UID ") && self.open.is_some() => self.on_mails(verb, arguments),
            _ => Err(format!("BAD what is {}?", seen.verb)),
        };
        let mut answer = match answer {
            Ok(answer) => answer,
            Err(refusal) => {
                if refusal.starts_with("BAD") {
                    self.shared.complain(&format!("{}: {refusal}", seen.command));
                }
                return lines(&[&format!("TAG {refusal}")]);
            }
        };
        answer.extend(self.news());
        answer.extend(lines(&["TAG OK done"]));
        answer
    }

    /// What the client was not yet told of the open folder.
    pub(super) fn news(&mut self) -> Lines {
        let (Some(open), store) = (&mut self.open, self.shared.store.lock().unwrap()) else { return Vec::new() };
        let Some(folder) = store.folders.get(&open.folder) else { return Vec::new() };
        let mut news: Vec<String> =
            folder.vanished[open.vanished..].iter().map(|number| format!("* {number} EXPUNGE")).collect();
        let expected = open.exists - news.len();
        if folder.mails.len() != expected {
            news.push(format!("* {} EXISTS", folder.mails.len()));
        }
        (open.vanished, open.exists) = (folder.vanished.len(), folder.mails.len());
        news.iter().map(|line| format!("{line}\r\n").into_bytes()).collect()
    }

    fn capabilities(&self) -> Lines {
        let offered = self.shared.store.lock().unwrap().capabilities.join(" ");
        lines(&[&format!("* CAPABILITY IMAP4rev1 {offered}")])
    }

    fn log_in(&mut self, arguments: &str) -> Result<Lines, String> {
        self.is_logged_in = arguments == r#""import" "geheim""#;
        if self.is_logged_in { Ok(Vec::new()) } else { Err("NO [AUTHENTICATIONFAILED] wrong".to_owned()) }
    }

    fn list(&self) -> Lines {
        let store = self.shared.store.lock().unwrap();
        store.folders.keys().map(|name| format!("* LIST () \"/\" \"{name}\"\r\n").into_bytes()).collect()
    }

    fn create(&self, name: &str) -> Result<Lines, String> {
        let mut store = self.shared.store.lock().unwrap();
        if store.folders.contains_key(unquoted(name)) {
            return Err("NO [ALREADYEXISTS] it is there".to_owned());
        }
        store.folders.insert(unquoted(name).to_owned(), Folder::new(9));
        Ok(Vec::new())
    }

    fn open(&mut self, name: &str, read_only: bool) -> Result<Lines, String> {
        self.open = None;
        let store = self.shared.store.lock().unwrap();
        let name = unquoted(name);
        let folder = store.folders.get(name).ok_or("NO [NONEXISTENT] no such folder")?;
        let (exists, vanished) = (folder.mails.len(), folder.vanished.len());
        self.open = Some(Open { folder: name.to_owned(), read_only, exists, vanished });
        Ok(lines(&[
            "* FLAGS (\\Seen \\Deleted)",
            "* OK [PERMANENTFLAGS (\\Seen \\Deleted)] these",
            &format!("* {exists} EXISTS"),
            "* 0 RECENT",
            &format!("* OK [UIDVALIDITY {}] x", folder.uid_validity),
            &format!("* OK [UIDNEXT {}] x", folder.uid_next),
        ]))
    }

    fn on_mails(&mut self, verb: &str, arguments: &str) -> Result<Lines, String> {
        let open = self.open.as_ref().ok_or("BAD open a folder first")?;
        let mut store = self.shared.store.lock().unwrap();
        let store = &mut *store;
        let (set, rest) = arguments.split_once(' ').unwrap_or((arguments, ""));
        match verb {
            "UID SEARCH" => search(&store.folders[&open.folder], arguments),
            "UID FETCH" => Ok(fetch(&store.folders[&open.folder], set, rest)),
            _ if open.read_only => Err("BAD it is open for reading".to_owned()),
            "UID MOVE" if store.offers("MOVE") => {
                let (copied, uids) = copy(store, &open.folder, set, rest)?;
                store.folders.get_mut(&open.folder).unwrap().expunge(&uids);
                Ok(copied)
            }
            "UID COPY" => Ok(copy(store, &open.folder, set, rest)?.0),
            "UID STORE" if matches!(rest, "+FLAGS.SILENT (\\Deleted)" | "-FLAGS.SILENT (\\Deleted)") => {
                let folder = store.folders.get_mut(&open.folder).unwrap();
                let (uids, deleted) = (folder.in_set(set), rest.starts_with('+'));
                folder.mails.iter_mut().filter(|mail| uids.contains(&mail.uid)).for_each(|mail| mail.deleted = deleted);
                Ok(Vec::new())
            }
            "UID EXPUNGE" if store.offers("UIDPLUS") => {
                let folder = store.folders.get_mut(&open.folder).unwrap();
                let mut uids = folder.in_set(set);
                uids.retain(|uid| folder.mails.iter().any(|mail| mail.uid == *uid && mail.deleted));
                folder.expunge(&uids);
                Ok(Vec::new())
            }
            _ => Err(format!("BAD {verb} was not offered")),
        }
    }
}

fn copy(store: &mut MailStore, from: &str, set: &str, to: &str) -> Result<(Lines, Vec<u32>), String> {
    let uids = store.folders[from].in_set(set);
    let (uid_validity, pairs) = store.copy(from, &uids, unquoted(to)).ok_or("NO [TRYCREATE] no such folder")?;
    // COPYUID is of UIDPLUS (RFC 4315).
    if pairs.is_empty() || !store.offers("UIDPLUS") {
        return Ok((Vec::new(), uids));
    }
    let (old, new): (Vec<String>, Vec<String>) =
        pairs.iter().map(|(old, new)| (old.to_string(), new.to_string())).unzip();
    Ok((lines(&[&format!("* OK [COPYUID {uid_validity} {} {}] x", old.join(","), new.join(","))]), uids))
}

/// Keys: a range of sequence numbers, or `UID` and a set; UNSEEN, SEEN, DELETED, UNDELETED; sizes; days; a header with a part of its value.
fn search(folder: &Folder, keys: &str) -> Result<Lines, String> {
    let mut words = keys.split(' ');
    let mut found: Vec<(usize, &Kept)> = (1..).zip(&folder.mails).collect();
    while let Some(word) = words.next() {
        match word {
            "UNSEEN" => found.retain(|(_, mail)| !mail.seen),
            "SEEN" => found.retain(|(_, mail)| mail.seen),
            "DELETED" => found.retain(|(_, mail)| mail.deleted),
            "UNDELETED" => found.retain(|(_, mail)| !mail.deleted),
            "UID" => {
                let uids = folder.in_set(words.next().ok_or("BAD which?")?);
                found.retain(|(_, mail)| uids.contains(&mail.uid));
            }
            "LARGER" | "SMALLER" => {
                let size: usize = words.next().and_then(|size| size.parse().ok()).ok_or("BAD which?")?;
                found.retain(
                    |(_, mail)| if word == "LARGER" { mail.bytes.len() > size } else { mail.bytes.len() < size },
                );
            }
            // Days are not looked at: what is found too much is looked into.
            "SINCE" | "BEFORE" => drop(words.next()),
            "HEADER" => {
                let (_, value) = (words.next(), unquoted(words.next().ok_or("BAD which?")?));
                found.retain(|(_, mail)| String::from_utf8_lossy(&mail.bytes).contains(value));
            }
            numbers if numbers.starts_with(|c: char| c.is_ascii_digit()) => {
                let (first, last) = range(numbers);
                if last as usize > folder.mails.len() {
                    return Err(format!("BAD there are no {last} mails"));
                }
                found.retain(|(number, _)| (first as usize..=last as usize).contains(number));
            }
            other => return Err(format!("BAD what is {other}?")),
        }
    }
    let uids: Vec<String> = found.iter().map(|(_, mail)| mail.uid.to_string()).collect();
    Ok(lines(&[format!("* SEARCH {}", uids.join(" ")).trim_end()]))
}

fn fetch(folder: &Folder, set: &str, items: &str) -> Lines {
    let uids = folder.in_set(set);
    let asked = (1..).zip(&folder.mails).filter(|(_, mail): &(usize, &Kept)| uids.contains(&mail.uid));
    asked.map(|(number, mail)| fetched(number, mail, items)).collect()
}

fn fetched(number: usize, mail: &Kept, items: &str) -> Vec<u8> {
    let mut line = format!("* {number} FETCH (UID {}", mail.uid).into_bytes();
    if items.contains("RFC822.SIZE") {
        line.extend(format!(" RFC822.SIZE {}", mail.bytes.len()).bytes());
    }
    if items.contains("INTERNALDATE") {
        line.extend(format!(" INTERNALDATE \"{}\"", mail.arrival).bytes());
    }
    if let Some((_, part)) = items.split_once("BODY.PEEK[]") {
        let most = part.strip_prefix("<0.").and_then(|part| part.split('>').next()?.parse().ok());
        let bytes = &mail.bytes[..most.map_or(mail.bytes.len(), |most: usize| most.min(mail.bytes.len()))];
        let begin = if most.is_some() { "<0>" } else { "" };
        line.extend(format!(" BODY[]{begin} {{{}}}\r\n", bytes.len()).bytes());
        line.extend(bytes);
    }
    line.extend(b")\r\n");
    line
}

fn unquoted(text: &str) -> &str {
    text.trim_matches('"')
}

fn lines(texts: &[&str]) -> Lines {
    texts.iter().map(|text| format!("{text}\r\n").into_bytes()).collect()
}
