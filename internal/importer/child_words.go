package importer

import (
	"slices"
	"strings"

	"bellwether/internal/stat"
)

// Headings of columns about single children, folded: of the statutory returns
// (SSDA903, the children in need census, Ofsted's Annex A) and what people
// call the like. A listed heading is enough to refuse a file.
var childHeadings = []string{
	"upn", "former upn", "upn unknown", "unique pupil number", "uln", "unique learner number",
	"nhs number", "nhs no", "nhs num", "nhs id", "national insurance number", "national insurance no", "ni number", "ni no", "nino",
	"date of birth", "dob", "d o b", "birth date", "birthdate", "person birth date", "expected person birth date", "expected date of birth", "mc dob",
	"forename", "forenames", "first name", "given name", "middle name", "preferred name", "surname", "last name", "family name",
	"child name", "childs name", "name of child", "pupil name", "client name", "young person name", "young persons name", "person name",
	"child unique id", "unique child id", "child unique identifier", "child id", "child ids", "child identifier", "child reference", "child ref",
	"la child id", "pupil id", "person id", "client id", "client reference", "person reference", "service user id", "mosaic id", "liquidlogic id", "lcs id", "azeus id",
	"family identifier", "adopter identifier", "individual adopter identifier", "individual access identifier",
	"decom", "home post", "pl post", "home postcode", "placement postcode", "home address", "address line 1",
	"allocated worker", "allocated social worker", "allocated case worker", "worker name", "name of worker", "social worker name", "key worker name", "sw id", "sweno", "social worker id",
}

// Headings that count only beside another of these lists.
var childHints = []string{
	"child", "address", "case number", "case no", "case id", "case reference", "case ref", "unique id", "social worker", "worker", "key worker",
}

// ssda903 heads the first column of each of that return's files; in capitals
// at the top of a sheet it counts alone.
const ssda903 = "CHILD"

// Headings that lend weight to a hint.
var childCompanions = []string{
	"sex", "gender", "gender current", "ethnic", "ethnicity", "rne", "ls", "legal status", "place provider", "age of child years", "age of child", "allocated team",
}

// subjects may stand before any of the headings: "Child's date of birth".
var subjects = []string{"", "child", "childs", "pupil", "pupils", "young person", "young persons", "yp", "client", "clients", "person", "persons", "student", "parent", "mother", "carer"}

type weight uint8

const (
	companion weight = iota + 1
	hint
	listed
)

// headingWeights has every heading as squeezed makes it.
var headingWeights = weighHeadings()

func weighHeadings() map[uint64]weight {
	out := map[uint64]weight{}
	for _, h := range childCompanions {
		out[squeezed(h)] = companion
	}
	for _, h := range childHints {
		out[squeezed(h)] = hint
	}
	for _, h := range childHeadings {
		for _, s := range subjects {
			out[squeezed(s+h)] = listed
		}
	}
	return out
}

// squeezed is a hash of the letters and digits of a text, whatever their case
// (FNV-1a): a heading's name is told at the price of reading it once.
func squeezed(s string) uint64 {
	h := uint64(14695981039346656037)
	for i := range len(s) {
		c := s[i]
		switch {
		case c >= 'A' && c <= 'Z':
			c |= 0x20
		case c < '0' || c > '9' && c < 'a' || c > 'z':
			continue
		}
		h = (h ^ uint64(c)) * 1099511628211
	}
	return h
}

// idWords end the heading of a column that may tell rows apart; placeWords
// say that what they tell apart are places, bodies or measures, not children.
var (
	idWords    = []string{"id", "ids", "identifier", "uid", "guid", "reference", "ref", "urn", "number", "no", "key"}
	placeWords = []string{"la", "lea", "authority", "area", "region", "country", "ward", "lsoa", "msoa", "ons", "gss", "school", "academy", "trust", "mat", "estab", "laestab", "ukprn",
		"provider", "institution", "office", "home", "homes", "setting", "team", "measure", "indicator", "kpi", "metric", "item", "question", "action", "recommendation", "risk", "table", "column",
		"version", "code", "telephone", "phone", "of", "postcode", "sn", "dfe", "total"}
	personWords = []string{"child", "childs", "pupil", "client", "person", "case", "episode", "referral", "placement", "record", "worker", "carer", "family", "user", "unique"}
)

// idLike reports whether a heading may be that of an identifier of rows, and
// whether it says that the rows are of people. A "referral number" may as well
// be how many there are.
func idLike(heading string) (is, ofPeople bool) {
	words := strings.Fields(stat.Fold(heading))
	if len(words) == 0 || len(words) > 4 || !slices.Contains(idWords, words[len(words)-1]) {
		return false, false
	}
	any := func(of []string) bool {
		return slices.ContainsFunc(words, func(w string) bool { return slices.Contains(of, w) })
	}
	last := words[len(words)-1]
	if any(personWords) {
		return true, last != "number" && last != "no"
	}
	return !any(placeWords), false
}
