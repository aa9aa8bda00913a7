//! What a person must renew, said in time.

use super::{BY_REFRESH_TOKEN, BY_SECRET, oauth2, token_house};
use crate::harness::token_endpoint::ClientCertificate;
use crate::harness::wait_for;
use crate::house::{SOON, house};
use chrono::{DateTime, TimeDelta, Utc};
use reply_import::settings::Login;

const BY_CERTIFICATE: &str =
    "scope = \"https://mail.example.test/\", certificate_file = \"client.pem\", key_file = \"client.key\"";

#[test]
fn a_certificate_is_to_be_renewed_a_month_before_its_end_and_is_an_alarm_a_week_before() {
    for (days, urgency, code, said) in
        [(90, "ok", 0, ""), (20, "soon", 0, "note  mailbox"), (3, "now", 1, "FAIL  mailbox")]
    {
        let tokens = token_house(BY_CERTIFICATE);
        let certificate = ClientCertificate::lasting(days);
        tokens.house.service.write("client.pem", certificate.certificate_pem());
        tokens.house.service.write("client.key", certificate.key_pem());
        tokens.endpoint.know(&certificate);
        tokens.house.once();
        let login = &tokens.house.status()["mailboxes"][0]["login"];
        assert_eq!(
            (&login["by"], &login["tokens"]["by"]),
            (&"token".into(), &"client certificate".into()),
            "{login:#}"
        );
        let renew = &login["tokens"]["renew"];
        assert_eq!((&renew["what"], &renew["urgency"]), (&"client certificate".into(), &urgency.into()), "{renew:#}");
        // A moment less than so many whole days.
        assert_eq!(renew["days_left"], i64::from(days) - 1, "{renew:#}");
        let token_ends_at: DateTime<Utc> = login["token_ends_at"].as_str().unwrap().parse().unwrap();
        let lasts = token_ends_at - Utc::now();
        assert!(lasts > TimeDelta::minutes(50) && lasts <= TimeDelta::minutes(60), "{lasts}");
        let table = tokens.house.service.succeed(&["status"]);
        assert!(table.contains("client certificate"), "{table}");
        let checked = tokens.house.service.command(&["check"]);
        assert_eq!(checked.code, Some(code), "{checked:#?}");
        let line = checked.stdout.lines().find(|line| line.contains("renew it")).unwrap_or_default();
        assert!(line.starts_with(said) && line.is_empty() == said.is_empty(), "{checked:#?}");
    }
}

#[test]
fn the_service_says_what_ends_when_it_starts() {
    let tokens = token_house(&format!(
        "{BY_SECRET}, client_secret_expires = \"{}\"",
        (Utc::now() + TimeDelta::days(12)).format("%Y-%m-%d")
    ));
    let sending = oauth2(&tokens.endpoint, "notices", &format!("{BY_SECRET}, client_secret_expires = \"2020-02-29\""));
    let settings = tokens.house.settings().replace("password_file = \"smtp-password\"", &sending);
    tokens.house.service.set_settings(&settings);
    let mut service = tokens.house.service.run();
    wait_for("both to be said", SOON, || (service.stderr().matches("renew it").count() == 2).then_some(()));
    let said = service.stderr();
    let line = |text: &str| said.lines().find(|line| line.contains(text)).unwrap().to_owned();
    let (soon, now) = (line("This ends soon"), line("This ends within days"));
    assert!(soon.contains("WARN") && soon.contains("import@example.test") && soon.contains("client secret"), "{soon}");
    assert!(now.contains("ERROR") && now.contains("[smtp]"), "{now}");
    service.terminate();
    assert_eq!(service.wait(SOON).unwrap().code, Some(0));
    let status = tokens.house.status();
    assert_eq!(status["smtp"]["login"]["tokens"]["renew"]["urgency"], "now", "{status:#}");
    assert!(tokens.house.service.succeed(&["status"]).contains("client secret ended 2020-03-01"));
}

#[test]
fn a_login_by_password_has_nothing_to_renew() {
    let house = house();
    house.once();
    let login = &house.status()["mailboxes"][0]["login"];
    assert_eq!((&login["by"], &login["token_ends_at"]), (&"password".into(), &serde_json::Value::Null), "{login:#}");
}

#[test]
fn a_refresh_token_that_nobody_used_for_a_day_is_used_and_its_life_begins_anew() {
    let tokens = token_house(BY_REFRESH_TOKEN);
    tokens.endpoint.rotate();
    let settings = reply_import::settings::read(
        &tokens.house.service.join("reply-import.toml"),
        [("STATE_DIRECTORY".to_owned(), String::new())],
    )
    .unwrap();
    let way = settings.mailboxes[0].server.login.as_ref().and_then(Login::oauth2).unwrap().clone();
    // The database of the house is named relative to the folder that its commands run in.
    let way = with_state(way, tokens.house.service.join("newest"));
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let now = Utc::now();
    let renew = |now| runtime.block_on(reply_import::oauth2::renew_unused(&way, now)).unwrap();
    assert!(renew(now), "it was never used");
    assert!(!renew(now + TimeDelta::hours(23)));
    assert!(renew(now + TimeDelta::hours(25)));
    let used: Vec<String> = tokens.endpoint.asked().iter().map(|one| one.field("refresh_token").to_owned()).collect();
    assert_eq!(used, ["refresh-0", "refresh-1"]);
    let renew = reply_import::oauth2::prospects(&way, now).renew.unwrap();
    assert_eq!((renew.what, renew.days_left), ("refresh token", 90));
    let later = reply_import::oauth2::prospects(&way, now + TimeDelta::days(84)).renew.unwrap();
    assert_eq!(later.urgency, reply_import::oauth2::Urgency::Now);
}

fn with_state(way: reply_import::settings::OAuth2, place: std::path::PathBuf) -> reply_import::settings::OAuth2 {
    use reply_import::settings::{Grant, TokenSource};
    let TokenSource::Endpoint(mut endpoint) = way.source else { panic!("no endpoint") };
    let Grant::RefreshToken { state, .. } = &mut endpoint.grant else { panic!("no refresh token") };
    *state = place;
    reply_import::settings::OAuth2 { source: TokenSource::Endpoint(endpoint), ..way }
}
