package dashboard_test

import (
	"strings"
	"testing"

	"bellwether/internal/dashboard"
	"bellwether/internal/stat"
)

func percent(x float64) *float64 { return &x }

// rising are facts as they stood in 2016: looked after up by 18% over twelve
// months though down since the last report, plans down, need about the same.
func rising() []dashboard.ClaimFact {
	return []dashboard.ClaimFact{
		{
			Place: "Middlesbrough", Name: "Children looked after", Names: []string{"Children looked after", "LAC", "CLA", "looked after children", "children in care"},
			Good: stat.NoPolarity, Numbers: []float64{377, 444, 450, 138.9, 120.44}, Latest: "444 on 31 March 2017",
			Changes: []dashboard.ClaimChange{
				{Over: dashboard.ClaimYear, By: 67, Percent: percent(17.8), Beyond: true, Words: "rose by 17.8% (377 to 444)"},
				{Over: dashboard.ClaimSince, By: -6, Percent: percent(-1.3), Words: "fell by 1.3% (450 to 444)"},
			},
		},
		{
			Name: "Child protection plans", Names: []string{"Child protection plans", "CP", "CP plans", "child protection"},
			Good: stat.NoPolarity, Numbers: []float64{300, 270, 84.47}, Latest: "270 on 31 March 2017",
			Changes: []dashboard.ClaimChange{{Over: dashboard.ClaimYear, By: -30, Percent: percent(-10), Words: "fell by 10.0% (300 to 270)"}},
		},
		{
			Name: "Children in need", Names: []string{"Children in need", "CIN"}, Good: stat.NoPolarity,
			Numbers: []float64{1260, 1267}, Latest: "1267 on 31 March 2017",
			Changes: []dashboard.ClaimChange{{Over: dashboard.ClaimYear, By: 7, Percent: percent(0.6), Words: "rose by 0.6% (1,260 to 1,267)"}},
		},
		{
			Name: "Re-referrals within 12 months", Names: []string{"Re-referrals", "re-referral rate"}, Good: stat.LowIsGood,
			Numbers: []float64{22.4, 20.1}, Latest: "22.4% (224 of 1,000)",
			Changes: []dashboard.ClaimChange{{Over: dashboard.ClaimYear, By: 2.3, Percent: percent(11.4), Words: "rose (20.1% to 22.4%)"}},
		},
	}
}

func TestClaimsThatDoNotHold(t *testing.T) {
	for text, want := range map[string][]string{
		"CP numbers have remained stable, with LAC numbers reducing.": {"CP numbers have remained stable: Child protection plans fell", "LAC numbers reducing: Children looked after rose by 17.8% (377 to 444) over twelve months, though it fell by 1.3% (450 to 444) since the last report."},
		"LAC numbers are falling.":                                    {"LAC numbers are falling: Children looked after rose"},
		"Looked after children numbers have reduced.":                 {"Looked after children numbers have reduced: Children looked after rose"},
		"The number of children looked after has fallen.":             {"children looked after has fallen: Children looked after rose"},
		"We have seen a reduction in LAC.":                            {"reduction in LAC: Children looked after rose"},
		"Members will be pleased. LAC continues to decrease":          {"LAC continues to decrease: Children looked after rose"},
		"Falling LAC numbers are welcome.":                            {"Falling LAC: Children looked after rose"},
		"LAC numbers have stabilised.":                                {"LAC numbers have stabilised: Children looked after rose"},
		"LAC has remained steady over the last year.":                 {"LAC has remained steady: Children looked after rose"},
		"LAC numbers have not risen.":                                 {"LAC numbers have not risen: Children looked after rose"},
		"CP has not reduced.":                                         {"CP has not reduced: Child protection plans fell"},
		"CP plans haven’t fallen":                                     {"CP plans haven’t fallen: Child protection plans fell"},
		"CP numbers are no longer falling.":                           {"CP numbers are no longer falling: Child protection plans fell"},
		"There has been no reduction in CP.":                          {"no reduction in CP: Child protection plans fell"},
		"CP numbers are rising; CIN is steady.":                       {"CP numbers are rising: Child protection plans fell"},
		"CP and LAC numbers are both reducing.":                       {"CP and LAC numbers are both reducing: Children looked after rose"},
		"LAC (444) numbers continue to fall":                          {"LAC (444) numbers continue to fall: Children looked after rose"},
		"LAC fell over the past twelve months":                        {"LAC fell: Children looked after rose"},
		"LAC numbers have risen since the last report.":               {"LAC numbers have risen: Children looked after fell by 1.3% (450 to 444) since the last report."},
		"The re-referral rate has improved.":                          {"re-referral rate has improved: Re-referrals within 12 months rose"},
		"Re-referrals are getting better":                             nil, // "getting" leads elsewhere too often to be read
		"Middlesbrough’s LAC numbers are reducing.":                   {"LAC numbers are reducing: Children looked after rose"},
		"LAC numbers are 702.":                                        {"LAC numbers are 702: No figure of children looked after in this report is 702; the latest is 444 on 31 March 2017."},
		"There are 702 LAC.":                                          {"702 LAC: No figure of children looked after in this report is 702"},
		"LAC rose to 512.":                                            {"LAC rose to 512: No figure"},
		"CP stands at 84.9 per 10,000":                                {"CP stands at 84.9: No figure of child protection plans in this report is 84.9"},
		"Children in need numbers are falling":                        {"Children in need numbers are falling: Children in need rose by 0.6%"},
		"1,300 children in need":                                      {"1,300 children in need: No figure"},
	} {
		checkFlags(t, text, dashboard.ClaimCheck(text, rising()), want)
	}
}

