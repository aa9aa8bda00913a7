//! The library's own transport and pool, for comparison.

use futures::StreamExt;
use lettre::message::header::ContentType;
use lettre::transport::smtp::PoolConfig;
use lettre::{AsyncSmtpTransport, AsyncTransport, Message, Tokio1Executor};
use reply_import::settings::Smtp;

pub async fn send(smtp: &Smtp, number: usize) {
    let connections = u32::from(smtp.connections.get());
    let transport = AsyncSmtpTransport::<Tokio1Executor>::builder_dangerous(&smtp.server.host)
        .port(smtp.server.port)
        .pool_config(PoolConfig::new().max_size(connections))
        .build();
    let sent = futures::stream::iter(0..number).map(|n| {
        let mail = Message::builder()
            .from(smtp.from.as_str().parse().unwrap())
            .to(format!("person{n}@example.test").parse().unwrap())
            .subject("Neue Antwort")
            .header(ContentType::TEXT_PLAIN)
            .body("Zur Bewerbung 2024-00123 kam eine Antwort.\r\n".repeat(40))
            .unwrap();
        let transport = transport.clone();
        async move { transport.send(mail).await.unwrap() }
    });
    sent.buffer_unordered(usize::from(smtp.connections.get())).for_each(|_| async {}).await;
}
