package workbook

import (
	"archive/zip"
	"bytes"
	"io"
	"path"
	"slices"
	"strconv"
	"strings"
)

// archive is a zip file whose names, sizes and kind have been checked. Its
// parts have not been unpacked yet.
type archive struct {
	limits   Limits
	format   string // by its parts, and by its name as to macros
	files    []*zip.File
	byName   map[string]*zip.File // by partName
	walked   map[*zip.File]bool
	elements int // of all parts that were walked
	remarks  remarks
	notes    []string
	spare    *xmlReader // whose window can be used again
}

// partName is how a part is looked up: OPC names ignore case, and some
// programs write backslashes.
func partName(s string) string {
	return strings.ToLower(strings.ReplaceAll(s, "\\", "/"))
}

func openArchive(name string, data []byte, l Limits) (*archive, error) {
	// Entries are counted before any is made into a part.
	if n := bytes.Count(data, magicEntry); n > l.Parts {
		return nil, tooLarge("", "the file is made of %d parts and at most %d are read. %s", n, l.Parts, saveAgain)
	}
	z, err := zip.NewReader(bytes.NewReader(data), int64(len(data)))
	if err != nil {
		return nil, damaged("", "it is cut short, or not a whole workbook (%v)", err)
	}
	a := &archive{limits: l, byName: map[string]*zip.File{}, walked: map[*zip.File]bool{}, remarks: remarks{limits: l}}
	for _, f := range z.File {
		if err := a.add(f); err != nil {
			return nil, err
		}
	}
	if err := a.checkSizes(); err != nil {
		return nil, err
	}
	a.format, err = a.kind()
	if a.format == formatXLSX && strings.EqualFold(path.Ext(name), ".xlsm") {
		a.format = formatXLSM
	}
	return a, err
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

// kind is the format of a workbook, or says what else the archive is.
func (a *archive) kind() (string, error) {
	has := func(name string) bool { return a.byName[name] != nil }
	const remedy = " Upload a workbook (.xlsx or .ods) or a CSV file."
	switch {
	case has("mimetype") && (has("content.xml") || has("encrypted-package")):
		return formatODS, nil
	case has("xl/workbook.bin"):
		return "", fault(XLSB, "", "this is a binary Excel workbook (.xlsb). Open it in Excel and save it as an Excel workbook (.xlsx).")
	case has("word/document.xml"):
		return "", fault(NotSpreadsheet, "", "this is a Word document, not a spreadsheet."+remedy)
	case has("ppt/presentation.xml"):
		return "", fault(NotSpreadsheet, "", "this is a PowerPoint presentation, not a spreadsheet."+remedy)
	case has("index/document.iwa"):
		return "", fault(NotSpreadsheet, "", "this is an Apple Numbers document. Export it as Excel (.xlsx) or CSV.")
	case !has("[content_types].xml") || !has("_rels/.rels"):
		return "", fault(NotSpreadsheet, "", "this is a zip archive, not a spreadsheet. If a spreadsheet is in it, take that out and upload it.")
	}
	return formatXLSX, nil
}

// checkParts refuses an Excel workbook with parts that hold code, unless it is
// named .xlsm, and one with rows that no sheet shows.
func (a *archive) checkParts() error {
	for _, f := range a.files {
		name := partName(f.Name)
		var err error
		switch {
		case strings.HasSuffix(name, "vbaproject.bin"), strings.HasPrefix(name, "xl/macrosheets/"):
			err = a.macros()
		case strings.HasPrefix(name, "xl/pivotcache/pivotcacherecords"):
			err = fault(PivotCache, "", "the workbook holds the rows behind a pivot table, hidden in it even when no sheet shows them. Copy the figures to a new workbook with Paste Special, Values, and upload that.")
		case strings.HasPrefix(name, "xl/model/"):
			err = fault(PivotCache, "", "the workbook holds a data model (Power Pivot), whose rows no sheet shows. Copy the figures to a new workbook with Paste Special, Values, and upload that.")
		case strings.HasPrefix(name, "xl/embeddings/"):
			err = a.embedded(name)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

const macrosNote = "The workbook holds macros. They were not read."

func (a *archive) macros() error {
	if a.format != formatXLSM {
		return fault(Macros, "", "the workbook holds macros. Open it in Excel and save it as an Excel workbook without macros (.xlsx).")
	}
	a.note(macrosNote)
	return nil
}

// embedded refuses a spreadsheet within the workbook; of another document it
// says that it was not read.
func (a *archive) embedded(name string) error {
	switch ext := path.Ext(name); {
	case strings.HasPrefix(ext, ".xl"), ext == ".ods", ext == ".csv":
		return fault(Embedded, "", "the workbook holds another spreadsheet (%.60s), whose rows no sheet shows. Delete that object, or copy the figures to a new workbook and upload that.", path.Base(name))
	}
	a.note("The workbook holds other documents. They were not read.")
	return nil
}

func (a *archive) note(text string) {
	if !slices.Contains(a.notes, text) {
		a.notes = append(a.notes, text)
	}
}

// rest reads the parts that nothing has read: XML by visit, where it is not
// nil for the part, and all to its last byte for size and check sum.
func (a *archive) rest(see func(f *zip.File, name string) visit) error {
	for _, f := range a.files {
		if a.walked[f] {
			continue
		}
		var err error
		if each := see(f, partName(f.Name)); each != nil {
			err = a.walk(f, each)
		} else {
			err = a.drain(f)
		}
		if err != nil {
			return err
		}
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
