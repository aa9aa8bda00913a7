//! What must be said, and of which domain, for a From to be proven.

use super::results::MethodResult;
use super::{NotProven, ProvenBy, SenderProof, TrustedReceiver, from_field, place};
use crate::application::EmailAddress;
use crate::mail::structure::Header;

/// What a proof is asked for.
pub(crate) struct Asked<'a> {
    pub(crate) header: &'a Header<'a>,
    /// Who passed the mail on, as the rest of the program understands it.
    pub(crate) forwarder: Option<&'a EmailAddress>,
    pub(crate) trusted: Option<&'a TrustedReceiver>,
    /// The domains of the tenant's own people, in small letters.
    pub(crate) staff_domains: &'a [String],
}

/// Looks for a proof of the From.
pub(crate) fn prove(asked: &Asked<'_>) -> SenderProof {
    let Some(trusted) = asked.trusted else { return SenderProof::NotAsked };
    match proven_by(asked, trusted) {
        Ok(by) => SenderProof::Proven(by),
        Err(why) => SenderProof::Missing(why),
    }
}

fn proven_by(asked: &Asked<'_>, trusted: &TrustedReceiver) -> Result<ProvenBy, NotProven> {
    let from = from_field::read(asked.header)?;
    if asked.forwarder != Some(&from) {
        return Err(NotProven::Redirected);
    }
    let domain = Domain { from: from.domain(), staff: asked.staff_domains };
    let exchange = *trusted == TrustedReceiver::ExchangeOnline;
    if exchange && domain.is_staff(domain.from) && place::is_inside(asked.header) {
        return Ok(ProvenBy::InsideTheOrganisation);
    }
    judge(&place::testimony(asked.header, trusted)?, &domain)
}

/// The domain of the From, and what may stand for it.
struct Domain<'a> {
    from: &'a str,
    staff: &'a [String],
}

impl Domain<'_> {
    /// The same domain; above or below it only where both belong to the tenant, so that no list of the Internet's
    /// registries is needed to tell an organisation's domain from one where anybody may have a name.
    fn is_aligned(&self, other: &str) -> bool {
        let other = other.to_ascii_lowercase();
        let related = is_below(self.from, &other) || is_below(&other, self.from);
        other == self.from || (related && self.is_staff(self.from) && self.is_staff(&other))
    }

    fn is_staff(&self, domain: &str) -> bool {
        self.staff.iter().any(|staff| !staff.is_empty() && (domain == staff || is_below(domain, staff)))
    }
}

fn is_below(domain: &str, parent: &str) -> bool {
    domain.strip_suffix(parent).is_some_and(|sub| sub.len() > 1 && sub.ends_with('.'))
}

fn judge(said: &[MethodResult], domain: &Domain<'_>) -> Result<ProvenBy, NotProven> {
    let of = |method: &str| said.iter().filter(|said| said.method == method).cloned().collect::<Vec<_>>();
    let (dmarc, dkim, spf) = (of("dmarc"), of("dkim"), of("spf"));
    // A check of the greeting alone says nothing about the mail.
    let spf: Vec<MethodResult> =
        spf.into_iter().filter(|said| said.names("smtp.mailfrom") || !said.names("smtp.helo")).collect();
    let some_passed = |all: &[MethodResult]| all.iter().any(MethodResult::passed);
    let all_passed = |all: &[MethodResult]| all.iter().all(MethodResult::passed);
    let mixed = |all: &[MethodResult]| some_passed(all) && !all_passed(all);
    let unfounded =
        some_passed(&dmarc) && !(spf.is_empty() || dkim.is_empty() || some_passed(&spf) || some_passed(&dkim));
    if mixed(&dmarc) || mixed(&spf) || unfounded || two_return_paths(&spf) || contradicts_itself(&dkim) {
        return Err(NotProven::Contradicting);
    }
    let harmless = ["pass", "none", "bestguesspass", "temperror"];
    if dmarc.iter().any(|said| !harmless.contains(&said.result.as_str())) {
        return Err(NotProven::DmarcFailed);
    }
    if some_passed(&dmarc) {
        let same = |said: &MethodResult| {
            said.single("header.from").and_then(domain_of).is_some_and(|from| from.eq_ignore_ascii_case(domain.from))
        };
        return if dmarc.iter().all(same) { Ok(ProvenBy::Dmarc) } else { Err(NotProven::Contradicting) };
    }
    let signed = |said: &MethodResult| said.passed() && signer(said).is_some_and(|d| domain.is_aligned(d));
    if dkim.iter().any(signed) {
        return Ok(ProvenBy::Dkim);
    }
    let sent = |said: &MethodResult| {
        let mail_from = said.single("smtp.mailfrom").and_then(domain_of);
        said.passed() && !said.names("smtp.helo") && mail_from.is_some_and(|d| domain.is_aligned(d))
    };
    if spf.iter().any(sent) { Ok(ProvenBy::Spf) } else { Err(NotProven::NothingAligned) }
}

/// One mail has one return path.
fn two_return_paths(spf: &[MethodResult]) -> bool {
    let mut paths = spf.iter().filter_map(|said| said.single("smtp.mailfrom").and_then(domain_of));
    let first = paths.next();
    paths.any(|path| first.is_some_and(|first| !first.eq_ignore_ascii_case(path)))
}

/// The same signature both passed and failed. Where the key is not named, any of the domain's may be meant.
fn contradicts_itself(dkim: &[MethodResult]) -> bool {
    let same_key = |a: &MethodResult, b: &MethodResult| {
        let same_domain = matches!((signer(a), signer(b)), (Some(a), Some(b)) if a.eq_ignore_ascii_case(b));
        let keys = (a.single("header.s"), b.single("header.s"));
        same_domain && !matches!(keys, (Some(a), Some(b)) if !a.eq_ignore_ascii_case(b))
    };
    let failed = |said: &&MethodResult| said.result == "fail";
    dkim.iter().filter(failed).any(|bad| dkim.iter().any(|good| good.passed() && same_key(bad, good)))
}

/// The domain that signed: `header.d`, or that of `header.i` where it is not named; none if the two do not fit.
fn signer(said: &MethodResult) -> Option<&str> {
    let (d, i) = (said.single("header.d"), said.single("header.i").and_then(domain_of));
    if (said.names("header.d") && d.is_none()) || (said.names("header.i") && i.is_none()) {
        return None;
    }
    match (d, i) {
        (Some(d), Some(i)) => {
            let (small_d, small_i) = (d.to_ascii_lowercase(), i.to_ascii_lowercase());
            (small_i == small_d || is_below(&small_i, &small_d)).then_some(d)
        }
        (d, i) => d.or(i),
    }
}

/// The domain of a property's value: all of it, or what stands behind its `@`; none where several stand there.
fn domain_of(value: &str) -> Option<&str> {
    match value.split_once('@') {
        None => Some(value),
        Some((_, domain)) if !domain.contains('@') => Some(domain),
        Some(_) => None,
    }
    .filter(|domain| !domain.is_empty())
}
