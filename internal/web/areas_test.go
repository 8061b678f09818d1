package web_test

import (
	"net/http"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/PuerkitoBio/goquery"

	"bellwether/internal/benchmark"
)

// column is the text of one column of a table's body, from the top.
func column(table *goquery.Selection, i int) []string {
	return table.Find("tbody tr").Map(func(_ int, tr *goquery.Selection) string {
		cell := tr.Children().Eq(i).Clone()
		cell.Find(".govuk-visually-hidden").Remove()
		return fold(cell.Text())
	})
}

// headed finds a sortable table's column by its name in addresses.
func headed(t *testing.T, table *goquery.Selection, name string) int {
	t.Helper()
	head := table.Find(`th[data-column="` + name + `"]`)
	if head.Length() != 1 {
		t.Fatalf("%d headings are called %s: %s", head.Length(), name, fold(table.Find("thead").Text()))
	}
	return head.Index()
}

func TestNeighboursPage(t *testing.T) {
	s := newSite(t)
	page := s.get("/measures/cla/neighbours").want(http.StatusOK)
	page.says("2025 model", "493", "138")
	doc := page.page()
	table := doc.Find("table[data-sortable]")
	if table.Length() != 1 || table.Find("tbody tr").Length() != 11 {
		t.Fatalf("%d sortable tables with %d rows, want the area and ten neighbours", table.Length(), table.Find("tbody tr").Length())
	}
	own := table.Find("tr.bw-table__own")
	if own.Length() != 1 || fold(own.Find("th").Text()) != "Middlesbrough" || own.Find("a").Length() != 0 {
		t.Errorf("the marked rows are %q", fold(own.Text()))
	}
	links := table.Find("tbody tr:not(.bw-table__own) th a")
	if links.Length() != 10 {
		t.Fatalf("%d neighbours have links, want 10", links.Length())
	}
	to, _ := links.First().Attr("href")
	if !strings.HasPrefix(to, "/measures/cla/neighbours?area=E") {
		t.Errorf("the first neighbour links to %s", to)
	}
	name, _, _ := strings.Cut(fold(links.First().Text()), ":")
	other := s.get(to).want(http.StatusOK).page()
	if got := fold(other.Find("tr.bw-table__own th").Last().Text()); got != name {
		t.Errorf("the page of %s marks %q", name, got)
	}
	if doc.Find("#show").Length() != 0 || doc.Find("#period option").Length() < 5 {
		t.Errorf("the form offers %d periods, and numbers: %d", doc.Find("#period option").Length(), doc.Find("#show").Length())
	}
}

// Another model has other neighbours and another mean, and is named.
func TestModelIsNamed(t *testing.T) {
	s := newSite(t)
	new, old := s.get("/measures/cla/neighbours?neighbours=2025"), s.get("/measures/cla/neighbours?neighbours=2021")
	new.says("neighbours in the 2025 model")
	old.says("neighbours in the 2021 model")
	a, b := new.page().Find("table[data-sortable]"), old.page().Find("table[data-sortable]")
	if slices.Equal(column(a, 0), column(b, 0)) {
		t.Error("both models have the same neighbours")
	}
	if strings.Contains(old.text(), "neighbours in the 2025 model") {
		t.Error("the page of the 2021 model names that of 2025")
	}
}

func TestPeriodIsChosen(t *testing.T) {
	s := newSite(t)
	page := s.get("/measures/cla/authorities?period=2020-03-31").want(http.StatusOK).says("31 March 2020")
	doc := page.page()
	if got := doc.Find("#period option[selected]").Text(); got != "31 March 2020" {
		t.Errorf("%q is chosen", got)
	}
	for _, a := range doc.Find(".bw-tabs a:not([aria-current]), table[data-sortable] tbody a, table[data-sortable] thead a").EachIter() {
		href, _ := a.Attr("href")
		if !strings.HasPrefix(href, "/measures/cla?") && !strings.Contains(href, "period=2020-03-31") {
			t.Errorf("the link to %s forgets the period", href)
		}
	}
	if href, _ := doc.Find(".bw-nav a").First().Attr("href"); strings.Contains(href, "period") {
		t.Errorf("the overview, which has no period, is at %s", href)
	}
}

