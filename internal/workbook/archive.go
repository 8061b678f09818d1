package workbook

import (
	"archive/zip"
	"bytes"
	"io"
	"path"
	"strconv"
	"strings"
)

// archive is a zip file whose names, sizes and kind have been checked. Its
// parts have not been unpacked yet.
type archive struct {
	limits Limits
	files  []*zip.File
	byName map[string]*zip.File // by partName
}

// partName is how a part is looked up: OPC names ignore case, and some
// programs write backslashes.
func partName(s string) string {
	return strings.ToLower(strings.ReplaceAll(s, "\\", "/"))
}

func openArchive(data []byte, l Limits) (*archive, error) {
	z, err := zip.NewReader(bytes.NewReader(data), int64(len(data)))
	if err != nil {
		return nil, damaged("", "it is cut short, or not a whole .xlsx (%v)", err)
	}
	if len(z.File) > l.Parts {
		return nil, tooLarge("", "the file is made of %d parts and at most %d are read. %s", len(z.File), l.Parts, saveAgain)
	}
	a := &archive{limits: l, byName: make(map[string]*zip.File, len(z.File))}
	for _, f := range z.File {
		if err := a.add(f); err != nil {
			return nil, err
		}
	}
	if err := a.checkSizes(); err != nil {
		return nil, err
	}
	return a, a.checkKind()
}

func (a *archive) add(f *zip.File) error {
	name := partName(f.Name)
	clean := strings.TrimSuffix(name, "/")
	switch {
	case clean == "", strings.HasPrefix(name, "/"), path.Clean(clean) != clean, strings.HasPrefix(name, ".."), strings.ContainsAny(name, "\x00:"):
		return suspect("a part is named %q", f.Name)
	case a.byName[name] != nil:
		return suspect("two parts are named %q", f.Name)
	case f.Flags&1 != 0:
		return fault(Password, "", "the file is an encrypted archive. Remove the password and save it again as an Excel workbook (.xlsx).")
	}
	a.byName[name] = f
	if !strings.HasSuffix(name, "/") {
		a.files = append(a.files, f)
	}
	return nil
}

// checkSizes goes by what the parts say of themselves; archive/zip refuses a
// part that unpacks to another size than it said.
func (a *archive) checkSizes() error {
	var total uint64
	for _, f := range a.files {
		size := f.UncompressedSize64
		if size > uint64(a.limits.Part) {
			return tooLarge("", "%s unpacks to %s and at most %s is read. Take out what is not needed, or upload it in parts.", f.Name, megabytes(int64(min(size, 1<<60))), megabytes(a.limits.Part))
		}
		if total += size; total > uint64(a.limits.Total) {
			return tooLarge("", "the file unpacks to more than %s. Take out what is not needed, or upload it in parts.", megabytes(a.limits.Total))
		}
	}
	return nil
}

// checkKind refuses what is a zip but no plain workbook.
func (a *archive) checkKind() error {
	has := func(name string) bool { return a.byName[name] != nil }
	const remedy = " Upload an Excel workbook (.xlsx) or a CSV file."
	switch {
	case has("content.xml") && has("mimetype") || has("content.xml") && has("meta-inf/manifest.xml"):
		return fault(ODS, "", "this is an OpenDocument file (.ods), which is not read yet. Open it and save it as an Excel workbook (.xlsx) or as CSV.")
	case has("xl/workbook.bin"):
		return fault(XLSB, "", "this is a binary Excel workbook (.xlsb). Open it in Excel and save it as an Excel workbook (.xlsx).")
	case has("word/document.xml"):
		return fault(NotSpreadsheet, "", "this is a Word document, not a spreadsheet."+remedy)
	case has("ppt/presentation.xml"):
		return fault(NotSpreadsheet, "", "this is a PowerPoint presentation, not a spreadsheet."+remedy)
	case has("index/document.iwa"):
		return fault(NotSpreadsheet, "", "this is an Apple Numbers document. Export it as Excel (.xlsx) or CSV.")
	case !has("[content_types].xml") || !has("_rels/.rels"):
		return fault(NotSpreadsheet, "", "this is a zip archive, not a spreadsheet. If a spreadsheet is in it, take that out and upload it.")
	}
	for name := range a.byName {
		if err := forbidden(name); err != nil {
			return err
		}
	}
	return nil
}

// forbidden refuses parts that hold code, or rows no sheet shows.
func forbidden(name string) error {
	switch {
	case strings.HasSuffix(name, "vbaproject.bin"), strings.HasPrefix(name, "xl/macrosheets/"):
		return fault(Macros, "", "the workbook holds macros. Open it in Excel and save it as an Excel workbook without macros (.xlsx).")
	case strings.HasPrefix(name, "xl/pivotcache/pivotcacherecords"):
		return fault(PivotCache, "", "the workbook holds the rows behind a pivot table, hidden in it even when no sheet shows them. Copy the figures to a new workbook with Paste Special, Values, and upload that.")
	case strings.HasPrefix(name, "xl/model/"):
		return fault(PivotCache, "", "the workbook holds a data model (Power Pivot), whose rows no sheet shows. Copy the figures to a new workbook with Paste Special, Values, and upload that.")
	}
	return nil
}

// drain unpacks a part that nothing reads, for its size and check sum.
func (a *archive) drain(f *zip.File) error {
	r, err := f.Open()
	if err == nil {
		_, err = io.Copy(io.Discard, r)
		r.Close()
	}
	if err != nil {
		return unpackFault(f, err)
	}
	return nil
}

func unpackFault(f *zip.File, err error) error {
	return damaged("", "%s cannot be unpacked (%v)", f.Name, err)
}

// trimFloat writes a number with one decimal at most.
func trimFloat(f float64) string {
	return strings.TrimSuffix(strconv.FormatFloat(f, 'f', 1, 64), ".0")
}
