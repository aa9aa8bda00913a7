//! Memory and open files must not grow.

use std::fs;

/// What the steady worker may grow by between the first and the last third, in KiB: an allocator's noise.
const GROWTH: u64 = 16 * 1024;

/// As [`GROWTH`], for open files: connections in hand come and go.
const MORE_FILES: usize = 16;

/// The memory and the open files of a process.
#[derive(Clone, Copy, Debug)]
pub struct Sample {
    pub resident_kib: u64,
    pub files: usize,
}

/// How much of both it has now.
pub fn sample(process: u32) -> Sample {
    let status = fs::read_to_string(format!("/proc/{process}/status")).unwrap();
    let resident = status.lines().find_map(|line| line.strip_prefix("VmRSS:")).unwrap();
    Sample {
        resident_kib: resident.trim().trim_end_matches(" kB").parse().unwrap(),
        files: fs::read_dir(format!("/proc/{process}/fd")).unwrap().count(),
    }
}

/// Fails if the last third of the time needed more than the first.
pub fn nothing_has_grown(samples: &[Sample]) {
    let third = samples.len() / 3;
    if third < 3 {
        println!("too short to say whether anything grows");
        return;
    }
    let most = |samples: &[Sample]| {
        let memory = samples.iter().map(|sample| sample.resident_kib).max().unwrap();
        (memory, samples.iter().map(|sample| sample.files).max().unwrap())
    };
    let (first, last) = (most(&samples[..third]), most(&samples[samples.len() - third..]));
    println!("first third: {} KiB, {} files; last third: {} KiB, {} files", first.0, first.1, last.0, last.1);
    assert!(last.0 <= first.0 + GROWTH, "the memory grows");
    assert!(last.1 <= first.1 + MORE_FILES, "the open files grow");
}