func TestTabs(t *testing.T) {
	s := newSite(t)
	for path, here := range map[string]string{"/measures/cla": "The measure", "/measures/cla/neighbours": "Each statistical neighbour", "/measures/cla/authorities": "All authorities"} {
		tabs := s.get(path).page().Find(".bw-tabs a")
		if got := tabs.Filter("[aria-current=page]").Text(); tabs.Length() != 4 || got != here {
			t.Errorf("%s: %d tabs, the current one is %q, want %q", path, tabs.Length(), got, here)
		}
	}
	if n := s.get("/").page().Find(".bw-tabs").Length(); n != 0 {
		t.Error("the overview has tabs")
	}
}

func TestSortedByServer(t *testing.T) {
	s := newSite(t)
	const page = "/measures/cla/authorities"
	for _, c := range []struct{ query, column, aria string }{
		{"?sort=number&dir=asc", "number", "ascending"},
		{"?sort=number&dir=desc", "number", "descending"},
		{"?sort=region&dir=asc", "region", "ascending"},
		{"?sort=region&dir=desc", "region", "descending"},
		{"?sort=rank", "rank", "ascending"},
	} {
		t.Run(c.query, func(t *testing.T) {
			doc := s.get(page + c.query).want(http.StatusOK).page()
			table := doc.Find("table[data-sortable]")
			at := headed(t, table, c.column)
			head := table.Find("thead th").Eq(at)
			if got, _ := head.Attr("aria-sort"); got != c.aria || table.Find(`th[aria-sort="ascending"], th[aria-sort="descending"]`).Length() != 1 {
				t.Errorf("aria-sort is %q, want %q and no other", got, c.aria)
			}
			got := column(table, at)
			if len(got) < 150 {
				t.Fatalf("%d rows", len(got))
			}
			kind, _ := head.Attr("data-kind")
			checkOrder(t, got, kind, c.aria == "descending")
			if caption := fold(table.Find("caption").Text()); !strings.HasSuffix(caption, "by "+fold(head.Text())+", "+c.aria) || strings.Contains(caption, "highest first") {
				t.Errorf("the caption is %q", caption)
			}
			if own := fold(table.Find("tr.bw-table__own th").Text()); own != "Middlesbrough" {
				t.Errorf("the marked row is %q", own)
			}
			next, _ := head.Find("a").Attr("href")
			other := s.get(next).want(http.StatusOK).page().Find("table[data-sortable] thead th").Eq(at)
			if turned, _ := other.Attr("aria-sort"); turned == c.aria {
				t.Errorf("the heading's link does not turn the order round: %s", next)
			}
		})
	}
}

// checkOrder fails the test where cells are out of order, marks and empty
// cells last.
func checkOrder(t *testing.T, cells []string, kind string, down bool) {
	t.Helper()
	ended := false
	var last float64
	for i, cell := range cells {
		n, err := strconv.ParseFloat(strings.TrimSuffix(strings.ReplaceAll(cell, ",", ""), "="), 64)
		there := kind == "text" && cell != "" || kind == "number" && err == nil
		if there && ended {
			t.Errorf("%q stands below a row without a value", cell)
		}
		if ended = !there; ended || i == 0 {
			last = n
			continue
		}
		wrong := kind == "number" && n != last && (n < last) != down
		if kind == "text" {
			was := cells[i-1]
			wrong = cell != was && (strings.ToLower(cell) < strings.ToLower(was)) != down
		}
		if wrong {
			t.Errorf("%q stands below %q", cell, cells[i-1])
		}
		last = n
	}
}

