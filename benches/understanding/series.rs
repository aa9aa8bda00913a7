//! Hostile mails of one, two and four times a size: where the time grows as the mail does, the last column stays near 4.

use crate::clock::time;
use crate::kinds::KINDS;
use reply_import::mail::{ReadingRules, understand, verdict};
use std::io::Write;

/// The sizes, in bytes. All well above the 1 MiB at which headers end: a mail of endless header lines costs little below it,
/// and beyond it is text.
const SIZES: [usize; 3] = [2_500_000, 5_000_000, 10_000_000];
/// Growth of the time over a fourfold size from which on something starts over and over: the square would be 16, and the
/// machine is never quite still.
const TOO_MUCH: f64 = 8.0;
/// Below this, in seconds, growth says nothing.
const NEGLIGIBLE: f64 = 0.05;

pub fn measure(rules: &ReadingRules, is_wanted: &dyn Fn(&str) -> bool) {
    println!("{:<28} {:>9} {:>9} {:>9} {:>9}", "hostile, ms by size", "2.5 MB", "5 MB", "10 MB", "growth");
    for kind in KINDS.iter().filter(|kind| is_wanted(kind.name)) {
        print!("{:<28}", kind.name);
        let times = SIZES.map(|size| {
            let mail = (kind.make)(size);
            let read = || verdict(&understand(&mail, rules)).as_str();
            let ((first, outcome), (second, _)) = (time(read), time(read));
            let best = first.min(second).as_secs_f64();
            print!(" {:>9.1}", best * 1000.0);
            let _shown_late = std::io::stdout().flush();
            (best, outcome)
        });
        let [(first, _), _, (last, outcome)] = times;
        let growth = last / first;
        let remark = if growth > TOO_MUCH && last > NEGLIGIBLE { "  <- too much" } else { "" };
        println!(" {growth:>8.1}×  {outcome}{remark}");
    }
}
