fn main() {
    let rules = reply_import::mail::ReadingRules {
        shapes: vec![reply_import::application::ReferenceShape::parse("{4}-{5}").unwrap()],
        staff_domains: vec!["personal.example.com".into()],
        staff_addresses: Default::default(),
        own_addresses: vec![reply_import::application::EmailAddress::parse("import@jobs.example.com").unwrap()],
        timezone: chrono_tz::Europe::Berlin,
    };
    for f in std::env::args().skip(1).filter(|a| a.ends_with(".eml")) {
        let t = std::time::Instant::now();
        let mail = reply_import::mail::understand(&std::fs::read(&f).unwrap(), &rules);
        let el = t.elapsed();
        let e = serde_json::to_value(reply_import::mail::explanation(&mail)).unwrap();
        println!("{}", serde_json::to_string(&e).unwrap());
        eprintln!(
            "{f} {el:?} unreadable={:?} automatic={:?} pictures={}",
            mail.unreadable,
            mail.automatic,
            mail.pictures.len()
        );
    }
}
