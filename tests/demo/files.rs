//! Files that candidates send: real ones, if small.

use std::io::Write;

/// A PDF of one page with a line on it.
pub fn pdf(line: &str) -> Vec<u8> {
    let drawing = format!("BT /F1 18 Tf 72 720 Td ({line}) Tj ET");
    let objects = [
        "<< /Type /Catalog /Pages 2 0 R >>".to_owned(),
        "<< /Type /Pages /Kids [3 0 R] /Count 1 >>".to_owned(),
        "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R \
         /Resources << /Font << /F1 << /Type /Font /Subtype /Type1 /BaseFont /Helvetica >> >> >> >>"
            .to_owned(),
        format!("<< /Length {} >>\nstream\n{drawing}\nendstream", drawing.len()),
    ];
    let (mut pdf, mut table) = (b"%PDF-1.4\n".to_vec(), Vec::new());
    for (object, number) in objects.iter().zip(1..) {
        writeln!(table, "{:010} 00000 n ", pdf.len()).unwrap();
        writeln!(pdf, "{number} 0 obj\n{object}\nendobj").unwrap();
    }
    let start = pdf.len();
    pdf.extend_from_slice(b"xref\n0 5\n0000000000 65535 f \n");
    pdf.extend(table);
    writeln!(pdf, "trailer\n<< /Size 5 /Root 1 0 R >>\nstartxref\n{start}\n%%EOF").unwrap();
    pdf
}
