//! A table as it is written, beside what was answered.

/// Columns are apart by two blanks or more, which none of the words has inside.
const GAP: &str = "  ";

pub struct Written {
    /// Who asks, in the order of the columns.
    pub columns: Vec<String>,
    pub rows: Vec<Row>,
}

pub struct Row {
    /// Method and path.
    pub asked: String,
    /// What stands in the place of the id, and whose form it is.
    pub of: String,
    /// What is to be answered to each.
    wanted: Vec<String>,
    /// What was.
    pub answered: Vec<String>,
}

impl Written {
    pub fn read(text: &str) -> Self {
        let cells = |line: &str| {
            line.split(GAP).map(|cell| cell.trim().to_owned()).filter(|cell| !cell.is_empty()).collect::<Vec<_>>()
        };
        let mut lines = text.lines().filter(|line| !line.trim().is_empty()).map(cells);
        let columns = lines.next().unwrap().split_off(2);
        let rows = lines.map(|mut cells| {
            assert_eq!(cells.len(), columns.len() + 2, "{cells:?}");
            let wanted = cells.split_off(2);
            let [asked, of] = cells.try_into().unwrap();
            Row { asked, of, wanted, answered: Vec::new() }
        });
        Self { rows: rows.collect(), columns }
    }

    /// Prints what was answered and fails if it is not what is written.
    pub fn compare(&self) {
        let answered = self.show(|row| &row.answered);
        #[expect(clippy::print_stdout, reason = "for whoever wants to see it")]
        {
            println!("{answered}");
        }
        let written = self.show(|row| &row.wanted);
        let differs = written.lines().zip(answered.lines()).filter(|(wanted, found)| wanted != found);
        let differs: Vec<String> = differs.map(|(wanted, found)| format!("wanted {wanted}\nfound  {found}")).collect();
        assert!(differs.is_empty(), "not as written:\n{}", differs.join("\n"));
    }

    fn show<'a>(&'a self, of: impl Fn(&'a Row) -> &'a [String]) -> String {
        let lines = |row: &'a Row| [&[row.asked.clone(), row.of.clone()], of(row)].concat();
        let head = [&["asked".to_owned(), "of".to_owned()], &*self.columns].concat();
        let lines: Vec<Vec<String>> = std::iter::once(head).chain(self.rows.iter().map(lines)).collect();
        // As wide as what is written: what was answered is compared with it line by line.
        let written = self.rows.iter().map(|row| [&[row.asked.clone(), row.of.clone()], &*row.wanted].concat());
        let written: Vec<Vec<String>> = written.chain([lines[0].clone()]).collect();
        let width = |column: usize| written.iter().map(|line| line[column].len()).max().unwrap();
        let widths: Vec<usize> = (0..lines[0].len()).map(width).collect();
        let padded = |line: &Vec<String>| {
            let cells = line.iter().zip(&widths).map(|(cell, width)| format!("{cell:width$}"));
            cells.collect::<Vec<_>>().join(GAP).trim_end().to_owned()
        };
        lines.iter().map(padded).collect::<Vec<_>>().join("\n")
    }
}
