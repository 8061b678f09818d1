package stat

// Kind tells a number on a date from a number over a period.
type Kind string

const (
	Snapshot Kind = "snapshot"
	Flow     Kind = "flow"
)

// Unit is what a measure's value is in.
type Unit string

const (
	Number  Unit = "number"
	RateOf  Unit = "rate_per_10000"
	Percent Unit = "percent"
	Ratio   Unit = "ratio"
	Days    Unit = "days"
	Pounds  Unit = "gbp"
)

// Words is the unit as a chart's subtitle has it.
func (u Unit) Words() string {
	switch u {
	case RateOf:
		return "rate per 10,000 children aged 0 to 17"
	case Percent:
		return "percentage"
	case Days:
		return "days"
	case Pounds:
		return "pounds"
	case Ratio:
		return "ratio"
	}
	return "number"
}

// Polarity says which way is good, if either is.
type Polarity string

const (
	HighIsGood Polarity = "high"
	LowIsGood  Polarity = "low"
	NoPolarity Polarity = "none"
)

// Measure is something counted. One measure holds count and rate alike: where
// Unit is number its value is the number itself and it has no count apart.
type Measure struct {
	Code        string   `toml:"code"`
	Name        string   `toml:"name"`  // "Children looked after"
	Noun        string   `toml:"noun"`  // in a sentence after a count: "children looked after"
	Topic       string   `toml:"topic"` // "Children looked after", "Front door"…
	Kind        Kind     `toml:"kind"`
	Unit        Unit     `toml:"unit"`
	Polarity    Polarity `toml:"polarity"`
	Decimals    int      `toml:"decimals"`
	Frequency   Span     `toml:"frequency"` // of the published series: "year", "quarter", "month"
	Numerator   string   `toml:"numerator"`
	Denominator string   `toml:"denominator"`
	Population  string   `toml:"population"` // code of the measure a missing rate is derived from
	Source      string   `toml:"source"`
	Definition  string   `toml:"definition"`
	Aliases     []string `toml:"aliases"` // other names in files and commands
	Control     bool     `toml:"control"` // a control chart says something of its series
	Registered  bool     `toml:"-"`       // a file brought it; it is not in the catalogue until an analyst names it

	// What its counts have to do with those of others, beyond what the same words
	// name. Others are named by their codes. What a measure is of is its
	// denominator or, where it has none but the population, what it counts.
	Within   string   `toml:"within"`   // what this one is of is some of what that one is of
	Adds     []string `toml:"adds"`     // what this one is of is what those are of together
	Category []string `toml:"category"` // "placement: foster": what breakdowns of that which it is some of call what it counts
	Whole    []string `toml:"whole"`    // the same of its denominator
	Starts   string   `toml:"starts"`   // counts who join those that this one counts on a date
	Ends     string   `toml:"ends"`     // counts who leave them
	Ever     string   `toml:"ever"`     // is of all who were among them in the period

	Changed []DefinitionChange `toml:"changed"` // oldest first
}

// Controllable reports whether a control chart says anything of the measure:
// of what happened in a period and of percentages. The number or rate of
// children on a date is mostly that of the date before: of stable two-year
// series of such stocks 96% to 98% were marked as special cause in simulation,
// of flows 20%.
func (m Measure) Controllable() bool { return m.Kind == Flow || m.Unit == Percent }

// Level is the geographic level of an area.
type Level string

const (
	National  Level = "National"
	Regional  Level = "Regional"
	Authority Level = "Local authority"
)

// Area is a place with figures, known by its latest ONS code, and by every
// code and DfE number it has had. Years are when it existed; zero is open.
type Area struct {
	Code         string   `json:"code"`
	Number       string   `json:"number"` // DfE's three digits
	Name         string   `json:"name"`
	Level        Level    `json:"-"`
	Region       string   `json:"-"` // code; for London authorities, Inner or Outer London; for a ward or the like, the authority
	Began        Date     `json:"-"` // first day, zero where before the figures begin
	Ended        Date     `json:"-"` // last day, zero where it goes on
	OtherCodes   []string `json:"-"`
	OtherNames   []string `json:"-"`
	Predecessors []string `json:"-"` // codes
	Successors   []string `json:"-"`
}

// ExistedAt reports whether the area existed on day d.
func (a Area) ExistedAt(d Date) bool {
	return (a.Began.IsZero() || !d.Before(a.Began)) && (a.Ended.IsZero() || !a.Ended.Before(d))
}
