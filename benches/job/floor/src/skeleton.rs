//! The whole job without any safety: what is fetched next overlaps what is read and recorded now, and mail is moved after
//! its transaction. No attempt is noted, nobody is looked up or told, and nothing may go wrong.

use crate::imap::{Imap, number_after, set};
use crate::into_postgres;
use crate::reading::{Row, parse};
use std::collections::VecDeque;
use std::sync::mpsc::{channel, sync_channel};
use std::thread;

type Mail = (u32, Vec<u8>);

/// Imports all that is unseen, and gives how many mails that was.
pub fn run(tls: bool, bytes_at_once: u64) -> usize {
    let (fetched, to_record) = sync_channel::<Vec<Mail>>(1);
    let (recorded, to_move) = channel::<Vec<u32>>();
    let recorder = thread::spawn(move || {
        let mut client = into_postgres::connect();
        for mails in to_record {
            let rows: Vec<Row> = mails.iter().map(|(uid, mail)| parse(*uid, mail)).collect();
            drop(mails);
            into_postgres::copy(&mut client, &rows);
            recorded.send(rows.iter().map(|row| row.uid).collect()).unwrap();
        }
    });

    let mut imap = Imap::connect(tls);
    imap.command("SELECT INBOX");
    let mut batches = batches(&mut imap, bytes_at_once).into_iter();
    let (mut moved, mut moves) = (0, VecDeque::new());
    let fetch = |imap: &mut Imap, batch: Vec<u32>| imap.send(&format!("UID FETCH {} (BODY.PEEK[])", set(&batch)));
    let mut next = batches.next().map(|batch| fetch(&mut imap, batch));
    while let Some(tag) = next.take() {
        if let Ok(uids) = to_move.try_recv() {
            moved += uids.len();
            moves.push_back(imap.send(&format!("UID MOVE {} Archive", set(&uids))));
        }
        // One FETCH waits behind the one that is read.
        next = batches.next().map(|batch| fetch(&mut imap, batch));
        let mut mails = Vec::new();
        // Data of a later command may come before the end of an earlier one.
        let mut keep = |line: &[u8], mail: Option<Vec<u8>>| {
            mails.extend(mail.map(|mail| (number_after(line, "UID ").unwrap() as u32, mail)));
        };
        imap.wait_for(&tag, true, &mut keep);
        while let Some(tag) = moves.pop_front() {
            imap.wait_for(&tag, true, &mut keep);
        }
        if !mails.is_empty() {
            fetched.send(mails).unwrap();
        }
    }
    drop(fetched);
    for uids in to_move {
        moved += uids.len();
        imap.command(&format!("UID MOVE {} Archive", set(&uids)));
    }
    recorder.join().unwrap();
    imap.command("LOGOUT");
    moved
}

/// Unseen mails, at most a hundred at a time.
fn batches(imap: &mut Imap, bytes_at_once: u64) -> Vec<Vec<u32>> {
    let unseen = imap.unseen();
    let tag = imap.send(&format!("UID FETCH {} (RFC822.SIZE)", set(&unseen)));
    let mut sizes = Vec::new();
    imap.wait_for(&tag, false, &mut |line, _| {
        let found = number_after(line, "UID ").zip(number_after(line, "RFC822.SIZE "));
        sizes.extend(found.map(|(uid, size)| (uid as u32, size)));
    });
    let (mut batches, mut batch, mut bytes) = (Vec::new(), Vec::new(), 0);
    for (uid, size) in sizes {
        if !batch.is_empty() && (bytes + size > bytes_at_once || batch.len() >= 100) {
            batches.push(std::mem::take(&mut batch));
            bytes = 0;
        }
        batch.push(uid);
        bytes += size;
    }
    batches.extend((!batch.is_empty()).then_some(batch));
    batches
}
