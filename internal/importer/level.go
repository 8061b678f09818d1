package importer

import (
	"regexp"
	"slices"
	"strings"

	"bellwether/internal/stat"
	"bellwether/internal/workbook"
)

// placeColumns are the columns in which DfE's open-data standard names the
// places of a level: those of codes, best first, and that of names. What else
// it allows beside them says nothing of its own.
// Source: dfe-analytical-services/eesyscreener, geography_df.
type placeColumns struct {
	level  string
	codes  []string
	name   string
	beside []string
}

var placesOfLevels = []placeColumns{
	{"Local authority district", []string{"lad_code"}, "lad_name", nil},
	{"RSC region", nil, "rsc_region_lead_name", nil},
	{"Parliamentary constituency", []string{"pcon_code"}, "pcon_name", nil},
	{"Local skills improvement plan area", []string{"lsip_code"}, "lsip_name", nil},
	{"Local enterprise partnership", []string{"local_enterprise_partnership_code"}, "local_enterprise_partnership_name", nil},
	{"English devolved area", []string{"english_devolved_area_code"}, "english_devolved_area_name", nil},
	{"Mayoral combined authority", []string{"mayoral_combined_authority_code"}, "mayoral_combined_authority_name", nil},
	{"Opportunity area", []string{"opportunity_area_code"}, "opportunity_area_name", nil},
	{"Ward", []string{"ward_code"}, "ward_name", nil},
	{"MAT", []string{"trust_id"}, "trust_name", nil},
	{"Sponsor", []string{"sponsor_id"}, "sponsor_name", nil},
	{"School", []string{"school_urn", "school_laestab"}, "school_name", []string{"school_estab", "school_postcode"}},
	{"Provider", []string{"provider_ukprn", "provider_urn"}, "provider_name", []string{"provider_upin"}},
	{"Institution", []string{"institution_id"}, "institution_name", nil},
	{"Planning area", []string{"planning_area_code"}, "planning_area_name", nil},
	{"Police force area", []string{"pfa_code", "police_force_area_code"}, "pfa_name", []string{"police_force_area_name"}},
}

// location is where a table names the places of a level; -1 is no column.
type location struct {
	code, name int
	prefix     string // before a code that is not ONS's
	cols       []int
}

// placesIn finds the columns of each level in a header, by folded level.
func placesIn(ln *line) map[string]location {
	out := map[string]location{}
	for _, of := range placesOfLevels {
		p := location{code: -1, name: -1, prefix: slug(of.level)}
		for _, h := range slices.Concat(of.codes, []string{of.name}, of.beside) {
			p.cols = append(p.cols, ln.cols[stat.Fold(h)]...)
		}
		for _, h := range of.codes {
			if cols := ln.cols[stat.Fold(h)]; p.code < 0 && len(cols) > 0 {
				p.code, p.prefix = cols[0], codePrefix.ReplaceAllString(h, "")
			}
		}
		if cols := ln.cols[stat.Fold(of.name)]; len(cols) > 0 {
			p.name = cols[0]
		}
		out[stat.Fold(of.level)] = p
	}
	return out
}

var codePrefix = regexp.MustCompile(`_(code|urn|ukprn)$`)

// isPlace reports whether a column names places of a level beside nation,
// region and authority.
func (t *table) isPlace(col int) bool {
	if t.level < 0 {
		return false
	}
	for _, p := range t.places {
		if slices.Contains(p.cols, col) {
			return true
		}
	}
	return false
}

var onsCode = regexp.MustCompile(`^[EJKNSW]\d{8}$`)

// nowhere reports whether a row names no place, as the standard has it where a
// location is not available.
func nowhere(ref areaRef) bool {
	name := stat.Fold(ref.name)
	return (ref.code == "" || unsaid(ref.code)) && (ref.number == "" || unsaid(ref.number)) &&
		(ref.code != "" || ref.number != "") && (name == "" || name == "not available" || name == "unknown" || name == "not applicable" || unsaid(name))
}

