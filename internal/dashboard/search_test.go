package dashboard_test

import (
	"slices"
	"strings"
	"testing"

	"bellwether/internal/dashboard"
)

func TestSearch(t *testing.T) {
	entries := boards(t, catalogue(t)).Entries()
	for search, want := range map[string]string{ // the first found
		"children looked after":     "/measures/cla",
		"cla":                       "/measures/cla",
		"LAC":                       "/measures/cla",
		"after looked":              "/measures/cla",
		"loked after children":      "/measures/cla",
		"Referals":                  "/measures/referrals",
		"re-referrals":              "/measures/rereferrals",
		"section 47":                "/measures/s47",
		"cp plans":                  "/measures/cpp",
		"child protection plan":     "/measures/cpp",
		"social worker vacancy":     "/measures/sw_vacancy",
		"vacncy":                    "/measures/sw_vacancy",
		"806":                       "/?area=E06000002",
		"e06000002":                 "/?area=E06000002",
		"middlesborough":            "/?area=E06000002",
		"Middlesbrough":             "/?area=E06000002",
		"hull":                      "/?area=E06000010",
		"stoke":                     "/?area=E06000021",
		"E10000027":                 "/?area=E06000066", // Somerset's earlier code
		"front door":                "/dashboards/front-door",
		"care leavers in education": "/measures/care_leavers_eet",
	} {
		found, whole := dashboard.Search(search, entries)
		if len(found) == 0 || !whole || found[0].Path != want {
			var got []string
			for _, e := range found[:min(3, len(found))] {
				got = append(got, e.Path)
			}
			t.Errorf("%q finds %v (whole %v), want %s", search, got, whole, want)
		}
	}
}

func TestSearchFindsTheRegionsAuthorities(t *testing.T) {
	found, whole := dashboard.Search("north east", boards(t, catalogue(t)).Entries())
	var names []string
	for _, e := range found {
		if e.Kind == dashboard.EntryArea {
			names = append(names, e.Title)
		}
	}
	if !whole || !slices.Contains(names, "Hartlepool") || !slices.Contains(names, "North East Lincolnshire") || slices.Contains(names, "Leeds") {
		t.Errorf("%v", names)
	}
	if names[0] != "North East Lincolnshire" {
		t.Errorf("a name comes before a region: %v", names)
	}
}

func TestSearchWithoutAnAnswer(t *testing.T) {
	entries := boards(t, catalogue(t)).Entries()
	for search, n := range map[string]int{"": 0, "  ?!": 0, "zzzz": 0, "807x": 0} {
		if found, _ := dashboard.Search(search, entries); len(found) != n {
			t.Errorf("%q finds %d", search, len(found))
		}
	}
	found, whole := dashboard.Search("referrals on Mars", entries)
	if len(found) == 0 {
		t.Fatal("what some words find is nothing")
	}
	if whole || found[0].Path != "/measures/referrals" {
		t.Errorf("with a word that nothing has: %s first, whole %v", found[0].Path, whole)
	}
	if found, _ := dashboard.Search("the of", entries); len(found) == 0 {
		t.Error("little words alone are words like others")
	}
}

// FuzzSearch holds a search of anything to one answer.
func FuzzSearch(f *testing.F) {
	for _, s := range []string{"cla", "E06000002", "çà", "\x00\xff", strings.Repeat("looked after ", 40)} {
		f.Add(s)
	}
	entries := boards(f, catalogue(f)).Entries()
	f.Fuzz(func(t *testing.T, search string) {
		found, whole := dashboard.Search(search, entries)
		if again, w := dashboard.Search(search, entries); len(again) != len(found) || w != whole {
			t.Fatalf("%d, then %d", len(found), len(again))
		}
	})
}
