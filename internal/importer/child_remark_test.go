package importer_test

import (
	"strings"
	"testing"

	"bellwether/internal/importer"
	"bellwether/internal/stat"
	"bellwether/internal/workbook"
)

// What stands in a comment or a defined name counts as what stands in a cell.
func TestChildLevelInRemarks(t *testing.T) {
	im, _ := project(t)
	named := func(name, value string) []byte {
		return rezip(t, sheet(t, goodSheet), func(part, text string) string {
			if part != "xl/workbook.xml" {
				return text
			}
			return strings.Replace(text, "</sheets>", `</sheets><definedNames><definedName name="`+name+`">`+value+`</definedName></definedNames>`, 1)
		})
	}
	for _, tt := range []struct {
		name    string
		data    []byte
		refused bool
	}{
		{"a name of figures", named("Print_Titles", "Return!$A$1:$C$9"), false},
		{"a number in a name's value", named("Last", `"`+someUPN+`"`), true},
		{"a name for a column", named("Child_Unique_ID", "Return!$A:$A"), true},
		{"a comment", commented(t, "ask about 943 476 5919"), true},
		{"a harmless comment", commented(t, "as on 31 March 2025"), false},
	} {
		t.Run(tt.name, func(t *testing.T) {
			book, err := workbook.Open("a.xlsx", tt.data, workbook.DefaultLimits)
			if err != nil {
				t.Fatal(err)
			}
			remarks := len(book.Remarks)
			book.Close()
			if remarks == 0 {
				t.Skip("the workbook package gives no remarks")
			}
			r := checked(t, im, "a.xlsx", tt.data, stat.Holding{})
			p := find(r, "child_level")
			if r.Refused() != tt.refused || tt.refused && (len(r.Observations) > 0 || !strings.Contains(p.Message, "comment or defined name")) || strings.Contains(p.Message, someUPN) {
				t.Errorf("%+v", r.Problems)
			}
		})
	}
}

// commented is the good sheet with a comment on B2.
func commented(t testing.TB, text string) []byte {
	const rels = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
	parts := map[string]string{
		"xl/comments1.xml":                    `<comments xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><authors><author>a</author></authors><commentList><comment ref="B2" authorId="0"><text><t>` + text + `</t></text></comment></commentList></comments>`,
		"xl/worksheets/_rels/sheet1.xml.rels": `<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="` + rels + `/comments" Target="../comments1.xml"/></Relationships>`,
	}
	return addParts(t, rezip(t, sheet(t, goodSheet), func(part, text string) string {
		if part != "[Content_Types].xml" {
			return text
		}
		return strings.Replace(text, "</Types>", `<Override PartName="/xl/comments1.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.comments+xml"/></Types>`, 1)
	}), parts)
}

// The same, whatever a workbook makes of its comments and names.
func TestRemarks(t *testing.T) {
	for _, tt := range []struct {
		remark   workbook.Remark
		at, says string
	}{
		{workbook.Remark{Sheet: "Q1 return", Name: "B2", Text: "ask about 943 476 5919"}, "'Q1 return'!B2", `sheet "Q1 return": a comment or defined name (holds NHS numbers)`},
		{workbook.Remark{Sheet: "Return", Name: "B2", Text: "was " + someNHS}, "Return!B2", "NHS numbers"},
		{workbook.Remark{Name: "Last", Text: `"` + someUPN + `"`}, "", "unique pupil numbers"},
		{workbook.Remark{Name: "Child_Unique_ID", Text: "Return!$A:$A"}, "", "only single children have"},
		{workbook.Remark{Sheet: "Return", Name: "B2", Text: "as on 31 March 2025, see E06000002"}, "", ""},
	} {
		at, says := importer.RemarkProblem(tt.remark)
		if at != tt.at || (tt.says == "") != (says == "") || !strings.Contains(says, tt.says) || strings.Contains(says, someUPN) || strings.Contains(says, "5919") {
			t.Errorf("%+v: %q at %q", tt.remark, says, at)
		}
	}
}
