package importer_test

import (
	"errors"
	"io/fs"
	"strings"
	"testing"
	"testing/fstest"

	"bellwether/internal/importer"
)

const (
	refAreasHeader = "code,number,name,level,region,began,ended,other_codes,other_names,predecessors,successors\n"
	refGoodAreas   = refAreasHeader +
		"E92000001,970,England,National,,,,,,,\n" +
		"E12000009,990,South West,Regional,,,,,,,\n" +
		"E06000028,837,Bournemouth,Local authority,E12000009,,2019-03-31,,,,E06000058\n" +
		"E06000058,839,BCP,Local authority,E12000009,2019-04-01,,,\"Bournemouth, Christchurch\",E06000028,\n"
	refGoodMeasures = `# two measures
[[measure]]
code = "population_0_17"
name = "Children aged 0 to 17"
noun = "children"
topic = "Population"
kind = "snapshot"
unit = "number"
polarity = "none"
frequency = "year"
numerator = "children"
source = "ONS"
definition = "Children."

[[measure]]
code = "cla"
name = "Children looked after"
noun = "children looked after"
topic = "Children looked after"
kind = "snapshot"
unit = "rate_per_10000"
polarity = "none"
decimals = 0
frequency = "year"
numerator = "children looked after"
denominator = "children"
population = "population_0_17"
source = "DfE"
definition = "Children in care."
aliases = ["LAC"]
`
	refGoodNeighbours = "model,area,position,neighbour,closeness\n2025,837,1,839,Close\n2025,839,1,837,Very close\n"
)

// changed is a change of a measure's definition.
func changed(from, what string) string {
	return "[[measure.changed]]\nfrom = \"" + from + "\"\nwhat = \"" + what + "\"\n"
}

func refFS(areas, measures, neighbours string) fstest.MapFS {
	return fstest.MapFS{
		"reference/areas.csv":      {Data: []byte(areas)},
		"reference/measures.toml":  {Data: []byte(measures)},
		"reference/neighbours.csv": {Data: []byte(neighbours)},
	}
}

