package web_test

import (
	"strings"
	"testing"

	"github.com/chromedp/chromedp"
)

// A breakdown is on its measure's page as a shaded table with its total, as a
// chart, and as a table; each has its twins.
func TestBreakdownPage(t *testing.T) {
	s := newSite(t)
	s.imported(sampleFile(t, "breakdowns.csv"))
	doc := s.get("/measures/cpp").want(200).page()
	heat := doc.Find("#cpp-breakdown-category-of-abuse .bw-heat")
	if n := heat.Find("thead th").Length(); n != 15 {
		t.Errorf("%d columns, not the category, 13 months and the share", n)
	}
	row := heat.Find("tbody tr").First()
	if fold(row.Find("th").Text()) != "Neglect" || row.Find("td.bw-heat--5").Length() == 0 || !strings.HasSuffix(fold(row.Find("td").Last().Text()), "%") {
		t.Errorf("%q", fold(row.Text()))
	}
	if foot := fold(heat.Find("tfoot").Text()); !strings.HasPrefix(foot, "Total") || !strings.HasSuffix(foot, "330") {
		t.Errorf("%q", foot)
	}
	panel := doc.Find("#cpp-breakdown-category-of-abuse")
	if panel.Find(".bw-chart__wide svg").Length() != 1 || panel.Find("details table").Length() != 1 {
		t.Error("no chart, or no table of it")
	}
	for ending, part := range map[string]string{"svg": "Neglect:\u00a0172", "csv": "Date,Neglect,Emotional abuse,", "xlsx": "PK"} {
		if body := s.get("/measures/cpp." + ending + "?chart=cpp-breakdown-category-of-abuse").want(200).body; !strings.Contains(body, part) {
			t.Errorf("the %s does not hold %q: %.300s", ending, part, body)
		}
	}
	s.get("/measures/cla").want(200).says("Children looked after by age", "Children looked after by ethnicity", "over-represented")
}

// The monthly view's table is in sight, months across.
func TestMonthlyPage(t *testing.T) {
	s := newSite(t)
	s.imported(monthly())
	doc := s.get("/measures/referrals").want(200).page()
	table := doc.Find("#referrals-monthly details[open] table")
	if n := table.Find("thead th").Length(); n != 14 {
		t.Errorf("%d columns, not the heading and 13 months", n)
	}
	for _, row := range []string{"Number", "Same month a year before", "Year to date, since April", "Twelve months to the month's end"} {
		if !strings.Contains(fold(table.Find("tbody").Text()), row) {
			t.Errorf("no row %q", row)
		}
	}
	if svg := s.get("/measures/referrals.svg?chart=monthly").want(200).body; !strings.Contains(svg, "Same month a year before") {
		t.Errorf("%.300s", svg)
	}
}

// Breakdowns in a browser, wide and narrow, with and without a script: the
// newest month is in sight, and the keyboard reads the small charts.
func TestJourneyBreakdown(t *testing.T) {
	s, server, ctx := open(t)
	s.imported(sampleFile(t, "breakdowns.csv"))
	do(t, ctx, chromedp.Navigate(server.URL+"/measures/cpp"))
	see(t, ctx, "Child protection plans by category of abuse: Neglect 52.1%")
	look(t, ctx, "breakdown")
	if live := run(t, ctx, chromedp.Evaluate[string](`(() => {
		const live = document.querySelector('#cpp-breakdown-category-of-abuse .bw-chart__live');
		live.focus();
		live.dispatchEvent(new KeyboardEvent('keydown', { key: 'ArrowRight', bubbles: true }));
		live.dispatchEvent(new KeyboardEvent('keydown', { key: 'ArrowDown', bubbles: true }));
		return live.nextElementSibling.textContent;
	})()`)); live != "Emotional abuse, 30 September 2026: 108" {
		t.Errorf("the keyboard reads %q", live)
	}
	do(t, ctx, chromedp.EmulateViewport(360, 800), noScript, chromedp.Navigate(server.URL+"/measures/cpp"))
	noSideways(t, ctx)
	if seen := run(t, ctx, chromedp.Evaluate[bool](`(() => {
		const wrap = document.querySelector('#cpp-breakdown-category-of-abuse .bw-tablewrap');
		const last = wrap.querySelector('tbody td:last-child').getBoundingClientRect();
		return last.right <= wrap.getBoundingClientRect().right + 1;
	})()`)); !seen {
		t.Error("the newest month is out of sight")
	}
}
