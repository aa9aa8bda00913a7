"""The importers in Python that people write.

    python.py usual    the usual script: imaplib and email; each mail fetched, parsed, inserted, committed and moved alone
    python.py bulk     imap_tools with bulk=True: one FETCH for all mails, then inserted, committed and moved one by one

Environment: IMAP_PORT, IMAP_USER, IMAP_PASS, PG_DSN. Needs psycopg 3, and imap-tools for `bulk`.
"""

import email
import email.policy
import imaplib
import os
import re
import sys

import psycopg

PORT, USER, PASSWORD = int(os.environ["IMAP_PORT"]), os.environ["IMAP_USER"], os.environ["IMAP_PASS"]


def record(cursor, uid, message_id, sender, subject, date, text, html, files):
    cursor.execute("insert into message values (%s, %s, %s, %s, %s, %s, %s)",
                   (uid, message_id, sender, subject, date, text, html))
    for position, (name, kind, content) in enumerate(files):
        cursor.execute("insert into attachment values (%s, %s, %s, %s, %s, %s)",
                       (uid, position, name, kind, len(content), content))


def parsed(uid, raw):
    mail = email.message_from_bytes(raw, policy=email.policy.default)
    text, html = mail.get_body(("plain",)), mail.get_body(("html",))
    files = [(part.get_filename(), part.get_content_type(), part.get_payload(decode=True))
             for part in mail.iter_attachments()]
    return (uid, mail["message-id"], str(mail["from"]), str(mail["subject"]), int(mail["date"].datetime.timestamp()),
            text.get_content() if text else "", html.get_content() if html else "", files)


def usual(database, cursor):
    imap = imaplib.IMAP4("127.0.0.1", PORT)
    imap.login(USER, PASSWORD)
    imap.select("INBOX")
    for uid in imap.uid("SEARCH", "UNSEEN")[1][0].decode().split():
        _, data = imap.uid("FETCH", uid, "(BODY.PEEK[])")
        for item in data:
            if isinstance(item, tuple):
                record(cursor, *parsed(int(re.search(rb"UID (\d+)", item[0])[1]), item[1]))
        database.commit()
        imap.uid("MOVE", uid, "Archive")
    imap.logout()


def bulk(database, cursor):
    from imap_tools import AND, MailBoxUnencrypted
    with MailBoxUnencrypted("127.0.0.1", PORT).login(USER, PASSWORD) as box:
        for mail in box.fetch(AND(seen=False), mark_seen=False, bulk=True):
            files = [(file.filename, file.content_type, file.payload) for file in mail.attachments]
            record(cursor, int(mail.uid), mail.headers["message-id"][0], mail.from_, mail.subject,
                   int(mail.date.timestamp()), mail.text, mail.html, files)
            database.commit()
            box.move(mail.uid, "Archive")


connection = psycopg.connect(os.environ["PG_DSN"])
{"usual": usual, "bulk": bulk}[sys.argv[1]](connection, connection.cursor())
