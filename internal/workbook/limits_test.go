package workbook_test

import (
	"strings"
	"testing"

	"bellwether/internal/workbook"
)

func TestLimitsFilled(t *testing.T) {
	d := workbook.DefaultLimits
	if got := (workbook.Limits{}).Filled(); got != d {
		t.Errorf("nothing given is %+v, want the default", got)
	}
	if got := d.Filled(); got != d {
		t.Errorf("the default is filled as %+v", got)
	}
	small := workbook.Limits{Rows: 10, Cell: 5}.Filled()
	if small.Rows != 10 || small.Cell != 5 || small.Cells != d.Cells || small.Upload != d.Upload {
		t.Errorf("less than the default is %+v", small)
	}
	large := workbook.Limits{Rows: d.Rows + 1, Text: 7}.Filled()
	if large.Rows != d.Rows+1 || large.Cells != 2*d.Cells || large.Total != 2*d.Total || large.Text != 7 || large.Upload != d.Upload {
		t.Errorf("more rows than the default are %+v", large)
	}
	if got := (workbook.Limits{Upload: 3 * d.Upload}).Filled(); got.Part != 3*d.Part || got.Elements != 3*d.Elements || got.Rows != d.Rows {
		t.Errorf("a larger upload than the default is %+v", got)
	}
}

// What is refused names the limit in force and the setting that raises it.
func TestLimitsAreNamed(t *testing.T) {
	data := []byte("a,b\n1,2\n3,4\n5,6\n")
	for name, tt := range map[string]struct {
		limits workbook.Limits
		want   []string
	}{
		"upload": {workbook.Limits{Upload: 8}, []string{"--max-upload"}},
		"rows":   {workbook.Limits{Rows: 2}, []string{"below row 2,", "--max-rows"}},
		"within": {workbook.Limits{Rows: 4, Upload: 20}, nil},
	} {
		t.Run(name, func(t *testing.T) {
			_, _, err := read("a.csv", data, tt.limits)
			if (err != nil) != (tt.want != nil) {
				t.Fatalf("the error is %v", err)
			}
			for _, part := range tt.want {
				if !strings.Contains(err.Error(), part) {
					t.Errorf("%q does not say %q", err, part)
				}
			}
		})
	}
}