func TestReferenceFaults(t *testing.T) {
	for _, c := range []struct{ file, old, new, want string }{
		{"areas", "code,number,name", "code,name,number", "reference/areas.csv:1: header is code,name,number"},
		{"areas", refAreasHeader, "", "reference/areas.csv:1: header is E92000001"},
		{"areas", refGoodAreas, "", "reference/areas.csv:1: no header"},
		{"areas", "South West,Regional,,,,,,,", "South West,Regional,,,,,,", "reference/areas.csv:3: wrong number of fields, want 11"},
		{"areas", "South West,Regional", "South West,Area", `reference/areas.csv:3: level "Area"`},
		{"areas", "837,Bournemouth", "837,", "reference/areas.csv:4: an area wants"},
		{"areas", "Bournemouth,Local authority,E12000009", "Bournemouth,Local authority,E12000008", `reference/areas.csv:4: region "E12000008" of Bournemouth`},
		{"areas", "Bournemouth,Local authority,E12000009", "Bournemouth,Local authority,", `reference/areas.csv:4: Bournemouth has no region`},
		{"areas", "E06000028,\n", "E06000027,\n", `reference/areas.csv:5: predecessor "E06000027" of BCP`},
		{"areas", "E06000058\n", "E06000059\n", `reference/areas.csv:4: successor "E06000059" of Bournemouth`},
		{"areas", "839,BCP", "837,BCP", `reference/areas.csv:5: BCP is "837", but so is Bournemouth on line 4`},
		{"areas", "2019-04-01", "1 April 2019", `reference/areas.csv:5: "1 April 2019" is not a date`},
		{"areas", "2019-04-01,,", "2019-04-01,2019-03-01,", "reference/areas.csv:5: BCP ended on 2019-03-01, before"},
		{"areas", `"Bournemouth, Christchurch"`, "bcp", `reference/areas.csv:5: BCP is called "bcp" twice`},
		{"measures", `kind = "snapshot"`, `kind = "stock"`, `reference/measures.toml:7: kind "stock" is not known`},
		{"measures", `unit = "rate_per_10000"`, `unit = "per_1000"`, `reference/measures.toml:21: unit "per_1000" is not known`},
		{"measures", `polarity = "none"`, ``, `reference/measures.toml:2: polarity "" is not known`},
		{"measures", `frequency = "year"`, `frequency = "annual"`, `reference/measures.toml:10: frequency "annual" is not known`},
		{"measures", `name = "Children looked after"`, ``, `reference/measures.toml:15: measure "cla" has no name`},
		{"measures", `definition = "Children in care."`, `definition = " "`, `reference/measures.toml:29: measure "cla" has no definition`},
		{"measures", `source = "DfE"`, ``, `reference/measures.toml:15: measure "cla" has no source`},
		{"measures", `population = "population_0_17"`, `population = "people"`, `reference/measures.toml:27: population "people" of measure "cla"`},
		{"measures", `population = "population_0_17"`, ``, `reference/measures.toml:15: measure "cla" has no population`},
		{"measures", `denominator = "children"`, ``, `reference/measures.toml:15: measure "cla" has no denominator`},
		{"measures", `frequency = "year"
numerator = "children looked after"`, `frequency = "year"
control = true
numerator = "children looked after"`, `reference/measures.toml:25: a control chart says nothing of measure "cla"`},
		{"measures", `aliases = ["LAC"]`, changed("2024", "It is counted anew."), `reference/measures.toml:30: a change of measure "cla": from "2024" is not a date`},
		{"measures", `aliases = ["LAC"]`, changed("2024-04-01", "counted anew"), `reference/measures.toml:30: a change of measure "cla" wants in what a sentence`},
		{"measures", `aliases = ["LAC"]`, changed("2024-04-01", "It is counted anew.") + changed("2021-04-01", "It was."), `reference/measures.toml:33: a change of measure "cla" from 2021-04-01 stands after one from 2024-04-01`},
		{"measures", `decimals = 0`, `decimals = -1`, `reference/measures.toml:23: decimals -1`},
		{"measures", `aliases = ["LAC"]`, `aliases = ["Children aged: 0 to 17"]`, `reference/measures.toml:30: measures population_0_17 and cla are both called`},
		{"measures", `decimals = 0`, `decimal = 0`, `reference/measures.toml:23: there is no setting "measure.decimal"`},
		{"measures", `decimals = 0`, `decimals = "0"`, `reference/measures.toml:23: `},
		{"measures", `decimals = 0`, `decimals = `, `reference/measures.toml:23: `},
		{"neighbours", "2025,837,1", "2025,836,1", `reference/neighbours.csv:2: area "836"`},
		{"neighbours", ",1,837", ",2,837", `reference/neighbours.csv:3: position "2": want 1`},
		{"neighbours", ",1,837", ",first,837", `reference/neighbours.csv:3: position "first" is not a number`},
		{"neighbours", ",1,837", ",1,839", `reference/neighbours.csv:3: area 839 has neighbour 839 already`},
		{"neighbours", ",Very close", ",", "reference/neighbours.csv:3: a neighbour wants"},
		{"neighbours", "position", "place", "reference/neighbours.csv:1: header is model,area,place"},
	} {
		text := map[string]string{"areas": refGoodAreas, "measures": refGoodMeasures, "neighbours": refGoodNeighbours}
		spoilt := strings.Replace(text[c.file], c.old, c.new, 1)
		if spoilt == text[c.file] {
			t.Fatalf("%q is not in %s", c.old, c.file)
		}
		text[c.file] = spoilt
		fsys := refFS(text["areas"], text["measures"], text["neighbours"])
		cat, err := importer.ReadCatalogue(fsys)
		if err == nil {
			_, err = importer.ReadNeighbours(fsys, cat)
		}
		if err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s with %q: %v; want %s", c.file, c.new, err, c.want)
		}
	}
	if cat, err := importer.ReadCatalogue(refFS(refGoodAreas, refGoodMeasures, "")); err != nil || len(cat.Areas()) != 4 || len(cat.Measures()) != 2 {
		t.Errorf("sound files: %v", err)
	}
	if _, err := importer.ReadCatalogue(fstest.MapFS{}); !errors.Is(err, fs.ErrNotExist) || !strings.Contains(err.Error(), "reference/measures.toml") {
		t.Errorf("no files: %v", err)
	}
}

// Whatever the files hold, there is a catalogue or an error, and all that the
// catalogue holds can be found in it.
func FuzzReadCatalogue(f *testing.F) {
	f.Add(refGoodAreas, refGoodMeasures, refGoodNeighbours)
	f.Add(refAreasHeader, "[[measure]]\ncode = 1\n", "model,area\n")
	f.Fuzz(func(t *testing.T, areas, measures, neighbours string) {
		fsys := refFS(areas, measures, neighbours)
		cat, err := importer.ReadCatalogue(fsys)
		if err != nil {
			return
		}
		for _, m := range cat.Measures() {
			if got, err := cat.Measure(m.Code); err != nil || got.Code != m.Code {
				t.Errorf("measure %q finds %q, %v", m.Code, got.Code, err)
			}
		}
		links, err := importer.ReadNeighbours(fsys, cat)
		for _, l := range links {
			if _, miss := cat.Area(l.Area); err == nil && miss != nil {
				t.Errorf("%+v: %v", l, miss)
			}
		}
	})
}
