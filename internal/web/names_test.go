package web_test

import (
	"testing"

	"bellwether/internal/web"
)

func TestSplit(t *testing.T) {
	for in, want := range map[string][2]string{
		"cla": {"cla", ""}, "cla.json": {"cla", "json"}, "b1.cin_number": {"b1.cin_number", ""}, "b1.cin_number.csv": {"b1.cin_number", "csv"}, ".json": {".json", ""}, "cla.exe": {"cla.exe", ""},
	} {
		if name, ending := web.Split(in); name != want[0] || ending != want[1] {
			t.Errorf("%q is %q and %q, want %q", in, name, ending, want)
		}
	}
}

func TestColumnOf(t *testing.T) {
	for in, want := range map[string]int{
		"A1": 0, "Sheet1!F12": 5, "'A!B1'!AA3": 26, "XFD1048576": 16383, "": -1, "Sheet1": -1, "Data": -1, "12": -1, "a1": -1, "Read me 2024": -1,
	} {
		if got := web.ColumnOf(in); got != want {
			t.Errorf("%q stands in column %d, want %d", in, got, want)
		}
	}
}

func TestLayoutName(t *testing.T) {
	for in, want := range map[string]string{
		"Front door (weekly).xlsx": "front-door-weekly", "data.csv": "data", "Été 2024.csv": "t-2024", "…": "",
		"a very long name of a file that goes on and on for ever.csv": "a-very-long-name-of-a-file-that-goes-on",
	} {
		if got := web.LayoutName(in); got != want {
			t.Errorf("%q gives %q, want %q", in, got, want)
		}
	}
}
