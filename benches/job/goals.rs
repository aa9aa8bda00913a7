//! What it must show, what it aims at, and whether it does.

use crate::table::number;

/// One figure that is judged.
pub struct Goal {
    pub what: String,
    pub measured: f64,
    pub must: f64,
    pub aim: f64,
    /// Behind each number.
    pub unit: &'static str,
    pub decimals: usize,
    pub better: Better,
}

#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Better {
    More,
    Less,
}

impl Goal {
    /// A share or a multiple that should be large.
    pub fn at_least(what: impl Into<String>, measured: f64, must: f64, aim: f64, unit: &'static str) -> Self {
        Self { what: what.into(), measured, must, aim, unit, decimals: 2, better: Better::More }
    }

    /// A cost that should be small.
    pub fn at_most(what: impl Into<String>, measured: f64, must: f64, aim: f64, unit: &'static str) -> Self {
        Self { what: what.into(), measured, must, aim, unit, decimals: 2, better: Better::Less }
    }

    /// With so many decimals instead of two.
    pub fn rounded(mut self, decimals: usize) -> Self {
        self.decimals = decimals;
        self
    }

    fn reaches(&self, bound: f64) -> bool {
        match self.better {
            Better::More => self.measured >= bound,
            Better::Less => self.measured <= bound,
        }
    }

    /// Its line in the table.
    pub fn row(&self) -> Vec<String> {
        let written = |value: f64| format!("{}{}", number(value, self.decimals), self.unit);
        let verdict = match (self.reaches(self.aim), self.reaches(self.must)) {
            (true, _) => "aim",
            (false, true) => "must",
            (false, false) => "**missed**",
        };
        let sign = if self.better == Better::More { "≥" } else { "≤" };
        let bounds = [self.must, self.aim].map(|bound| format!("{sign} {}", written(bound)));
        let [must, aim] = bounds;
        vec![self.what.clone(), written(self.measured), must, aim, verdict.to_owned()]
    }
}
