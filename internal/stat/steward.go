package stat

import "time"

// Steward is who answers for a measure of the council.
type Steward struct {
	Measure    string    `json:"measure"`
	Owner      string    `json:"owner"`           // "Head of Safeguarding"; "" for nobody named
	Review     Date      `json:"review,omitzero"` // day by which its definition is looked at again
	Unmeasured string    `json:"unmeasured"`      // why it is not measured yet; "" where it is
	By         string    `json:"by"`
	At         time.Time `json:"at"`
}
