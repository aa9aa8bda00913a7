//! HTML bodies: read once into a flat, bounded outline, from which the text is made, the part that belongs to the
//! candidate cut out, and the markup cleaned for storing.

pub(crate) mod clean;
mod elements;
mod landmark;
mod node;
pub(crate) mod outline;
pub(crate) mod page;
mod plain;
mod tame;
mod visibility;
mod writing;

#[cfg(test)]
mod tests;
