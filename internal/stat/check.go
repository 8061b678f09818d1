package stat

// Outcome is how a check of a file went, in the words of DfE's data screener,
// or that it was not made.
type Outcome string

const (
	Passed Outcome = "PASS"
	Warned Outcome = "WARNING" // the file waits until somebody accepts it
	Failed Outcome = "FAIL"    // the file is refused

	NotChecked Outcome = "NOT CHECKED" // the file was refused before it came to that
)

// Check is one thing that is looked at before a file is stored.
type Check struct {
	Stage   string  `json:"stage"` // "columns", "periods", "areas", "keys", "figures", "history"
	Name    string  `json:"name"`  // "numerator_denominator"
	Title   string  `json:"title"` // what holds when it passes, in words
	Outcome Outcome `json:"outcome"`
	Found   int     `json:"found"`            // problems, of a check that passed notes; 0 where it was not made
	Advice  string  `json:"advice,omitempty"` // what to do; "" when it passed
}
