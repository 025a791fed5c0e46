//! The files that attachments and documents stand for: small, and of their kind.

use super::object_id::ObjectId;
use crate::domain::headers::Header;
use crate::domain::reply::Answer;

/// The media type of an attachment.
pub(super) const INVOICE_TYPE: &str = "application/xml";

/// What an attachment is called.
pub(super) fn name(id: &str) -> String {
    format!("{id}.xml")
}

/// The file behind an attachment: XML in which the id of the attachment stands. It is no real CFDI.
pub(super) fn invoice(id: &ObjectId) -> Answer {
    let mut chance = id.chance("invoice");
    let total = format!("{}.{:02}", chance.u32(1..20_000), chance.u32(..100));
    let body = format!(
        "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n\
         <Comprobante Version=\"sample\" Folio=\"{id}\" Moneda=\"MXN\" Total=\"{total}\">\n\
         \x20   <Concepto Cantidad=\"1\" Descripcion=\"SAMPLE\" Importe=\"{total}\"/>\n\
         </Comprobante>\n",
        id = id.as_str(),
    );
    let headers = [
        Header::new("content-type", INVOICE_TYPE),
        Header::new(
            "content-disposition",
            format!("attachment; filename=\"{}\"", name(id.as_str())),
        ),
    ];
    Answer {
        status: 200,
        headers: headers.into_iter().collect(),
        body: body.into(),
    }
}

/// The file behind a document: a PDF of one page on which its id stands.
pub(super) fn statement(id: &str) -> Vec<u8> {
    let text = format!("BT /F1 12 Tf 20 100 Td (Sample document {id}) Tj ET");
    let objects = [
        "<< /Type /Catalog /Pages 2 0 R >>".to_owned(),
        "<< /Type /Pages /Kids [3 0 R] /Count 1 >>".to_owned(),
        "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 340 200] /Contents 4 0 R \
         /Resources << /Font << /F1 5 0 R >> >> >>"
            .to_owned(),
        format!("<< /Length {} >>\nstream\n{text}\nendstream", text.len()),
        "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>".to_owned(),
    ];
    let mut file = "%PDF-1.4\n".to_owned();
    let mut places = Vec::new();
    for (number, object) in (1..).zip(&objects) {
        places.push(format!("{:010} 00000 n \n", file.len()));
        file.extend([&format!("{number} 0 obj\n"), object, "\nendobj\n"]);
    }
    let size = objects.len() + 1;
    let (start, places) = (file.len(), places.concat());
    let end = format!(
        "xref\n0 {size}\n0000000000 65535 f \n{places}trailer\n<< /Size {size} /Root 1 0 R >>\n\
         startxref\n{start}\n%%EOF\n"
    );
    (file + &end).into_bytes()
}
