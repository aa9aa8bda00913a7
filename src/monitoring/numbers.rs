//! Where what is counted is kept, and how it reads.

use super::counting;
use super::gauges::{Stands, show};
use anyhow::{Context, Result};
use metrics_exporter_prometheus::{Matcher, PrometheusBuilder, PrometheusHandle};
use std::sync::OnceLock;

/// What this process counted. There is one of them, however often it is asked for.
#[derive(Clone, Debug)]
pub(crate) struct Numbers(PrometheusHandle);

impl Numbers {
    /// Counts from now on, from zero for these outcomes.
    ///
    /// # Errors
    ///
    /// Somebody else counts in this process already: a fault of the program.
    pub(crate) fn begin(outcomes: impl Iterator<Item = &'static str>) -> Result<Self> {
        static BEGUN: OnceLock<PrometheusHandle> = OnceLock::new();
        let handle = if let Some(handle) = BEGUN.get() {
            handle
        } else {
            let handle = builder()?.install_recorder().context("Cannot count for the metrics")?;
            BEGUN.get_or_init(|| handle)
        };
        counting::begin(outcomes);
        Ok(Self(handle.clone()))
    }

    /// Sorts what was timed since the last time; to be done every few seconds, or it takes memory.
    pub(crate) fn tidy(&self) {
        self.0.run_upkeep();
    }

    /// All of it in Prometheus' text format, with how things stand now. What is not known now is not shown: a number of
    /// before would be taken for one of now.
    ///
    /// # Errors
    ///
    /// A fault of the program.
    pub(crate) fn render(&self, stands: &Stands) -> Result<String> {
        let now = builder()?.build_recorder();
        metrics::with_local_recorder(&now, || show(stands));
        Ok(self.0.render() + &now.handle().render())
    }
}

fn builder() -> Result<PrometheusBuilder> {
    counting::BUCKETS.iter().try_fold(PrometheusBuilder::new(), |builder, (name, buckets)| {
        let of = Matcher::Full((*name).to_owned());
        builder.set_buckets_for_metric(of, buckets).context("A histogram has no buckets")
    })
}

#[cfg(test)]
mod tests {
    use super::Numbers;
    use crate::monitoring::{
        CertificateStands, LoginStands, MailboxStands, OutboxStands, RoundEnd, Stands, handed_over, mail_recorded,
        mail_understood, mailbox_begins, round_ended,
    };
    use chrono::DateTime;
    use std::time::Duration;

    #[test]
    fn what_was_counted_and_how_things_stand_is_told_in_prometheus_text_format() {
        let numbers = Numbers::begin(["imported", "unassigned"].into_iter()).unwrap();
        mailbox_begins("box");
        mail_recorded("imported");
        mail_understood(Duration::from_millis(2));
        round_ended("box", RoundEnd::Good, Some(Duration::from_secs(3)));
        handed_over("sent", Duration::from_millis(20));
        numbers.tidy();
        let now = DateTime::from_timestamp(1_800_000_000, 0).unwrap();
        let mailbox = MailboxStands {
            mailbox: "box".to_owned(),
            last_good_round: Some(now),
            ok: Some(true),
            waiting: 3,
            stranded: 2,
        };
        let outbox = OutboxStands { pending: 4, failed: 1, oldest: Some(now) };
        let login = LoginStands { login: "box".to_owned(), what: "client secret", days_left: -1 };
        let certificate = CertificateStands { server: "imap.example.com:993".to_owned(), days_left: 12 };
        let (logins, certificates) = (vec![login], vec![certificate]);
        let mut stands = Stands { started: now, logins, certificates, recorded: Some((vec![mailbox], outbox)) };
        let said = numbers.render(&stands).unwrap();
        for line in [
            "reply_import_mails_total{outcome=\"imported\"} 1",
            "reply_import_mails_total{outcome=\"unassigned\"} 0",
            "reply_import_mail_failures_total 0",
            "reply_import_rounds_total{mailbox=\"box\",result=\"good\"} 1",
            "reply_import_rounds_total{mailbox=\"box\",result=\"failed\"} 0",
            "reply_import_round_duration_seconds_bucket{le=\"5\"} 1",
            "reply_import_understanding_duration_seconds_bucket{le=\"0.001\"} 0",
            "reply_import_understanding_duration_seconds_bucket{le=\"0.005\"} 1",
            "reply_import_notifications_total{result=\"sent\"} 1",
            "reply_import_last_good_round_timestamp_seconds{mailbox=\"box\"} 1800000000",
            "reply_import_last_round_ok{mailbox=\"box\"} 1",
            "reply_import_waiting_mails{mailbox=\"box\"} 3",
            "reply_import_stranded_mails{mailbox=\"box\"} 2",
            "reply_import_outbox_notifications{state=\"failed\"} 1",
            "reply_import_login_days_left{login=\"box\",what=\"client secret\"} -1",
            "reply_import_certificate_days_left{server=\"imap.example.com:993\"} 12",
            "reply_import_database_up 1",
        ] {
            assert!(said.lines().any(|said| said == line), "{line} is not in\n{said}");
        }
        stands.recorded = None;
        let said = numbers.render(&stands).unwrap();
        assert!(said.contains("reply_import_database_up 0"), "{said}");
        assert!(!said.contains("reply_import_waiting_mails"), "what is not known is not told:\n{said}");
    }
}
