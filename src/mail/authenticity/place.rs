//! Which fields the trusted host wrote, told by where they stand.
//!
//! Hosts put what they write on top of what they received. So a sender can have written everything below the topmost
//! `Received` of the trusted host, and nothing above it. Where the host hands mail on to itself, over LMTP say, the tenant
//! says how many such `Received` every mail has above that one; what a mail says of itself tells nothing.
//!
//! Directly below it fields count only for a host that lets none in at all. To trust single methods would not do:
//! `OpenDKIM` leaves fields without a DKIM result, with one that it cannot parse (`x.y=z`), and of several forged ones some.

use super::results::{self, MethodResult, Results};
use super::scanner::unfolded;
use super::{NotProven, TrustedReceiver};
use crate::mail::structure::Header;

/// The hosts of Exchange Online that take mail from outside.
const EXCHANGE_FRONT: &str = ".mail.protection.outlook.com";
/// The hosts of Exchange Online that pass mail on inside, or take it from people who have logged in.
const EXCHANGE_INSIDE: [&str; 2] = [".prod.outlook.com", ".outlook.office365.com"];
/// So many results no honest host writes about one mail.
const MOST_RESULTS: usize = 100;
/// Fields that milters and receiving hosts write below their `Received`, beside all whose names begin with `X-` or `ARC-`.
const OF_THE_RECEIVER: [&[u8]; 6] =
    [b"Authentication-Results", b"Received-SPF", b"Return-Path", b"Delivered-To", b"DKIM-Filter", b"DMARC-Filter"];

/// What the trusted host says.
pub(super) fn testimony(header: &Header<'_>, trusted: &TrustedReceiver) -> Result<Vec<MethodResult>, NotProven> {
    match trusted {
        TrustedReceiver::Hosts { authserv_ids, receiving_hosts, inner_hops, strips_forged } => {
            let is_own = |host: &str| receiving_hosts.iter().any(|own| own == host);
            let named = |field: &Results| field.id.as_ref().is_some_and(|id| authserv_ids.contains(id));
            let zones = Zones::of(header, *inner_hops, is_own);
            let below = if *strips_forged { zones.below } else { Vec::new() };
            let twice =
                say_one_thing_twice(&below.iter().filter_map(|field| read(field)).filter(named).collect::<Vec<_>>());
            let counting: Vec<Option<Results>> = zones.above.iter().chain(&below).map(|field| read(field)).collect();
            // One that cannot be read may say anything.
            let unreadable = counting.iter().any(Option::is_none);
            let fields: Vec<Results> = counting.into_iter().flatten().filter(named).collect();
            let somewhere = header.in_order().filter(|(name, _)| is_results(name)).filter_map(|(_, value)| read(value));
            match (zones.found, fields.is_empty()) {
                (_, true) if somewhere.filter(named).count() == 0 => Err(NotProven::NoResult),
                (false, _) => Err(NotProven::NoReceived),
                (true, true) => Err(NotProven::WrongPlace),
                (true, false) if unreadable => Err(NotProven::Unreadable),
                (true, false) if twice => Err(NotProven::Contradicting),
                (true, false) => together(fields),
            }
        }
        TrustedReceiver::ExchangeOnline => {
            let zones = Zones::of(header, 0, |host| host.ends_with(EXCHANGE_FRONT));
            let Some(topmost) = zones.above.first().and_then(|field| read(field)) else {
                return Err(NotProven::NoResult);
            };
            match (&topmost.id, zones.found) {
                (Some(_), _) => Err(NotProven::NoResult),
                (None, false) => Err(NotProven::NoReceived),
                (None, true) => together(vec![topmost]),
            }
        }
    }
}

