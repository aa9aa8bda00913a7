//! What in a migration an older program that still runs would stumble over. Known to be harmless is a short list; all else
//! counts as narrowing, and says in its first line why it may be done and since which version nobody minds:
//! `-- Narrows: REASON, since VERSION`.

use std::collections::BTreeSet;

/// What stands in its first line.
const SAYS_SO: &str = "-- Narrows: ";

/// Words of a check beside names of columns.
const WORDS: [&str; 12] =
    ["in", "and", "or", "not", "is", "null", "between", "like", "length", "true", "false", "check"];

/// What is to be refused of a migration.
pub fn refused(sql: &str) -> Vec<String> {
    let first = sql.lines().next().unwrap_or_default();
    match first.strip_prefix(SAYS_SO) {
        Some(reason) if names_a_version(reason) => Vec::new(),
        Some(_) => vec![format!("says no version: {first}")],
        None => narrowing(sql),
    }
}

fn names_a_version(reason: &str) -> bool {
    reason.split_once(", since ").is_some_and(|(why, version)| {
        let numbers: Vec<&str> = version.trim_end_matches('.').split('.').collect();
        !why.trim().is_empty() && numbers.len() == 3 && numbers.iter().all(|number| number.parse::<u32>().is_ok())
    })
}

fn narrowing(sql: &str) -> Vec<String> {
    let statements = statements(sql);
    let new: BTreeSet<String> = statements.iter().filter_map(|statement| created_table(statement)).collect();
    statements.iter().flat_map(|statement| what_narrows(statement, &new)).collect()
}

/// The statements in small letters, each a list of words and signs, without comments and texts. The bodies of functions and
/// triggers are left out.
fn statements(sql: &str) -> Vec<Vec<String>> {
    let (mut all, mut now, mut word) = (Vec::new(), Vec::<String>::new(), String::new());
    let mut rest = sql;
    while let Some(c) = rest.chars().next() {
        let end_of = |from: usize, mark: &str| {
            let behind = rest.get(from..).unwrap_or_default();
            behind.find(mark).map_or(rest.len(), |at| from + at + mark.len())
        };
        let skipped = match c {
            '-' if rest.starts_with("--") => end_of(0, "\n"),
            '/' if rest.starts_with("/*") => end_of(2, "*/"),
            '\'' => end_of(1, "'"),
            '$' if rest.starts_with("$$") => end_of(2, "$$"),
            _ => 0,
        };
        if (skipped > 0 || !is_in_a_word(c)) && !word.is_empty() {
            now.push(std::mem::take(&mut word));
        }
        if skipped > 0 {
            rest = rest.split_at(skipped).1;
            continue;
        }
        match c {
            // The statements of a trigger's body end so too.
            ';' if is_open_trigger(&now) => now.push(";".to_owned()),
            ';' => all.push(std::mem::take(&mut now)),
            '(' | ')' | ',' => now.push(c.to_string()),
            c if is_in_a_word(c) => word.extend(c.to_lowercase()),
            _ => {}
        }
        rest = rest.split_at(c.len_utf8()).1;
    }
    now.extend((!word.is_empty()).then_some(word));
    all.push(now);
    all.retain(|statement| !statement.is_empty());
    all
}

fn is_in_a_word(c: char) -> bool {
    c.is_alphanumeric() || c == '_' || c == '.'
}

fn is_open_trigger(words: &[String]) -> bool {
    begins(words, "create trigger")
        && words.iter().any(|word| word == "begin")
        && words.last().is_some_and(|w| w != "end")
}

fn begins(words: &[String], with: &str) -> bool {
    with.split(' ').enumerate().all(|(at, word)| words.get(at).is_some_and(|found| found == word))
}

/// The words behind these, also behind `if exists`, `if not exists` and `only`.
fn behind<'a>(words: &'a [String], with: &str) -> Option<&'a [String]> {
    let mut rest = begins(words, with).then(|| &words[with.split(' ').count()..])?;
    for filler in ["if not exists", "if exists", "only"] {
        if begins(rest, filler) {
            rest = &rest[filler.split(' ').count()..];
        }
    }
    Some(rest)
}

