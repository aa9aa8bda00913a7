//! Tokens for programs.

use crate::world::{World, later, start};
use chrono::{DateTime, Utc};
use reply_import::application::id::{ApiTokenId, TenantId};
use reply_import::store::{AuditFilter, NewApiToken, StoreError};
use secrecy::ExposeSecret;

fn used(world: &World, made: &NewApiToken, at: DateTime<Utc>) -> Option<(ApiTokenId, TenantId)> {
    let used = world.store.use_api_token(&made.token, at).unwrap()?;
    Some((used.id, used.tenant))
}

on_both! {
    fn a_token_means_its_tenant_until_it_is_revoked(world) {
        let alpha = world.store.add_api_token(world.alpha, "recruiting", start()).unwrap().unwrap();
        let beta = world.store.add_api_token(world.beta, "recruiting", start()).unwrap().unwrap();
        assert!(alpha.token.expose_secret() != beta.token.expose_secret());
        assert_eq!(used(world, &alpha, start()), Some((alpha.id, world.alpha)));
        assert_eq!(used(world, &beta, start()), Some((beta.id, world.beta)));
        assert_eq!(world.store.revoke_api_token(alpha.id, later(5)).unwrap(), later(5));
        assert_eq!(world.store.use_api_token(&alpha.token, later(6)).unwrap(), None);
        assert_eq!(used(world, &beta, later(6)), Some((beta.id, world.beta)));
        assert_eq!(world.store.revoke_api_token(alpha.id, later(9)).unwrap(), later(5), "it was revoked before");
    }

    fn what_stands_in_the_database_is_no_token(world) {
        let made = world.store.add_api_token(world.alpha, "recruiting", start()).unwrap().unwrap();
        let token = made.token.expose_secret();
        assert!(token.len() > 40, "{token}");
        assert_eq!(world.number(&format!("select count(*) from api_tokens where sha256 = '{token}'")), 0);
        for wrong in ["", "reply_import_", token.trim_start_matches('r'), &token.to_uppercase()] {
            assert_eq!(world.store.use_api_token(&wrong.into(), start()).unwrap(), None, "{wrong}");
        }
    }

    fn a_name_is_in_use_once_and_free_again_when_its_token_is_revoked(world) {
        let first = world.store.add_api_token(world.alpha, "recruiting", start()).unwrap().unwrap();
        assert!(world.store.add_api_token(world.alpha, "recruiting", start()).unwrap().is_none());
        world.store.revoke_api_token(first.id, start()).unwrap();
        assert!(world.store.add_api_token(world.alpha, "recruiting", start()).unwrap().is_some());
        let revoked: Vec<bool> =
            world.store.api_tokens().unwrap().iter().map(|token| token.revoked_at.is_some()).collect();
        assert_eq!(revoked, [true, false]);
    }

    fn when_it_was_last_used_is_noted_to_the_minute(world) {
        let made = world.store.add_api_token(world.alpha, "recruiting", start()).unwrap().unwrap();
        let last = || world.store.api_tokens().unwrap()[0].last_used_at;
        assert_eq!(last(), None);
        for (at, noted) in [(1, 1), (30, 1), (61, 61)] {
            world.store.use_api_token(&made.token, later(at)).unwrap();
            assert_eq!(last(), Some(later(noted)), "{at}");
        }
    }

    fn making_and_revoking_are_audited_without_the_token(world) {
        let made = world.store.add_api_token(world.alpha, "recruiting", start()).unwrap().unwrap();
        world.store.revoke_api_token(made.id, later(1)).unwrap();
        let audit = world.store.audit(&AuditFilter::default()).unwrap();
        let deeds: Vec<(&str, Option<&str>)> =
            audit.iter().map(|entry| (entry.what.as_str(), entry.detail.as_deref())).collect();
        let token = format!("token {}", made.id);
        assert!(deeds.contains(&("api_token_added", Some(&token))), "{deeds:?}");
        assert!(deeds.contains(&("api_token_revoked", Some(&token))), "{deeds:?}");
    }

    fn a_token_that_was_never_made_cannot_be_revoked(world) {
        let error = world.store.revoke_api_token(ApiTokenId(99), start()).unwrap_err();
        assert!(matches!(error, StoreError::Missing { .. }), "{error:?}");
    }
}
