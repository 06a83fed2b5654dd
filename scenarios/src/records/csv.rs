//! CSV text (RFC 4180) to columns of text. Strict: every row has as many cells as the header, quotes are closed,
//! and what is wrong is told by its line. The separator is the one of comma, semicolon and tab that the header
//! holds most of.

use super::RecordError;
use super::file::check_columns;
use super::table::{Cells, Table, TextColumn};

/// Reads a whole file; `limit` is the largest number of rows.
pub(super) fn read(bytes: &[u8], limit: usize) -> Result<Table, RecordError> {
    let text = decode(bytes)?;
    let header_line = text.lines().next().unwrap_or_default();
    let separator = separator(header_line);
    let mut rows = Rows { bytes: text.as_bytes(), text, at: 0, line: 1, separator };
    let mut header = Vec::new();
    rows.next_row(|_, cell| header.push(cell.trim().to_owned()))?.ok_or(RecordError::Empty("no header"))?;
    check_columns(header.len())?;
    let mut columns: Vec<TextColumn> = header.iter().map(|_| TextColumn::default()).collect();
    let mut count = 0;
    loop {
        let line = rows.line;
        let push = |i: usize, cell: &str| {
            if let Some(column) = columns.get_mut(i) {
                column.push(cell);
            }
        };
        let Some(found) = rows.next_row(push)? else { break };
        if found != header.len() {
            return Err(RecordError::Ragged { line, found, expected: header.len() });
        }
        count += 1;
        if count > limit {
            return Err(RecordError::TooManyRows { limit });
        }
    }
    Table::new(header.into_iter().zip(columns.into_iter().map(Cells::Text)).collect(), count)
}

fn decode(bytes: &[u8]) -> Result<&str, RecordError> {
    let bytes = bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(bytes);
    let line_of = |offset: usize| 1 + bytes[..offset].iter().filter(|b| **b == b'\n').count();
    if let Some(offset) = bytes.iter().position(|b| *b == 0) {
        return Err(RecordError::Binary { line: line_of(offset), offset });
    }
    std::str::from_utf8(bytes).map_err(|error| {
        let offset = error.valid_up_to();
        RecordError::Encoding { line: line_of(offset), offset, byte: bytes[offset] }
    })
}

fn separator(header: &str) -> u8 {
    let count = |b: u8| header.bytes().filter(|x| *x == b).count();
    [b',', b';', b'\t'].into_iter().rev().max_by_key(|b| count(*b)).unwrap_or(b',')
}

struct Rows<'a> {
    bytes: &'a [u8],
    text: &'a str,
    at: usize,
    line: usize,
    separator: u8,
}

impl Rows<'_> {
    /// Hands the cells of the next row that is not an empty line to `cell`; their number, or nothing at the end.
    fn next_row(&mut self, mut cell: impl FnMut(usize, &str)) -> Result<Option<usize>, RecordError> {
        while self.end_of_line(self.at) && self.at < self.bytes.len() {
            self.skip_line_end();
        }
        if self.at >= self.bytes.len() {
            return Ok(None);
        }
        let mut found = 0;
        loop {
            if self.bytes.get(self.at) == Some(&b'"') {
                let value = self.quoted()?;
                cell(found, &value);
            } else {
                let start = self.at;
                while !self.end_of_line(self.at) && self.bytes[self.at] != self.separator {
                    self.at += 1;
                }
                cell(found, &self.text[start..self.at]);
            }
            found += 1;
            if self.bytes.get(self.at) != Some(&self.separator) {
                self.skip_line_end();
                return Ok(Some(found));
            }
            self.at += 1;
        }
    }

    fn quoted(&mut self) -> Result<String, RecordError> {
        let line = self.line;
        let mut value = String::new();
        self.at += 1;
        loop {
            let start = self.at;
            while self.bytes.get(self.at).is_some_and(|b| *b != b'"') {
                self.line += usize::from(self.bytes[self.at] == b'\n');
                self.at += 1;
            }
            value.push_str(&self.text[start..self.at]);
            if self.at >= self.bytes.len() {
                return Err(RecordError::Quote { line, problem: "a quoted cell does not end" });
            }
            self.at += 1;
            match self.bytes.get(self.at) {
                Some(b'"') => {
                    value.push('"');
                    self.at += 1;
                }
                Some(b) if *b == self.separator => return Ok(value),
                _ if self.end_of_line(self.at) => return Ok(value),
                _ => return Err(RecordError::Quote { line, problem: "a quoted cell goes on after its quote" }),
            }
        }
    }

    fn end_of_line(&self, at: usize) -> bool {
        matches!(self.bytes.get(at), None | Some(b'\n' | b'\r'))
    }

    fn skip_line_end(&mut self) {
        if self.bytes.get(self.at) == Some(&b'\r') {
            self.at += 1;
            if self.bytes.get(self.at) != Some(&b'\n') {
                self.line += 1;
                return;
            }
        }
        if self.bytes.get(self.at) == Some(&b'\n') {
            self.at += 1;
            self.line += 1;
        }
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    fn cells(text: &str) -> Vec<Vec<String>> {
        let table = read(text.as_bytes(), 100).unwrap();
        let row = |i| table.columns().map(|c| table.text(c, i).unwrap().into_owned()).collect();
        (0..table.rows()).map(row).collect()
    }

    #[test]
    fn quotes_line_ends_and_separators() {
        let expected = vec![vec!["1".to_owned(), "x, \"y\"\nz".to_owned()], vec![String::new(), "é".to_owned()]];
        assert_eq!(cells("a,b\n1,\"x, \"\"y\"\"\nz\"\n,é"), expected);
        assert_eq!(cells("\u{feff}a;b\r\n1;\"x, \"\"y\"\"\nz\"\r\n;é\r\n\r\n"), expected);
        assert_eq!(cells("a\tb\r1\t\"x, \"\"y\"\"\nz\"\r\té\r"), expected);
    }

    #[test]
    fn what_is_wrong_is_told_by_its_line() {
        let error = |bytes: &[u8]| read(bytes, 3).unwrap_err().to_string();
        assert_eq!(error(b""), "the file has no header");
        assert_eq!(error(b"a,b\n1,2\n3\n"), "line 3 has 1 cells, the header has 2");
        assert_eq!(error(b"a,b\n\"x\ny\",2\n1,2,3\n"), "line 4 has 3 cells, the header has 2");
        assert_eq!(error(b"a,b\n1,\"x\n"), "line 2: a quoted cell does not end");
        assert_eq!(error(b"a,b\n1,\"x\"y\n"), "line 2: a quoted cell goes on after its quote");
        assert_eq!(error(b"a,a\n1,2\n"), "the header names the column `a` twice");
        assert_eq!(error(b"a\n1\n1\n1\n1\n"), "the file has more than 3 rows");
        let wide = format!("a{}\n", ",".repeat(2_000));
        assert_eq!(error(wide.as_bytes()), "the file has 2001 columns; at most 2000 are read");
        let latin = "line 3 is not UTF-8 text (byte 5 of the file is 0xe9); save the file as UTF-8";
        assert_eq!(error(b"a,\n,\n\xe9,2\n"), latin);
        assert!(error(b"a,b\n1,\0\n").contains("line 2 holds a zero byte"));
    }
}
