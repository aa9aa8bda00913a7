#!/usr/bin/env python3
"""Writes a mailbox of forwarded replies into a Maildir: the same bytes on every machine.

    make_mailbox.py MAILDIR --count N [--mix reply|small|tiny|file:OCTETS] [--seen N] [--seed N]
                    [--owner UID:GID] [--directory FILE]

A mail depends on its number, the mix and the seed alone, so a set of 10,000 begins with the set of 2,000. The mixes (sizes
are of the decoded content):

    reply  60 %  text and HTML, 5-20 KB, no file
           30 %  text and HTML, one file of 100-300 KB
           10 %  text and HTML, 2-4 files of 1-3 MB together
    small  only the first of these, for what a mail costs
    tiny   few headers and one line of text (about 400 octets), where only the number of mails matters
    file:OCTETS  text and HTML, and one file that makes the mail about so large on the wire

One of 20 members of staff forwards a candidate's reply with the reference number (2024-NNNNN, 5,000 of them) at the start
of the subject and an Outlook-like block above the reply; with a Received chain, a signature, encoded subjects,
quoted-printable and 8-bit text, and file names as of RFC 2231, half of which tell a document kind. --directory writes the
users, candidates and applications that belong to them. Files are noise behind a magic number, so that nothing on the way
can compress or share them.

Lines end in LF, as Dovecot stores them; names carry S= (size on disk) and W= (size on the wire), so that the server need
not open a mail to know its size. The first --seen mails are seen, all others are not.

Prints one object of JSON: count, octets on the wire, files, and how many mails of each kind. Standard library only.
"""

import argparse
import base64
import email.utils
import json
import os
import quopri
import random
import sys

WORDS = """application interview position please find attached regarding your
request from last week we have not received any confirmation so far could you
check the status and let me know when the talk will take place the department
asked again about the notice period and the salary range thank you for the
quick answer best regards meeting tomorrow project update offer question date
Grüße über Bewerbung Unterlagen für Straße Bestätigung möglich nächste Änderung
café déjà reçu naïve façade año señor""".split()

STAFF, APPLICATIONS = 20, 5000
FILE_NAMES = ["Lebenslauf", "Anschreiben", "Zeugnisse", "Referenzen", "Scan", "Dokument", "Nachtrag", "Datei"]

NAMES = ["Anna Schmidt", "Jürgen Müller", "Chloé Dubois", "John O'Neil",
         "Lars Sørensen", "Mária Kovács", "Wei Zhang", "Иван Петров",
         "Support Team", "Priya Nair"]