fn created_table(words: &[String]) -> Option<String> {
    behind(words, "create table")?.first().cloned()
}

fn what_narrows(words: &[String], new: &BTreeSet<String>) -> Vec<String> {
    let told = |is_harmless: bool| if is_harmless { Vec::new() } else { vec![words.join(" ")] };
    let is_new = |name: Option<&String>| name.is_some_and(|name| new.contains(name));
    let table_behind = |mark: &str| words.iter().skip_while(|word| *word != mark).nth(1);
    if let Some(rest) = behind(words, "alter table") {
        let Some((table, actions)) = rest.split_first() else { return told(false) };
        if new.contains(table) {
            return Vec::new();
        }
        let narrow = |action: &Vec<String>| !is_harmless_action(action);
        return parts(actions)
            .into_iter()
            .filter(narrow)
            .map(|action| format!("{table}: {}", action.join(" ")))
            .collect();
    }
    if let Some(tables) = behind(words, "drop table") {
        return told(tables.iter().filter(|word| *word != ",").all(|table| new.contains(table)));
    }
    if let Some(index) = behind(words, "drop index") {
        return told(index.iter().all(|name| !name.starts_with("uq_")));
    }
    let on_new_tables = ["create trigger", "create unique index", "delete from", "truncate"];
    if on_new_tables.iter().any(|beginning| begins(words, beginning)) {
        return told(is_new(table_behind("on").or_else(|| table_behind("from"))));
    }
    let harmless = ["create table", "create index", "create function", "create view", "insert", "update", "comment"];
    told(harmless.iter().any(|beginning| begins(words, beginning)))
}

/// The actions of one `alter table`: between the commas that stand in no parentheses.
fn parts(words: &[String]) -> Vec<Vec<String>> {
    let (mut parts, mut depth) = (vec![Vec::new()], 0);
    for word in words {
        match word.as_str() {
            "(" => depth += 1,
            ")" => depth -= 1,
            _ => {}
        }
        if word == "," && depth == 0 {
            parts.push(Vec::new());
        } else {
            parts.last_mut().unwrap().push(word.clone());
        }
    }
    parts
}

fn is_harmless_action(words: &[String]) -> bool {
    if let Some(name) = behind(words, "drop constraint").and_then(<[String]>::first) {
        // What is unique is relied upon (`on conflict`).
        return name.starts_with("ck_") || name.starts_with("fk_");
    }
    if let Some(rest) = behind(words, "alter column").or_else(|| behind(words, "alter")) {
        return begins(&rest[1..], "set default");
    }
    let of_a_table = ["constraint", "check", "unique", "primary", "foreign", "exclude"];
    let added = behind(words, "add column").or_else(|| {
        behind(words, "add").filter(|rest| rest.first().is_some_and(|word| !of_a_table.contains(&word.as_str())))
    });
    added.is_some_and(is_harmless_column)
}

/// A column that an older program need not know: it leaves it empty, or at its default, and no check of another column's
/// value hangs on it.
fn is_harmless_column(words: &[String]) -> bool {
    let has = |text: &str| (0..words.len()).any(|at| begins(&words[at..], text));
    let column = &words[0];
    let checks =
        words.iter().skip_while(|word| *word != "check").filter(|word| !["(", ")", ","].contains(&word.as_str()));
    let is_of_itself = |word: &String| word == column || WORDS.contains(&word.as_str()) || word.parse::<i64>().is_ok();
    let is_filled = !has("not null") || has("default");
    let refers_loosely = !has("references") || has("on delete set null") || has("on delete cascade");
    let mut checks = checks.take_while(|word| *word != "constraint" && *word != "references");
    is_filled && refers_loosely && !has("unique") && !has("primary key") && checks.all(is_of_itself)
}

