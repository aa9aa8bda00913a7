//! Which way is chosen, and what COPYUID is taken to say.

use async_imap::imap_proto::Response;

use super::{Copied, Uid, Way, sets};

fn uid(number: u32) -> Uid {
    Uid::new(number).unwrap()
}

fn told(line: &str, asked: &[u32]) -> (Option<u32>, Vec<(u32, Option<u32>)>) {
    told_by(true, line, asked)
}

fn told_by(tells: bool, line: &str, asked: &[u32]) -> (Option<u32>, Vec<(u32, Option<u32>)>) {
    let uids: Vec<Uid> = asked.iter().map(|number| uid(*number)).collect();
    let set = sets(&uids).remove(0);
    let (_, response) = Response::parse(line.as_bytes()).unwrap();
    let mut copied = Copied::default();
    copied.take_in(&response, set.uids.len());
    let pairs = copied.pairs_of(&set, tells).into_iter().map(|(from, to)| (from.get(), to.map(Uid::get))).collect();
    (copied.uid_validity, pairs)
}

#[test]
fn the_way_follows_what_the_server_offers() {
    assert_eq!(Way::offered_by(&["MOVE", "UIDPLUS"].into()), Way::Move);
    assert_eq!(Way::offered_by(&["MOVE"].into()), Way::Move);
    assert_eq!(Way::offered_by(&["UIDPLUS"].into()), Way::CopyAndExpunge);
    assert_eq!(Way::offered_by(&["IMAP4rev1"].into()), Way::CopyAndMark);
}

#[test]
fn copyuid_is_read_from_the_untagged_and_from_the_tagged_ok() {
    let expected = (Some(77), vec![(3, Some(10)), (4, Some(11)), (9, Some(12))]);
    assert_eq!(told("* OK [COPYUID 77 3:4,9 10:12] Moved\r\n", &[3, 4, 9]), expected);
    assert_eq!(told("R5 OK [COPYUID 77 3:4,9 10:12] Done\r\n", &[3, 4, 9]), expected);
}

#[test]
fn a_mail_that_had_vanished_before_is_not_said_to_be_moved() {
    assert_eq!(told("R5 OK [COPYUID 77 3 10] Done\r\n", &[3, 4]), (Some(77), vec![(3, Some(10))]));
}

#[test]
fn a_server_that_tells_no_uids_moved_all_and_one_that_would_have_told_them_moved_none() {
    assert_eq!(told_by(false, "R5 OK Done\r\n", &[3, 4]), (None, vec![(3, None), (4, None)]));
    assert_eq!(told("R5 OK No messages found\r\n", &[3, 4]), (None, vec![]));
}

#[test]
fn a_copyuid_of_unequal_or_absurd_halves_tells_nothing() {
    for line in ["R5 OK [COPYUID 77 3:4 10] x\r\n", "R5 OK [COPYUID 77 1:4294967295 1] x\r\n"] {
        assert_eq!(told_by(false, line, &[3, 4]), (None, vec![(3, None), (4, None)]), "{line}");
        assert_eq!(told(line, &[3, 4]), (None, vec![]), "{line}");
    }
}
