//! Columns that line up, whatever the script.

use unicode_width::UnicodeWidthStr;

/// Each row as one line; columns are as wide as their widest cell, the last is not filled up.
pub(super) fn table(rows: &[Vec<String>]) -> Vec<String> {
    let columns = rows.iter().map(Vec::len).max().unwrap_or(0);
    let width = |column: usize| rows.iter().filter_map(|row| row.get(column)).map(|c| c.width()).max();
    let widths: Vec<usize> = (0..columns).map(|column| width(column).unwrap_or(0)).collect();
    rows.iter().map(|row| line(row, &widths)).collect()
}

fn line(row: &[String], widths: &[usize]) -> String {
    let mut line = String::new();
    for (cell, width) in row.iter().zip(widths).filter(|(_, width)| **width > 0) {
        line.push_str(cell);
        line.push_str(&" ".repeat(width.saturating_sub(cell.width()) + 2));
    }
    line.truncate(line.trim_end_matches(' ').len());
    line
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_line_up_for_every_script() {
        let rows = [["a", "", "x"], ["ɲɛ̀", "", "y"], ["世界", "", "z"], ["b", "", ""]]
            .map(|row| row.map(str::to_owned).to_vec());
        assert_eq!(table(&rows), ["a     x", "ɲɛ̀    y", "世界  z", "b"]);
    }
}
