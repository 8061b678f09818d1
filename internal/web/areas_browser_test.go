package web_test

import (
	"context"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"
)

// cells are what a column of the sortable table shows, from the top.
func cells(t *testing.T, ctx context.Context, name string) []string {
	t.Helper()
	return run(t, ctx, chromedp.Evaluate[[]string](`(() => {
		const table = document.querySelector('[data-sortable]');
		const at = table.querySelector('th[data-column="`+name+`"]').cellIndex;
		return [...table.tBodies[0].rows].map(row => {
			const cell = row.cells[at].cloneNode(true);
			cell.querySelectorAll('.govuk-visually-hidden').forEach(e => e.remove());
			return cell.textContent.trim();
		});
	})()`))
}

// An analyst reads how all authorities stand and sorts them, with a script and
// by the server alike.
func TestJourneyAuthorities(t *testing.T) {
	s, server, ctx := open(t)
	do(t, ctx, chromedp.Navigate(server.URL+"/measures/cla"))
	see(t, ctx, "95% interval")
	do(t, ctx, chromedp.Click(chromedp.CSS(`.bw-tabs a[href*="/authorities"]`)))
	see(t, ctx, "all authorities")
	for _, c := range []struct{ name, dir, aria string }{{"number", "asc", "ascending"}, {"number", "desc", "descending"}, {"region", "asc", "ascending"}} {
		do(t, ctx, chromedp.Click(chromedp.CSS(`th[data-column="`+c.name+`"] button`)))
		arrive(t, ctx, "sort="+c.name+"&dir="+c.dir)
		head := `document.querySelector('th[data-column="` + c.name + `"]')`
		if got := run(t, ctx, chromedp.Evaluate[string](head+".ariaSort")); got != c.aria {
			t.Errorf("%s %s: aria-sort is %q", c.name, c.dir, got)
		}
		if said := run(t, ctx, chromedp.Evaluate[string](`document.querySelector('section [role="status"]').textContent`)); !strings.HasPrefix(said, "Sorted by ") || !strings.HasSuffix(said, c.aria+".") {
			t.Errorf("%s %s: a screen reader hears %q", c.name, c.dir, said)
		}
		table := s.get("/measures/cla/authorities?sort=" + c.name + "&dir=" + c.dir).page().Find("[data-sortable]")
		want, got := column(table, 0), cells(t, ctx, "authority")
		if strings.Join(got, "|") != strings.Join(want, "|") {
			t.Errorf("%s %s: the script sorts otherwise than the server:\n%v\n%v", c.name, c.dir, got, want)
		}
	}
	look(t, ctx, "authorities-sorted")
	do(t, ctx, chromedp.Reload())
	see(t, ctx, "by Region, ascending")
}

// An analyst reads the neighbours page, sorts its table, and switches the
// model: the numbers change and the model is named.
func TestJourneyNeighbours(t *testing.T) {
	_, server, ctx := open(t)
	do(t, ctx, chromedp.Navigate(server.URL+"/measures/cla"))
	see(t, ctx, "Each statistical neighbour")
	do(t, ctx, chromedp.Click(chromedp.CSS(`.bw-tabs a[href*="/neighbours"]`)))
	see(t, ctx, "neighbours in the 2025 model")
	do(t, ctx, chromedp.Click(chromedp.CSS(`th[data-column="number"] button`)))
	arrive(t, ctx, "sort=number&dir=asc")
	before := cells(t, ctx, "number")
	checkOrder(t, before, "number", false)
	do(t, ctx, chromedp.SetValue(chromedp.CSS("#neighbours"), "2021"))
	see(t, ctx, "neighbours in the 2021 model")
	arrive(t, ctx, "sort=number")
	after := cells(t, ctx, "number")
	checkOrder(t, after, "number", false)
	if strings.Join(before, "|") == strings.Join(after, "|") {
		t.Errorf("another model shows the same numbers: %v", after)
	}
	look(t, ctx, "neighbours-2021")
}

// Without a script the headings are links, and the server sorts.
func TestJourneySortWithoutScript(t *testing.T) {
	_, server, ctx := open(t)
	do(t, ctx, noScript, chromedp.Navigate(server.URL+"/measures/cla/authorities"))
	see(t, ctx, "all authorities")
	do(t, ctx, chromedp.Click(chromedp.CSS(`th[data-column="number"] a`)))
	arrive(t, ctx, "sort=number")
	see(t, ctx, ", ascending")
	checkOrder(t, cells(t, ctx, "number"), "number", false)
}
