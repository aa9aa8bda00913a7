//! One [[tenant]].

use super::checker::Checker;
use crate::application::ReferenceShape;
use crate::retention::RetentionRules;
use crate::settings::error::suggestion;
use crate::settings::{Tenant, written};

impl Checker<'_> {
    pub(super) fn tenant(&mut self, n: usize, tenant: written::Tenant, house: RetentionRules) -> Tenant {
        let key = |name: &str| format!("tenant.{n}.{name}");
        let timezone = tenant.timezone.parse().unwrap_or_else(|_| {
            let names: Vec<&str> = chrono_tz::TZ_VARIANTS.iter().map(|zone| zone.name()).collect();
            let nearest = suggestion(&tenant.timezone, &names);
            let hint =
                if nearest.starts_with("; did") { nearest } else { "; write for example \"Europe/Berlin\"".into() };
            self.fault(key("timezone"), format!("`{}` is no time zone{hint}", tenant.timezone));
            chrono_tz::UTC
        });
        if tenant.reference_shapes.is_empty() {
            self.fault(key("reference_shapes"), "At least one shape is needed, for example [\"{6-7}\"]");
        }
        let mut shapes = Vec::new();
        for text in &tenant.reference_shapes {
            match ReferenceShape::parse(text) {
                Ok(shape) => shapes.push(shape),
                Err(error) => self.fault(key("reference_shapes"), format!("`{text}`: {error}")),
            }
        }
        let sender_proof = self.sender_proof(n, &tenant);
        let retention = self.retention(&key("retention."), &tenant.retention, house);
        let webhooks = self.webhooks(&key("webhook"), tenant.webhook);
        Tenant {
            name: tenant.name,
            language: tenant.language,
            timezone,
            shapes,
            staff_domains: tenant.staff_domains.iter().map(|d| d.trim_start_matches('@').to_lowercase()).collect(),
            documents_tab: tenant.documents_tab,
            import_roles: tenant.import_roles,
            fachbereich_plus: tenant.fachbereich_plus,
            office: tenant.office,
            sender_proof,
            retention,
            webhooks,
        }
    }
}
