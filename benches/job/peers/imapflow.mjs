// The importer in Node that people would write with care: imapflow, mailparser and pg, 50 mails a FETCH, with one
// transaction and one MOVE for the 50. Environment: IMAP_PORT, IMAP_USER, IMAP_PASS, PG_DSN, NODE_PACKAGES (where the
// packages are: a folder with node_modules in it).
import { createRequire } from 'node:module';
import { join } from 'node:path';

const { IMAP_PORT, IMAP_USER, IMAP_PASS, PG_DSN, NODE_PACKAGES } = process.env;
const require = createRequire(join(NODE_PACKAGES, 'any.js'));
const { ImapFlow } = require('imapflow');
const { simpleParser } = require('mailparser');
const pg = require('pg');

const database = new pg.Client({ connectionString: PG_DSN });
await database.connect();
const imap = new ImapFlow({
  host: '127.0.0.1', port: Number(IMAP_PORT), secure: false, doSTARTTLS: false, logger: false,
  auth: { user: IMAP_USER, pass: IMAP_PASS },
});
await imap.connect();
const lock = await imap.getMailboxLock('INBOX');

async function record(uid, source) {
  const mail = await simpleParser(source, { skipHtmlToText: true, skipTextToHtml: true, skipTextLinks: true });
  await database.query({
    name: 'message', text: 'insert into message values ($1, $2, $3, $4, $5, $6, $7)',
    values: [uid, mail.messageId, mail.from?.value?.[0]?.address, mail.subject,
      Math.trunc((mail.date?.getTime() ?? 0) / 1000), mail.text || '', mail.html || ''],
  });
  for (const [position, file] of mail.attachments.entries()) {
    await database.query({
      name: 'attachment', text: 'insert into attachment values ($1, $2, $3, $4, $5, $6)',
      values: [uid, position, file.filename, file.contentType, file.size, file.content],
    });
  }
}

const uids = await imap.search({ seen: false }, { uid: true });
for (let first = 0; first < uids.length; first += 50) {
  const batch = uids.slice(first, first + 50).join(',');
  await database.query('begin');
  for await (const mail of imap.fetch(batch, { source: true }, { uid: true })) await record(mail.uid, mail.source);
  await database.query('commit');
  await imap.messageMove(batch, 'Archive', { uid: true });
}
lock.release();
await imap.logout();
await database.end();
