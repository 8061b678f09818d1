package stat_test

import (
	"testing"

	"bellwether/internal/stat"
)

// What was shown under some settings may be shown under others only where these
// mask no more.
func TestMasksLess(t *testing.T) {
	masks := func(threshold int, own map[string]int) stat.Settings {
		return stat.Settings{MaskViewers: true, Threshold: threshold, Thresholds: own}
	}
	for name, tc := range map[string]struct {
		was, now stat.Settings
		want     bool
	}{
		"nothing, then nothing":       {stat.Settings{Threshold: 5}, stat.Settings{Threshold: 9}, false},
		"nothing, then some":          {stat.Settings{Threshold: 9}, masks(5, nil), true},
		"some, then nothing":          {masks(5, nil), stat.Settings{Threshold: 9}, false},
		"the same":                    {masks(5, map[string]int{"cla": 3}), masks(5, map[string]int{"cla": 3}), false},
		"a lower threshold":           {masks(4, nil), masks(5, nil), true},
		"a higher threshold":          {masks(6, nil), masks(5, nil), false},
		"a measure's was lower":       {masks(5, map[string]int{"cla": 0}), masks(5, nil), true},
		"a measure's is higher":       {masks(5, nil), masks(5, map[string]int{"cla": 9}), true},
		"a measure's is lower":        {masks(5, nil), masks(5, map[string]int{"cla": 0}), false},
		"a measure's makes up for it": {masks(4, map[string]int{"cla": 9}), masks(5, nil), true},
	} {
		if got := tc.was.MasksLess(tc.now); got != tc.want {
			t.Errorf("%s: %v", name, got)
		}
	}
}

func TestImportedBy(t *testing.T) {
	numbered, named := stat.Batch{By: "Jo Smith", Person: 3}, stat.Batch{By: " Jo Smith"}
	for name, tc := range map[string]struct {
		batch  stat.Batch
		person int64
		title  string
		want   bool
	}{
		"herself":                     {numbered, 3, "Jo Smith", true},
		"herself, renamed":            {numbered, 3, "Jo Jones", true},
		"another of her title":        {numbered, 4, "Jo Smith", false},
		"by command, of her title":    {numbered, 0, "jo smith ", true},
		"by command, another":         {numbered, 0, "Pat", false},
		"what was imported unsigned":  {named, 3, "Jo Smith", true},
		"what another did, unsigned":  {named, 4, "Pat", false},
		"by command, of another case": {named, 0, "JO SMITH", true},
	} {
		if got := tc.batch.ImportedBy(tc.person, tc.title); got != tc.want {
			t.Errorf("%s: %v", name, got)
		}
	}
}