// Rows with the same value keep the order they had.
func TestTiesKeepTheirOrder(t *testing.T) {
	s := newSite(t)
	of := func(query string) (names, regions []string) {
		table := s.get("/measures/cla/authorities" + query).page().Find("table[data-sortable]")
		return column(table, 0), column(table, headed(t, table, "region"))
	}
	before, _ := of("")
	for _, dir := range []string{"asc", "desc"} {
		names, regions := of("?sort=region&dir=" + dir)
		for i := 1; i < len(names); i++ {
			if regions[i] == regions[i-1] && slices.Index(before, names[i]) < slices.Index(before, names[i-1]) {
				t.Errorf("%s: within %s, %s came to stand below %s", dir, regions[i], names[i], names[i-1])
			}
		}
	}
}

func TestUnknownOrder(t *testing.T) {
	s := newSite(t)
	s.get("/measures/cla/authorities?sort=shoe-size").want(http.StatusOK).says("No table here has a column “shoe-size”")
	s.get("/measures/cla/authorities?sort=rank&dir=up").want(http.StatusBadRequest).says("choose asc or desc")
}

func TestMethodsPage(t *testing.T) {
	s := newSite(t)
	doc := s.get("/about/methods").want(http.StatusOK).page()
	if doc.Find(".bw-method").Length() != len(benchmark.Methods()) {
		t.Errorf("%d methods are printed of %d", doc.Find(".bw-method").Length(), len(benchmark.Methods()))
	}
	for _, m := range benchmark.Methods() {
		section := doc.Find("#" + m.ID).Parent()
		for _, part := range []string{m.Title, m.Text, m.Formula, m.Source} {
			if !strings.Contains(fold(section.Text()), fold(part)) {
				t.Errorf("%s does not say %q", m.ID, part)
			}
		}
	}
	for _, path := range []string{"/", "/measures/cla", "/measures/cla/neighbours", "/measures/cla/authorities"} {
		page := s.get(path).page()
		if page.Find(`.bw-footer a[href="/about/methods"]`).Length() != 1 {
			t.Errorf("%s: the footer does not lead to the methods", path)
		}
		for _, caption := range page.Find(".bw-chart__source").EachIter() {
			if caption.Find(`a[href^="/about/methods#"]`).Length() != 1 {
				t.Errorf("%s: a chart does not say how it is worked out: %s", path, fold(caption.Text()))
			}
		}
	}
}

// The measure's page has every fact; the overview's cards are short. Each is
// named by a link to its method.
func TestFactsLinkToMethods(t *testing.T) {
	s := newSite(t)
	for path, want := range map[string][]string{
		"/":             {"Change", "Neighbours", "Rank", "95% interval", "More than chance?", "Trend"},
		"/measures/cla": {"Change", "Neighbours", "Rank", "95% interval", "More than chance?", "Trend", "Passed", "Peak"},
	} {
		card := s.get(path).page().Find(".bw-card").First()
		labels := card.Find(".bw-card__facts dt").Map(func(_ int, dt *goquery.Selection) string { return fold(dt.Text()) })
		if len(labels) < 6 {
			t.Errorf("%s has only %v", path, labels)
		}
		for _, l := range labels {
			if !slices.Contains(want, l) {
				t.Errorf("%s has a fact %q", path, l)
			}
		}
		if n := card.Find(`.bw-card__facts dt a[href^="/about/methods#"]`).Length(); n != len(labels) {
			t.Errorf("%s: %d of %d labels lead to their method", path, n, len(labels))
		}
	}
}

// Every measure has both pages, for an area with figures, one without
// neighbours and one that was abolished.
func TestAreaPagesOfEveryMeasure(t *testing.T) {
	s := newSite(t)
	var list struct {
		Topics []struct{ Measures []struct{ Code string } }
	}
	s.get("/measures.json").json(&list)
	visited := 0
	for _, topic := range list.Topics {
		for _, m := range topic.Measures {
			for _, area := range []string{"806", "420", "928"} {
				for _, page := range []string{"neighbours", "authorities"} {
					a := s.get("/measures/" + m.Code + "/" + page + "?area=" + area)
					if a.status != http.StatusOK {
						t.Errorf("%s of %s for %s is %d: %.300s", page, m.Code, area, a.status, a.text())
					}
					visited++
				}
			}
		}
	}
	if visited < 60 {
		t.Errorf("only %d pages were visited", visited)
	}
}
