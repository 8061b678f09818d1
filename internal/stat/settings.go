package stat

import "time"

// Settings are what an administrator decides for the whole council.
type Settings struct {
	Public       bool           `json:"public"`       // published figures may be read without signing in
	SecondPerson bool           `json:"secondPerson"` // who stored an import may not publish it
	MaskViewers  bool           `json:"maskViewers"`  // small counts are masked for viewers too, not the public alone
	Threshold    int            `json:"threshold"`    // counts from 1 to this are masked; 0 masks none
	Thresholds   map[string]int `json:"thresholds"`   // of single measures, by code
	By           string         `json:"by"`
	At           time.Time      `json:"at"` // zero where nobody has changed them
}

// DefaultSettings hold until an administrator changes them.
var DefaultSettings = Settings{Threshold: 5}

// ThresholdOf is that of a measure.
func (s Settings) ThresholdOf(measure string) int {
	if n, ok := s.Thresholds[measure]; ok {
		return n
	}
	return s.Threshold
}

// MasksLess reports whether less may be masked for viewers than under other
// settings.
func (s Settings) MasksLess(than Settings) bool {
	if !s.MaskViewers || !than.MaskViewers {
		return than.MaskViewers
	}
	less := s.Threshold < than.Threshold
	for _, own := range []map[string]int{s.Thresholds, than.Thresholds} {
		for measure := range own {
			less = less || s.ThresholdOf(measure) < than.ThresholdOf(measure)
		}
	}
	return less
}
