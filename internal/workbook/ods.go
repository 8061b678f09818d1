package workbook

import (
	"archive/zip"
	"io"
	"strings"
)

// odsBook is an OpenDocument spreadsheet: all sheets stand in one part.
type odsBook struct {
	content *zip.File
	styles  *odsStyles
	scan    *odsScan // where the last reading left off, nil while one goes on
}

const odsType = "application/vnd.oasis.opendocument.spreadsheet"

// openODS reads all of a spreadsheet once, counting.
func (a *archive) openODS() (*Book, error) {
	if err := a.checkODS(); err != nil {
		return nil, err
	}
	b := &Book{Format: formatODS, limits: a.limits, archive: a, ods: &odsBook{content: a.byName["content.xml"], styles: newODSStyles(a.limits)}}
	if f := a.byName["styles.xml"]; f != nil {
		if err := a.walk(f, b.ods.styles.visit); err != nil {
			return nil, err
		}
	}
	var used budget
	scan, err := b.newODSScan(&used)
	for err == nil {
		err = scan.step()
	}
	if scan != nil {
		scan.close()
	}
	if err != io.EOF {
		return nil, err
	}
	if used.cells == 0 {
		return nil, fault(EmptyFile, "", "no sheet of the workbook holds a value. Check that it was saved with its figures, then upload it again.")
	}
	if err := a.rest(seeODS); err != nil {
		return nil, err
	}
	b.Remarks, b.Notes = a.remarks.list, a.notes
	return b, nil
}

// checkODS refuses what is encrypted, another kind of document, or holds
// spreadsheets within it.
func (a *archive) checkODS() error {
	mimetype, err := a.head(a.byName["mimetype"])
	if err != nil {
		return err
	}
	if manifest := a.byName["meta-inf/manifest.xml"]; manifest != nil {
		if err := a.walk(manifest, a.manifest); err != nil {
			return err
		}
	}
	switch {
	case a.byName["encrypted-package"] != nil:
		return odsPassword()
	case !strings.HasPrefix(mimetype, odsType):
		return fault(ODS, "", "this is an OpenDocument file, but not a spreadsheet (%.60q). Upload a workbook (.ods or .xlsx) or a CSV file.", mimetype)
	}
	for _, f := range a.files {
		if name := partName(f.Name); strings.HasPrefix(name, "basic/") || strings.HasPrefix(name, "scripts/") {
			a.note(macrosNote)
		}
	}
	return nil
}

func odsPassword() error {
	return fault(Password, "", "the workbook is protected with a password. Open it, save it again without a password, and upload that copy.")
}

func (a *archive) manifest(at []string, t *token) error {
	switch {
	case t.kind != startTag:
	case t.name.local == "encryption-data":
		return odsPassword()
	case t.name.local == "file-entry" && strings.HasPrefix(t.attr("media-type"), odsType):
		if name := strings.Trim(t.attr("full-path"), "/"); name != "" {
			return a.embedded(name + ".ods")
		}
	}
	return nil
}

// head is the beginning of a small part.
func (a *archive) head(f *zip.File) (string, error) {
	r, err := f.Open()
	if err != nil {
		return "", unpackFault(f, err)
	}
	defer r.Close()
	text := make([]byte, 256)
	n, err := io.ReadFull(r, text)
	if err != nil && err != io.EOF && err != io.ErrUnexpectedEOF {
		return "", unpackFault(f, err)
	}
	return strings.TrimSpace(string(text[:n])), nil
}

// seeODS walks the parts that any program reads. The others may be empty, or
// macros with a document type.
func seeODS(_ *zip.File, name string) visit {
	if name == "meta.xml" || name == "settings.xml" {
		return func([]string, *token) error { return nil }
	}
	return nil
}

// odsReader gives the rows of one sheet.
type odsReader struct {
	book        *Book
	scan        *odsScan
	sheet       int
	row         Row
	left        int // times the row comes again
	rows, cells int // that were given
}

// odsRows goes on from where the last reading left off if that can be.
func (b *Book) odsRows(sheet int) (rowReader, error) {
	scan := b.ods.scan
	b.ods.scan = nil
	if scan != nil && scan.sheet >= sheet {
		scan.close()
		scan = nil
	}
	if scan == nil {
		var err error
		if scan, err = b.newODSScan(&budget{}); err != nil {
			return nil, err
		}
		scan.again = true
		b.archive.elements = 0
	}
	return &odsReader{book: b, scan: scan, sheet: sheet}, nil
}

func (r *odsReader) close() {
	if r.book.ods == nil || r.book.ods.scan != nil {
		r.scan.close()
		return
	}
	r.book.ods.scan = r.scan
}

func (r *odsReader) next() (Row, error) {
	if r.left > 0 {
		r.left--
		r.row.Number++
		return r.give(), nil
	}
	for {
		err := r.scan.step()
		if r.scan.sheet > r.sheet || err == io.EOF || r.scan.sheet == r.sheet && r.scan.ended {
			return Row{}, r.end()
		}
		if err != nil {
			return Row{}, err
		}
		if r.scan.sheet == r.sheet && r.scan.full {
			r.row = Row{Number: r.scan.row - r.scan.repeat + 1, Cells: r.scan.cells, Hidden: r.scan.hidden}
			r.left = r.scan.repeat - 1
			return r.give(), nil
		}
	}
}

func (r *odsReader) give() Row {
	r.rows++
	for _, c := range r.row.Cells {
		if c.Kind != Empty {
			r.cells++
		}
	}
	return r.row
}

func (r *odsReader) end() error {
	if s := r.book.Sheets[r.sheet]; r.rows != s.Rows || r.cells != s.Cells {
		return fault(Incomplete, s.Name, "the sheet could not be read whole: %d of %d rows were read. %s", r.rows, s.Rows, saveAgain)
	}
	return io.EOF
}
