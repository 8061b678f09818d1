package importer_test

import (
	"path/filepath"
	"strings"
	"testing"
	"testing/fstest"

	"bellwether/internal/importer"
)

const neighbourHead = "LA number,LA name,SN1,SNP,SN2,SNP\n"

const twoNeighbours = `title = "Two neighbours"
kind = "neighbours"
publisher = "DfE"
neighbours = ["SN1", "SN2"]
[[column]]
header = ["LA number"]
is = "number"
[[column]]
header = ["LA name"]
is = "name"
`

// withLayout is an importer of one layout alone.
func withLayout(t testing.TB, text string) *importer.Importer {
	t.Helper()
	_, cat := project(t)
	home, err := cat.Area("806")
	if err != nil {
		t.Fatal(err)
	}
	im, err := importer.New(fstest.MapFS{"layouts/one.toml": {Data: []byte(text)}}, cat, home)
	if err != nil {
		t.Fatal(err)
	}
	return im
}

const goodTable = `title = "A table"
kind = "table"
publisher = "council"

[[column]]
header = ["when"]
is = "period"

[[column]]
header = ["how many"]
is = "count"
measure = "referrals"
`

// A new layout needs no Go.
func TestNewLayout(t *testing.T) {
	im := withLayout(t, goodTable)
	r := read(t, im, "a.csv", []byte("how many,when\n12,2025-04\n"), importer.Options{})
	if got := said(r, "referrals", "E06000002", "2025-04"); r.Refused() || !strings.HasPrefix(got, "12 of ") {
		t.Errorf("%s %+v", got, r.Problems)
	}
}

// A fault in a layout is told with file and line.
func TestLayoutFaults(t *testing.T) {
	_, cat := project(t)
	for _, tt := range []struct{ old, new, want string }{
		{`title =`, `titel =`, "one.toml:1: there is no setting \"titel\""},
		{`title = "A table"`, `title = `, "one.toml:1:"},
		{`title = "A table"`, `title = ""`, "one.toml:1: a layout needs a title"},
		{`kind = "table"`, `kind = "chair"`, "one.toml:2: kind \"chair\""},
		{`publisher = "council"`, `publisher = "me"`, "one.toml:3: publisher \"me\""},
		{`publisher = "council"`, "publisher = \"council\"\nreleased_month = \"Nov\"", "one.toml:4: released_month"},
		{`publisher = "council"`, "publisher = \"council\"\nyear_ends = \"31 June\"", "one.toml:4:"},
		{`is = "period"`, `is = "perod"`, "one.toml:5: a column of a table cannot be \"perod\""},
		{`is = "period"`, `is = "name"`, "one.toml:2: a table needs a column that is period"},
		{`measure = "referrals"`, `measure = "referals"`, "one.toml:9: there is no measure \"referals\""},
		{`measure = "referrals"`, ``, "one.toml:9: the figure [how many] needs a measure"},
		{`header = ["when"]`, `header = []`, "one.toml:5: a column needs a header"},
		{`is = "period"`, "is = \"period\"\nmeasure = \"cla\"", "one.toml:5: only a figure has a measure"},
		{`is = "count"`, `is = "item"`, "only a figure has a measure"},
		{"[[column]]", "[[ignore]]\nheader = [\"x\"]\n\n[[column]]", "one.toml:5: what is ignored needs"},
		{"[[column]]", "[marks]\n\"-\" = \"q\"\n\n[[column]]", "one.toml:5: \"q\" is not a mark"},
		{"[[column]]", "[[item]]\ntext = \"a\"\nmeasure = \"nonesuch\"\n\n[[column]]", "one.toml:5: there is no measure"},
		{"[[column]]", "[[item]]\ntext = \"a\"\nmeasure = \"cla\"\npart = \"whole\"\n\n[[column]]", "one.toml:5: part \"whole\""},
	} {
		text := strings.Replace(goodTable, tt.old, tt.new, 1)
		_, err := importer.New(fstest.MapFS{"layouts/one.toml": {Data: []byte(text)}}, cat, cat.Areas()[0])
		if err == nil || !strings.Contains(err.Error(), tt.want) {
			t.Errorf("%q for %q: %v; want %q", tt.new, tt.old, err, tt.want)
		}
	}
	if _, err := importer.New(fstest.MapFS{}, cat, cat.Areas()[0]); err == nil {
		t.Error("no layouts at all are no fault")
	}
}

// Two layouts that fit alike are named; one with more headers wins.
func TestAmbiguousLayout(t *testing.T) {
	_, cat := project(t)
	longer := goodTable + "\n[[column]]\nheader = [\"where\"]\nis = \"area\"\n"
	fsys := fstest.MapFS{"layouts/one.toml": {Data: []byte(goodTable)}, "layouts/two.toml": {Data: []byte(goodTable)}, "layouts/three.toml": {Data: []byte(longer)}}
	im, err := importer.New(fsys, cat, cat.Areas()[0])
	if err != nil {
		t.Fatal(err)
	}
	r := read(t, im, "a.csv", []byte("title\nhow many,when\n12,2025-04\n"), importer.Options{})
	if p := find(r, "ambiguous_layout"); p.At != "A2" || !strings.Contains(p.Message, "one and two") || !strings.Contains(p.Message, "--layout") {
		t.Errorf("%+v", r.Problems)
	}
	if r := read(t, im, "a.csv", []byte("how many,when,where\n12,2025-04,805\n"), importer.Options{}); r.Refused() || r.Batch.Layout != "three" {
		t.Errorf("%+v %+v", r.Batch, r.Problems)
	}
	if r := read(t, im, "a.csv", []byte("how many,when\n12,2025-04\n"), importer.Options{Layout: "two"}); r.Refused() || r.Batch.Layout != "two" {
		t.Errorf("%+v %+v", r.Batch, r.Problems)
	}
}

// Every layout of the project is read.
func TestLayouts(t *testing.T) {
	im, _ := project(t)
	files, err := filepath.Glob("../../imports/layouts/*.toml")
	if err != nil {
		t.Fatal(err)
	}
	if len(files) != len(im.Layouts()) {
		t.Errorf("%d files, layouts %v", len(files), im.Layouts())
	}
}