// placeOfRow is the place of a row at a level the catalogue does not have. The
// file brings it, whole with its code and name.
func (t *table) placeOfRow(row workbook.Row, level string) (stat.Area, string) {
	p, known := t.places[stat.Fold(level)]
	published := t.layout.Kind == publishedKind
	switch {
	case known && (p.code >= 0 || p.name >= 0):
	case !published:
		return stat.Area{}, "figures of the level \"" + level + "\" are not kept"
	case known:
		t.complain(complaint{"missing_area", "figures of the level " + level + " need a column that names its places, such as " + columnOf(level) + ": add it"}, t.level, row.Number)
		return stat.Area{}, ""
	default:
		t.complain(complaint{"unknown_level", "\"" + level + "\" is not a geographic level of DfE's standard: write National, Regional, Local authority, Ward or another of its levels"}, t.level, row.Number)
		return stat.Area{}, ""
	}
	ref := areaRef{code: text(row, p.code), name: text(row, p.name)}
	switch {
	case p.code < 0 && ref.name != "":
		ref.code = slug(ref.name)
	case nowhere(ref):
		return stat.Area{}, "figures of a location that the file leaves out"
	case ref.code == "":
		t.complain(complaint{"missing_area", "the row names no place of the level " + level + ": give its code"}, p.code, row.Number)
		return stat.Area{}, ""
	}
	found := t.reading.bring(stat.Area{Code: t.placeCode(level, p, ref.code), Name: nameOr(ref), Level: stat.Level(level), Region: t.authorityOf(row)})
	return t.sameName(found, level, ref, max(p.name, p.code), row.Number), ""
}

// authorityOf is the code of the authority that a place of the row lies in, ""
// where the row names none.
func (t *table) authorityOf(row workbook.Row) string {
	for _, col := range []int{t.code, t.number} {
		if s := text(row, col); s != "" {
			if a, err := t.im.cat.Area(s); err == nil && a.Level == stat.Authority {
				return a.Code
			}
		}
	}
	return ""
}

func columnOf(level string) string {
	for _, of := range placesOfLevels {
		if strings.EqualFold(of.level, level) {
			return of.name
		}
	}
	return ""
}

func nameOr(ref areaRef) string {
	if ref.name != "" {
		return ref.name
	}
	return ref.code
}

// placeCode is ONS's code as it is. One that another level's area has, as a
// unitary authority's is its district's too, goes with the column's name
// before it, and so does any other code: "school:100000".
func (t *table) placeCode(level string, p location, code string) string {
	if !onsCode.MatchString(code) {
		return p.prefix + ":" + code
	}
	if a, err := t.im.cat.Area(code); err == nil && string(a.Level) != level {
		return p.prefix + ":" + code
	}
	if i, ok := t.brought[code]; ok && string(t.res.Areas[i].Level) != level {
		return p.prefix + ":" + code
	}
	return code
}

// newArea is a region or authority that the catalogue lacks; the file brings
// it where its code is ONS's and nobody else has its number.
func (t *table) newArea(level string, ref areaRef, not foundArea) foundArea {
	if not.fault.code != "unknown_area" || not.fromName || !onsCode.MatchString(ref.code) {
		return not
	}
	a := stat.Area{Code: ref.code, Name: nameOr(ref), Level: stat.Authority}
	if strings.EqualFold(level, string(stat.Regional)) {
		a.Level = stat.Regional
	}
	if _, err := t.im.cat.Area(ref.number); err == nil {
		return not
	} else if !unsaid(ref.number) {
		a.Number = ref.number
	}
	return foundArea{area: t.bring(a)}
}

// bring adds an area to those the catalogue lacks, once.
func (r *reading) bring(a stat.Area) stat.Area {
	if held, err := r.im.cat.Area(a.Code); err == nil && held.Code == a.Code {
		return held
	}
	i, ok := r.brought[a.Code]
	if !ok {
		i = len(r.res.Areas)
		r.brought[a.Code] = i
		r.res.Areas = append(r.res.Areas, a)
	}
	return r.res.Areas[i]
}

// placeKey and placeName are what a file has called a code so far.
type placeKey struct{ level, code string }

type placeName struct{ name, at string }

// sameName complains where one code has two names in a file.
func (t *table) sameName(a stat.Area, level string, ref areaRef, col, row int) stat.Area {
	key := placeKey{level, ref.code}
	first, ok := t.said[key]
	if !ok {
		t.said[key] = placeName{ref.name, t.at(col, row)}
		return a
	}
	if stat.Fold(first.name) != stat.Fold(ref.name) && !(t.calls(a, first.name) && t.calls(a, ref.name)) {
		t.complain(complaint{"area_mismatch", ref.code + " is called \"" + ref.name + "\" here and \"" + first.name + "\" at " + first.at + ": a code has one name, so correct one of the two"}, col, row)
		return stat.Area{}
	}
	return a
}

// calls reports whether the catalogue knows an area by a name.
func (t *table) calls(a stat.Area, name string) bool {
	return slices.ContainsFunc(append([]string{a.Name}, a.OtherNames...), func(n string) bool { return stat.Fold(n) == stat.Fold(name) })
}
