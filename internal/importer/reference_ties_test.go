package importer_test

import (
	"strings"
	"testing"

	"bellwether/internal/importer"
)

// tiedMeasures are two more measures, from line 32 and from 46 on.
const tiedMeasures = `
[[measure]]
code = "homes"
name = "Children in children's homes"
noun = "children in homes"
topic = "Placements"
kind = "snapshot"
unit = "number"
polarity = "none"
frequency = "month"
numerator = "children in a children's home"
within = "cla"
category = ["placement: home"]
source = "Council"
definition = "Children in homes."

[[measure]]
code = "started"
name = "Children starting to be looked after"
noun = "children starting"
topic = "Children looked after"
kind = "flow"
unit = "number"
polarity = "none"
frequency = "month"
numerator = "children starting to be looked after in the period"
source = "Council"
definition = "Children who came."
`

// What a measure has to do with others is to be found in the file.
func TestTieFaults(t *testing.T) {
	flows := `aliases = ["LAC"]` + "\nstarts = \"started\"\nends = \"started\"\n"
	for _, c := range []struct{ name, old, new, want string }{
		{"sound", "", "", ""},
		{"sound flows", `aliases = ["LAC"]`, flows, ""},
		{"not known", `within = "cla"`, `within = "clam"`, `reference/measures.toml:42: within of measure "homes": "clam" is no measure of this file`},
		{"of itself", `within = "cla"`, `within = "homes"`, `reference/measures.toml:42: within of measure "homes" names the measure itself`},
		{"of another kind", `within = "cla"`, `within = "started"`, `reference/measures.toml:42: within of measure "homes": "started" is no snapshot`},
		{"in a circle", `aliases = ["LAC"]`, `within = "homes"`, `reference/measures.toml:30: measure "cla" is within itself, by way of "homes"`},
		{"one alone", `within = "cla"`, "within = \"cla\"\nadds = [\"cla\"]", `reference/measures.toml:43: adds of measure "homes" names one measure`},
		{"a sum of what is not there", `within = "cla"`, "within = \"cla\"\nadds = [\"cla\", \"x\"]", `reference/measures.toml:43: adds of measure "homes": "x" is no measure`},
		{"who starts but not who ends", `aliases = ["LAC"]`, `starts = "started"`, `reference/measures.toml:30: measure "cla" wants both starts and ends`},
		{"ever without them", `aliases = ["LAC"]`, `ever = "started"`, `measure "cla" wants both starts and ends`},
		{"those who start on a date", `aliases = ["LAC"]`, strings.ReplaceAll(flows, `starts = "started"`, `starts = "homes"`), `reference/measures.toml:31: starts of measure "cla": "homes" is no flow`},
		{"a flow with flows", "definition = \"Children who came.\"\n", "definition = \"Children who came.\"\nstarts = \"started\"\nends = \"started\"\n", `starts of measure "started": only a number on a date has them`},
		{"a category of nothing", `within = "cla"`, ``, `reference/measures.toml:43: category of measure "homes": it is no percentage`},
		{"no category", `"placement: home"`, `"home"`, `reference/measures.toml:43: category of measure "homes": "home" is no "dimension: category"`},
		{"a category of signs", `"placement: home"`, `"placement: -"`, `reference/measures.toml:43: category of measure "homes": "placement: -" is no`},
		{"a whole without a denominator", `category = [`, `whole = [`, `reference/measures.toml:43: whole of measure "homes" wants a denominator`},
		{"all but the same words", `"children in a children's home"`, `"children looked after, open on the date"`, `reference/measures.toml:41: numerator "children looked after, open on the date" of measure homes is all but the numerator "children looked after" of measure cla`},
		{"one more word", `"children in a children's home"`, `"children looked after elsewhere"`, `is all but the numerator "children looked after" of measure cla`},
		{"two more words", `"children in a children's home"`, `"children looked after elsewhere overnight"`, ``},
	} {
		t.Run(c.name, func(t *testing.T) {
			text := refGoodMeasures + tiedMeasures
			spoilt := strings.Replace(text, c.old, c.new, 1)
			if spoilt == text && c.old != "" {
				t.Fatalf("%q is not there", c.old)
			}
			_, err := importer.ReadCatalogue(refFS(refGoodAreas, spoilt, refGoodNeighbours))
			switch {
			case c.want == "" && err != nil:
				t.Error(err)
			case c.want != "" && (err == nil || !strings.Contains(err.Error(), c.want)):
				t.Errorf("the fault is %v, want %s", err, c.want)
			}
		})
	}
}
