package report

import (
	"encoding/csv"
	"io"
	"iter"
	"strconv"
	"time"

	"bellwether/internal/stat"
)

// actColumns head what WriteActs writes.
var actColumns = []string{"number", "at", "who", "person", "what", "on", "detail", "before", "hash"}

// WriteActs writes an audit trail, an act to a line as stat.Act has it, in
// UTF-8 without a byte order mark; times are RFC 3339 in UTC. It ends with the
// first error among acts.
func WriteActs(w io.Writer, acts iter.Seq2[stat.Act, error]) error {
	out := csv.NewWriter(w)
	out.Write(actColumns)
	for a, err := range acts {
		if err != nil {
			return err
		}
		err := out.Write([]string{strconv.FormatInt(a.Number, 10), a.At.UTC().Format(time.RFC3339Nano),
			CSVText(a.Who), strconv.FormatInt(a.Person, 10), CSVText(a.What), CSVText(a.On), CSVText(a.Detail), a.Before, a.Hash})
		if err != nil {
			return err
		}
	}
	out.Flush()
	return out.Error()
}
