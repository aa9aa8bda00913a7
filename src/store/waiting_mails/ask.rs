//! A person asks the forwarder of a mail that waits.

use super::asked::ASKED;
use super::discard::{Deciding, Stands, audit, stands};
use crate::application::id::MailId;
use crate::notification::Notification;
use crate::store::connection::on;
use crate::store::keys::notice_key;
use crate::store::schema::outbox;
use crate::store::time::stored;
use crate::store::words::{json, storable};
use crate::store::{Store, StoreError, Viewer};
use chrono::{DateTime, NaiveDate, Utc};
use diesel::prelude::*;

/// A question to the forwarder of a mail that waits.
#[derive(Clone, Copy, Debug)]
pub struct Asking<'a> {
    /// The mail.
    pub mail: MailId,
    /// The question.
    pub question: &'a Notification,
    /// The day by the tenant's clock: a mail's forwarder is asked once on it.
    pub day: NaiveDate,
}

impl Store {
    /// Writes the question into the outbox, once a day for each mail.
    ///
    /// # Errors
    ///
    /// [`StoreError::Unavailable`] if the database is away.
    pub fn ask_forwarder(
        &self,
        viewer: Viewer,
        asking: &Asking<'_>,
        now: DateTime<Utc>,
    ) -> Result<Deciding, StoreError> {
        let recipient = &asking.question.recipient;
        self.write("Cannot ask a forwarder", |connection| {
            match stands(connection, viewer, asking.mail)? {
                Stands::Waiting => {}
                Stands::Discarded => return Ok(Deciding::Meanwhile),
                Stands::Elsewhere(answer) => return Ok(answer),
            }
            let occasion = asking.question.occasion.as_str();
            let (tenant, mail, day) = (viewer.tenant.to_string(), asking.mail.to_string(), asking.day.to_string());
            let written = on!(connection, inner => diesel::insert_into(outbox::table)
                .values((
                    outbox::tenant_id.eq(viewer.tenant.0),
                    outbox::mail_id.eq(asking.mail.0),
                    outbox::occasion.eq(occasion),
                    outbox::user_id.eq(recipient.user.map(|user| user.0)),
                    outbox::recipient_name.eq(recipient.name.as_deref().map(storable)),
                    outbox::address.eq(recipient.address.as_str()),
                    outbox::language.eq(recipient.language.as_str()),
                    outbox::facts.eq(json(&asking.question.facts)?),
                    outbox::message_key.eq(notice_key([tenant.as_str(), occasion, &mail, &day])),
                    outbox::state.eq("pending"),
                    outbox::attempts.eq(0),
                    outbox::created_at.eq(stored(now)),
                    outbox::due_at.eq(stored(now)),
                ))
                .on_conflict_do_nothing()
                .execute(inner))?;
            if written == 0 {
                return Ok(Deciding::Already);
            }
            audit(connection, viewer, asking.mail, ASKED, now)
        })
    }
}