#[test]
fn what_an_older_program_need_not_know_is_let_through() {
    for sql in [
        "alter table mails add column note text; -- drop table mails",
        "alter table mails add column a text, add column b integer not null default 0;",
        "alter table mails add column kind text not null default 'a, b' constraint ck_mails_kind check (kind in ('a', 'b'));",
        "alter table mails add column by_whom bigint constraint fk_by references users (id) on delete set null;",
        "create table things (id bigint not null, name text unique, check (id > 0)); drop table things;",
        "create table things (id bigint); create unique index uq_things on things (id); \
         alter table things add constraint ck_things check (id > 0), alter column id set not null;",
        "create index ix_mails_note on mails (note) where note is not null; drop index ix_mails_old;",
        "insert into things select id from mails; update mails set note = 'drop column; rename' where note is null;",
        "create function f() returns trigger language plpgsql as $$ begin drop table mails; return null; end $$;",
        "create table things (id bigint); create trigger tr_things before delete on things begin select 1; delete from mails; end;",
        "alter table mails drop constraint ck_mails_size, alter column size set default 0;",
        "-- Narrows: the column `why` goes, which nobody reads, since 1.4.0\nalter table mails drop column why;",
    ] {
        assert_eq!(refused(sql), Vec::<String>::new(), "{sql}");
    }
}

#[test]
fn what_an_older_program_would_stumble_over_is_refused() {
    for (sql, what) in [
        ("drop table if exists pictures;", "drop table if exists pictures"),
        ("create table a (id int); drop table a, pictures;", "drop table a , pictures"),
        ("ALTER TABLE mails DROP COLUMN why;", "mails: drop column why"),
        ("alter table if exists only mails drop why;", "mails: drop why"),
        ("alter table mails rename column why to reason;", "mails: rename column why to reason"),
        ("alter table mails rename to letters;", "mails: rename to letters"),
        ("alter table mails alter column size type integer;", "mails: alter column size type integer"),
        ("alter table mails alter size set data type text;", "mails: alter size set data type text"),
        ("alter table mails alter column why set not null;", "mails: alter column why set not null"),
        ("alter table mails alter column size drop not null;", "mails: alter column size drop not null"),
        ("alter table mails alter column held drop default;", "mails: alter column held drop default"),
        ("alter table mails add column a text, add column b text not null;", "mails: add column b text not null"),
        ("alter table mails add column b int unique;", "mails: add column b int unique"),
        ("alter table mails add b int not null;", "mails: add b int not null"),
        (
            "alter table mails add column b int check (b is null or uid > 0);",
            "mails: add column b int check ( b is null or uid 0 )",
        ),
        (
            "alter table mails add column b bigint references users (id);",
            "mails: add column b bigint references users ( id )",
        ),
        ("alter table mails add constraint ck_a check (size > 0);", "mails: add constraint ck_a check ( size 0 )"),
        ("alter table mails add unique (message_id);", "mails: add unique ( message_id )"),
        (
            "alter table mails add constraint fk_a foreign key (uid) references things (id);",
            "mails: add constraint fk_a foreign key ( uid ) references things ( id )",
        ),
        ("alter table mails drop constraint uq_mails_identity;", "mails: drop constraint uq_mails_identity"),
        ("drop index uq_mails_identity;", "drop index uq_mails_identity"),
        ("create unique index uq_mails_uid on mails (uid);", "create unique index uq_mails_uid on mails ( uid )"),
        (
            "create trigger tr_mails after insert on mails begin select 1; end;",
            "create trigger tr_mails after insert on mails begin select 1 ; end",
        ),
        ("drop trigger tr_mails on mails;", "drop trigger tr_mails on mails"),
        (
            "create or replace function f() returns trigger as $$ x $$;",
            "create or replace function f ( ) returns trigger as",
        ),
        ("delete from mails where size = 0;", "delete from mails where size 0"),
        ("alter table mails enable trigger all", "mails: enable trigger all"),
        // SQLite's way to change a table.
        (
            "create table mails_rebuilt (id integer); insert into mails_rebuilt select id from mails; drop table mails; \
             alter table mails_rebuilt rename to mails;",
            "drop table mails",
        ),
        ("-- Narrows: it is better so\ndrop table pictures;", "says no version: -- Narrows: it is better so"),
        ("-- Narrows: , since 1.4.0\ndrop table pictures;", "says no version: -- Narrows: , since 1.4.0"),
        ("-- First.\n-- Narrows: nobody reads it, since 1.4.0\ndrop table pictures;", "drop table pictures"),
    ] {
        assert_eq!(refused(sql), [what], "{sql}");
    }
}
