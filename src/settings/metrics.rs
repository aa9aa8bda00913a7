//! Where metrics and health are served.

use std::net::SocketAddr;

/// Where metrics and health are served: apart from the pages, so that whoever may see those does not see these.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Metrics {
    /// The address and port that Prometheus connects to.
    pub listen: SocketAddr,
}