MAGIC = {
    "pdf": (b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n", "application/pdf"),
    "png": (b"\x89PNG\r\n\x1a\n", "image/png"),
    "docx": (b"PK\x03\x04\x14\x00\x06\x00",
             "application/vnd.openxmlformats-officedocument"
             ".wordprocessingml.document"),
}


def words(rng, nbytes):
    """Prose of about nbytes bytes of UTF-8, in lines of 8-14 words."""
    lines, size = [], 0
    while size < nbytes:
        line = " ".join(rng.choices(WORDS, k=rng.randint(8, 14)))
        lines.append(line)
        size += len(line.encode()) + 1
    return "\n".join(lines) + "\n"


def b64lines(data):
    """Base64 in lines of 76 characters (57 bytes), LF."""
    enc = base64.b64encode(data)
    return b"\n".join(enc[i:i + 76] for i in range(0, len(enc), 76)) + b"\n"


def encoded_word(text):
    if text.isascii():
        return text
    return "=?UTF-8?B?" + base64.b64encode(text.encode()).decode() + "?="


def body_part(rng, ctype, text):
    """One text part; quoted-printable, or 8bit once in five."""
    if rng.random() < 0.2:
        cte, data = b"8bit", text.encode()
    else:
        cte, data = b"quoted-printable", quopri.encodestring(text.encode())
    return (b"Content-Type: " + ctype + b"; charset=utf-8\n"
            b"Content-Transfer-Encoding: " + cte + b"\n\n" + data)


def attachment(rng, nbytes, kind):
    magic, ctype = MAGIC[kind]
    data = magic + rng.randbytes(nbytes - len(magic))
    word, number = rng.choice(FILE_NAMES), rng.randint(1000, 9999)
    if rng.random() < 0.25:  # RFC 2231
        disp = f"attachment;\n filename*=UTF-8''{word}%20M%C3%BCller%20{number}.{kind}"
        name = ""
    else:
        disp = f'attachment; filename="{word}_{number}.{kind}"'
        name = f'; name="{word}_{number}.{kind}"'
    return (f"Content-Type: {ctype}{name}\n"
            f"Content-Disposition: {disp}\n"
            "Content-Transfer-Encoding: base64\n\n").encode() + b64lines(data)


def multipart(subtype, boundary, parts):
    sep = b"--" + boundary + b"\n"
    return (b"Content-Type: multipart/" + subtype + b'; boundary="' + boundary
            + b'"\n\n' + b"".join(sep + p + b"\n" for p in parts)
            + b"--" + boundary + b"--\n")


def staff(i):
    return f"user{i % STAFF:02}@personal.example.com"


def number_of(i):
    return f"2024-{i % APPLICATIONS:05}"


def candidate(i):
    return f"candidate{i % APPLICATIONS:05}@example.org"


def headers(rng, i, seed):
    name = rng.choice(NAMES)
    when = 1_700_000_000 + i * 97
    date = email.utils.formatdate(when)
    ref = [f"<ref-{seed}-{i}-{k}@mx.example.net>" for k in range(rng.randint(1, 4))]
    subject = f"{number_of(i)} WG: " + rng.choice(["", "AW: ", "Re: "]) + " ".join(rng.choices(WORDS, k=6))
    out = [f"Return-Path: <{staff(i)}>",
           "Delivered-To: import@jobs.example.com"]
    for hop in range(rng.randint(2, 4)):
        out.append(f"Received: from mx{hop}.example.net (mx{hop}.example.net"
                   f" [192.0.2.{hop + 1}])\n\tby mail.example.org (Postfix) with"
                   f" ESMTPS id {rng.getrandbits(40):010X}\n\tfor"
                   f" <import@jobs.example.com>; {date}")
    sig = base64.b64encode(rng.randbytes(256)).decode()
    sig = "\n\t ".join(sig[k:k + 64] for k in range(0, len(sig), 64))
    out += ["DKIM-Signature: v=1; a=rsa-sha256; c=relaxed/relaxed;"
            " d=personal.example.com; s=s1;\n\th=from:to:subject:date:message-id;\n\tb=" + sig,
            f"From: {encoded_word(name)} <{staff(i)}>",
            "To: Import <import@jobs.example.com>",
            f"Subject: {encoded_word(subject)}",
            f"Date: {date}",
            f"Message-ID: <msg-{seed}-{i}@mx.example.net>",
            f"In-Reply-To: {ref[-1]}",
            "References: " + "\n ".join(ref),
            "X-Mailer: Microsoft Outlook 16.0",
            "MIME-Version: 1.0"]
    return ("\n".join(out) + "\n").encode(), name, date


def reply_mail(seed, i, only_small=False):
    """(kind, bytes) of mail i of the set `seed`."""
    rng = random.Random(f"{seed}/{i}")
    head, name, date = headers(rng, i, seed)
    size = rng.randint(5_000, 20_000)
    text = words(rng, size // 3)
    quoted = "\n".join("> " + line for line in text.splitlines()[::-1][:12])
    block = [("Von:", f"Candidate {i % APPLICATIONS} <{candidate(i)}>"), ("Gesendet:", "Mittwoch, 13. März 2024 09:12"),
             ("An:", f"{name} <{staff(i)}>"), ("Betreff:", "Ihre Einladung")]
    plain = "Zur Akte.\n\n" + "\n".join(f"{a} {b}" for a, b in block) + f"\n\n{text}\nAm 12.03.2024 schrieb {name}:\n{quoted}\n"
    html = ("<html><head><meta charset=\"utf-8\"><style>p{margin:0}</style></head>"
            "<body><p>Zur Akte.</p><div style=\"border:none;border-top:solid #E1E1E1 1.0pt\"><p>"
            + "<br>".join(f"<b>{a}</b> {b.replace('<', '&lt;')}" for a, b in block) + "</p></div>\n"
            + "".join(f"<p style=\"font-family:Calibri\">{line}</p>\n"
                               for line in text.splitlines())
            + f"<blockquote>{quoted.replace('> ', '&gt; ')}</blockquote></body></html>\n")
    mark = f"{rng.getrandbits(64):016x}".encode()
    alt = multipart(b"alternative", b"alt_" + mark,
                    [body_part(rng, b"text/plain", plain),
                     body_part(rng, b"text/html", html)])
    draw = rng.random()
    if draw < 0.60 or only_small:
        return "small", head + alt
    if draw < 0.90:
        files = [attachment(rng, rng.randint(100_000, 300_000), "pdf")]
        kind = "medium"
    else:
        n = rng.randint(2, 4)
        total = rng.randint(1_000_000, 3_000_000)
        cuts = sorted(rng.uniform(0.2, 0.8) for _ in range(n - 1))
        edges = [0.0] + cuts + [1.0]
        files = [attachment(rng, max(2_000, int(total * (b - a))),
                            rng.choice(["pdf", "png", "docx"]))
                 for a, b in zip(edges, edges[1:])]
        kind = "large"
    return kind, head + multipart(b"mixed", b"mix_" + mark, [alt] + files)


def small_mail(seed, i):
    return reply_mail(seed, i, only_small=True)


def mail_with_file(seed, i, wire):
    rng = random.Random(f"{seed}/{i}/file")
    head, name, _ = headers(rng, i, seed)
    mark = f"{rng.getrandbits(64):016x}".encode()
    text = body_part(rng, b"text/plain", "Zur Akte.\n\n" + words(rng, 2_000))
    content = max(100, (wire - len(head) - len(text) - 800) * 57 // 78)
    return "file", head + multipart(b"mixed", b"mix_" + mark, [text, attachment(rng, content, "pdf")])


def tiny_mail(seed, i):
    return "tiny", (f"From: {staff(i)}\nTo: import@jobs.example.com\n"
                    f"Subject: {number_of(i)} tiny\nDate: {email.utils.formatdate(1_700_000_000 + i)}\n"
                    f"Message-ID: <tiny-{seed}-{i}@mx.example.net>\n"
                    "Content-Type: text/plain\n\nhello\n").encode()


def write_directory(path):
    def row(kind, **fields):
        return json.dumps({"kind": kind, "tenant": "bench", **fields}) + "\n"

    with open(path, "w") as f:
        for i in range(STAFF):
            f.write(row("user", address=staff(i), addresses=[staff(i)], name=f"User {i}", language="de", active=True,
                        role="personalmanager"))
        for i in range(APPLICATIONS):
            f.write(row("candidate", id=f"C{i}", name=f"Candidate {i}", addresses=[candidate(i)]))
        for i in range(APPLICATIONS):
            f.write(row("application", number=number_of(i), candidate=f"C{i}", post="Sachbearbeitung",
                        responsible=[staff(i), staff(i + 1)], state="open"))


def main():
    ap = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    ap.add_argument("maildir")
    ap.add_argument("--count", type=int, default=2000)
    ap.add_argument("--seed", type=int, default=1)
    ap.add_argument("--mix", default="reply")
    ap.add_argument("--seen", type=int, default=0, help="the first N mails get \\Seen")
    ap.add_argument("--owner", help="UID:GID for all that is written")
    ap.add_argument("--directory", help="also write users, candidates and applications to this file")
    args = ap.parse_args()
    if args.directory:
        write_directory(args.directory)

    if args.mix.startswith("file:"):
        octets = int(args.mix.removeprefix("file:"))
        make = lambda seed, i: mail_with_file(seed, i, octets)
    else:
        make = {"reply": reply_mail, "small": small_mail, "tiny": tiny_mail}[args.mix]
    for sub in ("cur", "new", "tmp"):
        os.makedirs(os.path.join(args.maildir, sub), exist_ok=True)
    kinds, total, attachments = {}, 0, 0
    for i in range(args.count):
        kind, data = make(args.seed, i)
        wire = len(data) + data.count(b"\n")
        base = f"{1_700_000_000 + i}.M{i:06d}P1.bench,S={len(data)},W={wire}"
        name = f"cur/{base}:2,S" if i < args.seen else f"cur/{base}:2,"
        with open(os.path.join(args.maildir, name), "wb") as f:
            f.write(data)
        kinds[kind] = kinds.get(kind, 0) + 1
        total += wire
        attachments += data.count(b"Content-Disposition: attachment")
    if args.owner:
        uid, gid = map(int, args.owner.split(":"))
        for root, dirs, files in os.walk(args.maildir):
            for entry in dirs + files:
                os.chown(os.path.join(root, entry), uid, gid)
        os.chown(args.maildir, uid, gid)
    json.dump({"count": args.count, "octets": total, "files": attachments, **kinds}, sys.stdout)
    print()


if __name__ == "__main__":
    main()