// soundClaims are what is so by the facts of rising, or is not said of them.
var soundClaims = []string{
	"",
	"LAC numbers are rising.",
	"LAC has increased by 18% over the year.",
	"LAC numbers are no longer falling.",
	"LAC numbers have not reduced.",
	"LAC numbers have not been stable.",
	"There has been no fall in LAC numbers.",
	"CP numbers have reduced and LAC numbers have increased.",
	"CP numbers have reduced, while LAC has grown.",
	"CIN remained stable.",
	"CIN is up slightly.",
	"LAC numbers fell since the last report.",
	"Re-referrals have worsened.",
	"LAC outcomes are improving.",
	"LAC numbers are improving.", // neither way is better
	// of a part, or of something else
	"The number of LAC placed with parents is reducing.",
	"LAC placed with parents has fallen.",
	"Unaccompanied LAC numbers are falling.",
	"LAC placement costs are falling.",
	"The cost of LAC is reducing.",
	"LAC reviews out of time have reduced.",
	"A reduction in LAC placements over 20 miles away.",
	"A reduction in LAC in residential care.",
	"A reduction in LAC over 16.",
	"The percentage of LAC who went missing has fallen.",
	"CP conferences have increased.",
	"Time on CP plans is rising.",
	"Caseloads in the LAC team are falling.",
	"Falling budgets and LAC demand.",
	"The proportion of children in care in fostering is reducing.",
	"Assessments within timescale improved for children in need.",
	"LAC is a priority. Costs are falling.",
	"LAC, in a year of reduced budgets, have been well served.",
	// not of now, not of here, or not so
	"LAC numbers are expected to fall.",
	"We aim for LAC numbers to be falling by March.",
	"LAC numbers should reduce.",
	"If LAC numbers fall, savings follow.",
	"LAC numbers were falling until 2015.",
	"LAC numbers fell between 2012 and 2014.",
	"LAC fell in July.",
	"LAC fell from 450 in January 2017 to 444.",
	"Nationally, LAC numbers are falling.",
	"Hartlepool's LAC numbers are falling.",
	"England's LAC numbers are falling.",
	"Over the last month LAC numbers have reduced.",
	"LAC fell this quarter.",
	"The rise in LAC has slowed.",
	"Work to reduce LAC numbers continues.",
	"We are working on reducing LAC.",
	"LAC numbers reduce the capacity of the service.",
	"LAC numbers are better than planned.",
	"LAC numbers up to date.",
	"LAC is lower than its neighbours.",
	// numbers
	"There are 444 LAC.",
	"LAC numbers are 444 (138.9 per 10,000).",
	"LAC rose from 377 to 444.",
	"LAC numbers are around 450.",
	"Over 400 LAC attended.",
	"On 26 September 2016 LAC were discussed.",
	"16 LAC moved home.",
	"LAC numbers are 18% higher.",
	"LAC has reached 9 in 10 wards.",
	"The need for children in need plans is falling.",
	"LAC aged 16 and 17",
	"LAC Team 7 having increased from 115 to 168 cases.",
	"LAC: 12 fostering families were approved.",
	"In 2016 LAC services were inspected.",
	"LAC up 18%.",
	"Nine potential fostering families and three proposed adoptive families.",
	"Thirty newly qualified social workers completed six portfolios on 21 October.",
	"The CP. And so on.",
	"He cp'd the file; a lac of resin fell.",
}

func TestClaimsWithoutFalseAlarm(t *testing.T) {
	for _, text := range soundClaims {
		checkFlags(t, text, dashboard.ClaimCheck(text, rising()), nil)
	}
}

func checkFlags(t *testing.T, text string, got []dashboard.Flag, want []string) {
	t.Helper()
	var says []string
	for _, f := range got {
		says = append(says, f.Quote+": "+f.Why)
	}
	ok := len(says) == len(want)
	for i := range want {
		ok = ok && strings.HasPrefix(says[i], want[i])
	}
	if !ok {
		t.Errorf("%q\n got  %q\n want %q", text, says, want)
	}
}

func FuzzClaimCheck(f *testing.F) {
	f.Add("CP numbers have remained stable, with LAC numbers reducing to 412 (128.89 per 10,000).")
	f.Add("“No” reduction in LAC, CP & CIN’s – £1,000…")
	f.Fuzz(func(t *testing.T, text string) {
		for _, flag := range dashboard.ClaimCheck(text, rising()) {
			if flag.Quote == "" || !strings.HasSuffix(flag.Why, ".") {
				t.Errorf("%q: %+v", text, flag)
			}
		}
	})
}
