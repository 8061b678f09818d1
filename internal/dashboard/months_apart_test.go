package dashboard_test

import (
	"strings"
	"testing"

	"bellwether/internal/stat"
)

// April against October would compare seasons: quarters drawn apart are told by
// their range and the same one of the year before.
func TestQuartersAreNoMovement(t *testing.T) {
	h := hold(t).dfe("referrals", "Middlesbrough", "2023-24", 3636, 1020.9).pop("Middlesbrough", 2024, 35617)
	for i, n := range []int{900, 850, 700, 950, 880} {
		h.add(stat.Council, "referrals", "Middlesbrough", []string{"2024-25-Q1", "2024-25-Q2", "2024-25-Q3", "2024-25-Q4", "2025-26-Q1"}[i], n, nil)
	}
	own := panel(h.page("referrals", "", "", "", "", ""), "referrals-own")
	if own == nil {
		t.Fatal("quarters are not drawn")
	}
	for _, want := range []string{"The council's own figure was 880 (1 April 2025 to 30 June 2025)", ", against 900 (1 April 2024 to 30 June 2024)", "; those shown run from 700 ("} {
		if !strings.Contains(own.Sentence, want) {
			t.Errorf("%q lacks %q", own.Sentence, want)
		}
	}
}

// A council with months of its own and nothing published is not said to have
// no figures.
func TestMonthsAloneAreFigures(t *testing.T) {
	h := hold(t).near("2025", "Middlesbrough", "Hartlepool").dfe("s47", "Hartlepool", "2023-24", 300, 150.0).dfe("s47", "Hartlepool", "2024-25", 300, 151.0).
		add(stat.Council, "s47", "Middlesbrough", "2025-04", 50, nil).add(stat.Council, "s47", "Middlesbrough", "2025-05", 51, nil)
	p := panel(h.page("s47", "", "", "", "", ""), "s47-trend")
	if p == nil || !strings.HasPrefix(p.Sentence, "No yearly published figures are held of section 47 enquiries in Middlesbrough") {
		t.Errorf("%+v", p)
	}
}

// A mean of one neighbour and a mean of three are not one line's movement.
func TestMeansOfUnlikeNeighboursAreNotSetAgainstEachOther(t *testing.T) {
	h := hold(t).near("2025", "Middlesbrough", "Hartlepool", "Redcar and Cleveland", "Stockton-on-Tees").
		dfe("cla", "Middlesbrough", "2023-03-31", 400, 120).dfe("cla", "Middlesbrough", "2024-03-31", 493, 138).
		dfe("cla", "Hartlepool", "2023-03-31", 200, 100).dfe("cla", "Hartlepool", "2024-03-31", 210, 110)
	sentence := func() string { return panel(h.page("cla", "", "", "", "", ""), "cla-trend").Sentence }
	if !strings.Contains(sentence(), "the mean of its neighbours rose from 100.0 to 110.0") {
		t.Errorf("alike: %q", sentence())
	}
	h.dfe("cla", "Redcar and Cleveland", "2024-03-31", 210, 90).dfe("cla", "Stockton-on-Tees", "2024-03-31", 210, 80)
	if strings.Contains(sentence(), "mean") {
		t.Errorf("1 against 3: %q", sentence())
	}
}
