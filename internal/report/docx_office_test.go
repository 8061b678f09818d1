package report_test

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"bellwether/internal/report"
)

// TestDocxInLibreOffice has LibreOffice make a PDF of a report and looks for
// what the report says.
func TestDocxInLibreOffice(t *testing.T) {
	dir := office(t)
	t.Run("long table", func(t *testing.T) {
		pages := bytes.Split(bytes.TrimSuffix(pdfText(t, dir, "long", docx(t, longTable(), nil)), []byte("\f")), []byte("\f"))
		if len(pages) < 2 {
			t.Fatalf("%d pages", len(pages))
		}
		for i, page := range pages {
			if bytes.Count(page, []byte("Authority")) != 1 {
				t.Errorf("page %d of the table has no headings", i+1)
			}
		}
	})
	for name, data := range map[string][]byte{"plain": docx(t, council(), nil), "house": docx(t, council(), template(t, houseParts()))} {
		t.Run(name, func(t *testing.T) {
			text := pdfText(t, dir, name, data)
			flat := strings.Join(strings.Fields(string(text)), " ")
			for _, want := range []string{
				"Executive Member report to Council", "493 (138 per 10,000)", "Table 1: Headline measures", "287 80.3 71.1 42.9",
				"Figure 1: Fewer children looked after", "Mar 2016", "Neighbours' mean", "Figure 2:", "145.5", "A. Officer, Head of Fostering, 12 October 2025", "Page 1 of 4", "Page 4 of 4",
			} {
				if !strings.Contains(flat, want) {
					t.Errorf("the PDF does not say %q", want)
				}
			}
			for i, page := range bytes.Split(bytes.TrimSuffix(text, []byte("\f")), []byte("\f")) {
				if !bytes.Contains(page, []byte("DRAFT")) {
					t.Errorf("page %d says no DRAFT", i+1)
				}
			}
			if name == "plain" && !regexp.MustCompile(`2\. +Since the last report`).Match(text) {
				t.Error("paragraphs are not numbered")
			}
		})
	}
}

// pdfText is what a report's PDF says, a form feed after each page.
func pdfText(t *testing.T, dir, name string, data []byte) []byte {
	t.Helper()
	file := filepath.Join(dir, name+".docx")
	if err := os.WriteFile(file, data, 0o644); err != nil {
		t.Fatal(err)
	}
	if !converted(t, dir, file) {
		t.Fatal("LibreOffice made no PDF of the report")
	}
	text, err := exec.Command("pdftotext", "-layout", filepath.Join(dir, name+".pdf"), "-").Output()
	if err != nil {
		t.Fatal(err)
	}
	return text
}

// longTable goes over several pages.
func longTable() report.Document {
	table := report.Table{Caption: "All authorities", Columns: []report.Column{{Head: "Authority"}, {Head: "Rate", Number: true}}}
	for range 120 {
		table.Rows = append(table.Rows, report.Row{Cells: report.Cells("Somewhere", "67.5")})
	}
	return report.Document{Title: "Long", Draft: true, Blocks: []report.Block{table}}
}

// converted reports whether LibreOffice made a PDF of a file in its folder.
func converted(t *testing.T, dir, file string) bool {
	t.Helper()
	c := exec.CommandContext(t.Context(), "soffice", "-env:UserInstallation=file://"+filepath.ToSlash(dir)+"/profile", "--headless", "--convert-to", "pdf", "--outdir", dir, file)
	if out, err := c.CombinedOutput(); err != nil {
		t.Logf("%v: %s", err, out)
	}
	_, err := os.Stat(strings.TrimSuffix(file, filepath.Ext(file)) + ".pdf")
	return err == nil
}

// office is a folder in which LibreOffice makes PDFs; where it is not
// installed the test is skipped.
func office(t *testing.T) string {
	t.Helper()
	for _, program := range []string{"soffice", "pdftotext"} {
		if _, err := exec.LookPath(program); err != nil {
			t.Skipf("%s is not installed, so no report is opened with it", program)
		}
	}
	dir := t.TempDir()
	probe := filepath.Join(dir, "probe.txt")
	if err := os.WriteFile(probe, []byte("probe"), 0o644); err != nil {
		t.Fatal(err)
	}
	if !converted(t, dir, probe) {
		t.Skip("LibreOffice is installed without Writer, so no report is opened with it")
	}
	return dir
}

// LibreOffice prints a whole report: its charts, every bar's name among them,
// and its wide pages.
func TestReportInLibreOffice(t *testing.T) {
	dir := office(t)
	for name, r := range defined(t) {
		t.Run(name, func(t *testing.T) {
			r.Number = 2
			text := string(pdfText(t, dir, name, must(t)(report.DOCX(r, nil))))
			flat := strings.Join(strings.Fields(text), " ")
			for _, want := range []string{"Issue 2, content " + report.Fingerprint(r), "Appendix: the figures of the charts", "Page 2 of"} {
				if !strings.Contains(flat, want) {
					t.Errorf("the PDF does not say %q", want)
				}
			}
			for _, sec := range r.Sections {
				for _, p := range sec.Panels {
					chart, ok := report.ChartOf(p)
					if !ok || p.Bars == nil {
						continue
					}
					_, below, _ := strings.Cut(flat, ": "+strings.TrimSuffix(p.Title, ".")+". "+p.Subtitle)
					for _, bar := range chart.Names {
						if !strings.Contains(below[:min(len(below), 600)], bar) {
							t.Errorf("%s: the bar of %s has no name", p.ID, bar)
						}
					}
				}
			}
		})
	}
}