/// Exchange Online says that somebody inside the organisation handed the mail in, it never was outside, and what was
/// found out about it does not say otherwise.
pub(super) fn is_inside(header: &Header<'_>) -> bool {
    let mut said = header.all("X-MS-Exchange-Organization-AuthAs");
    let internal = said.next().is_some_and(|word| word.eq_ignore_ascii_case(b"internal")) && said.next().is_none();
    let mut hops = header.in_order().filter(|(name, _)| name.eq_ignore_ascii_case(b"Received")).peekable();
    let was_inside = hops.peek().is_some()
        && hops.all(|(_, value)| {
            let hosts = by_hosts(value);
            !hosts.is_empty() && hosts.iter().all(|host| EXCHANGE_INSIDE.iter().any(|inside| host.ends_with(inside)))
        });
    let calm = header.in_order().filter(|(name, _)| is_results(name)).all(|(_, value)| {
        read(value).and_then(|field| field.methods.ok()).is_some_and(|methods| {
            let mut verdicts = methods.iter().filter(|said| matches!(said.method.as_str(), "dmarc" | "spf" | "dkim"));
            verdicts.all(|said| matches!(said.result.as_str(), "none" | "pass" | "bestguesspass"))
        })
    });
    internal && was_inside && calm
}

/// Two fields name the same method: the milters of one host share the work, so one of the two was there before.
fn say_one_thing_twice(fields: &[Results]) -> bool {
    let names = |field: &&Results, method| field.methods.iter().flatten().any(|said| said.method == method);
    ["dmarc", "dkim", "spf"].iter().any(|method| fields.iter().filter(|field| names(field, *method)).count() > 1)
}

fn together(fields: Vec<Results>) -> Result<Vec<MethodResult>, NotProven> {
    let mut all = Vec::new();
    for field in fields {
        all.extend(field.methods.map_err(|_| NotProven::Unreadable)?);
    }
    if all.len() > MOST_RESULTS { Err(NotProven::Unreadable) } else { Ok(all) }
}

/// The result fields of a header by where they stand.
struct Zones<'a> {
    above: Vec<&'a [u8]>,
    /// Directly below the host's own `Received`, before the first field of the mail itself.
    below: Vec<&'a [u8]>,
    /// The `Received` with which the host took the mail in was found; without it nothing is above it.
    found: bool,
}

impl<'a> Zones<'a> {
    /// `inner_hops`: so many `Received` of the host's own stand on top, and no others, before that one.
    fn of(header: &Header<'a>, inner_hops: usize, is_own: impl Fn(&str) -> bool) -> Self {
        let mut zones = Self { above: Vec::new(), below: Vec::new(), found: false };
        let mut passed = 0;
        for (name, value) in header.in_order() {
            if zones.found && !is_of_the_receiver(name) {
                break;
            }
            if is_results(name) {
                if zones.found { &mut zones.below } else { &mut zones.above }.push(value);
            } else if name.eq_ignore_ascii_case(b"Received") {
                match by_hosts(value).iter().any(|host| is_own(host)) {
                    true if passed == inner_hops => zones.found = true,
                    true => passed += 1,
                    false if inner_hops > 0 => break,
                    false => {}
                }
            }
        }
        zones
    }
}

fn is_results(name: &[u8]) -> bool {
    name.eq_ignore_ascii_case(b"Authentication-Results")
}

fn is_of_the_receiver(name: &[u8]) -> bool {
    let begins = |with: &[u8]| name.get(..with.len()).is_some_and(|start| start.eq_ignore_ascii_case(with));
    begins(b"X-") || begins(b"ARC-") || OF_THE_RECEIVER.iter().any(|known| name.eq_ignore_ascii_case(known))
}

/// Every word behind a `by`, wherever it stands: a sender who greets with odd words or opens a comment shall not hide
/// the host's own field, for then one that the sender wrote would be taken for it.
fn by_hosts(received: &[u8]) -> Vec<String> {
    let text = String::from_utf8_lossy(received).to_lowercase();
    let mut words =
        text.split(|letter: char| letter.is_whitespace() || "()\";<>[]".contains(letter)).filter(|w| !w.is_empty());
    let mut hosts = Vec::new();
    let mut before = words.next();
    for word in words {
        if before == Some("by") {
            hosts.push(word.trim_end_matches('.').to_owned());
        }
        before = Some(word);
    }
    hosts
}

fn read(value: &[u8]) -> Option<Results> {
    results::read(&unfolded(value)?).ok()
}
