package report_test

import (
	"slices"
	"time"

	"bellwether/internal/report"
	"bellwether/internal/stat"
	"bellwether/internal/workbook"
)

// council is a report as an executive member gives it, with everything that a
// document can hold.
func council() report.Document {
	return report.Document{
		Title: "Executive Member report to Council", Subject: "Children's services performance", Author: "Executive Member for Children's Services",
		Header: "Middlesbrough Council: children's services", Footer: "Report 12", Draft: true,
		Created: time.Date(2025, time.November, 21, 9, 30, 0, 0, time.UTC),
		Blocks:  slices.Concat(councilHeadline(), councilCharts(), councilWords(), councilScorecard(), councilBriefing()),
	}
}

// councilHeadline is in numbered paragraphs and a table with ratings.
func councilHeadline() []report.Block {
	return []report.Block{
		report.Facts{Items: [][2]string{{"Report of", "Executive Member for Children's Services"}, {"Report to", "Council, 3 December 2025"}, {"Figures as of", "31 March 2025, with releases known on 21 November 2025"}}},
		report.Heading{Level: 1, Text: "Headline performance"},
		report.Paragraph{Number: report.Numbered, Runs: []report.Run{{Text: "As of 31 March 2025: "}, {Text: "493 (138 per 10,000)", Bold: true}, {Text: " children were looked after, 17.6 above the "}, {Text: "neighbours' mean", Italic: true}, {Text: " of 120.4. See "}, {Text: "the figures as published", Link: "https://explore-education-statistics.service.gov.uk/find-statistics/children-looked-after?a=1&b=2"}, {Text: "."}}},
		report.Paragraph{Number: report.Numbered, Runs: report.Text("Since the last report the number has fallen by 28 (5.4%).")},
		report.Paragraph{Number: report.Lettered, Runs: report.Text("Of these, 46 were adolescents.")},
		report.Paragraph{Number: report.Lettered, Runs: report.Text("Twelve came from outside the area.")},
		report.Table{
			Caption: "Headline measures",
			Columns: []report.Column{{Head: "Measure"}, {Head: "Number", Number: true}, {Head: "Rate per 10,000", Number: true}, {Head: "Neighbours' mean", Number: true}, {Head: "England", Number: true}, {Head: "Rating"}},
			Rows: []report.Row{
				{Cells: report.Cells("Children looked after", "493", "138", "120.4", "67"), Strong: true},
				{Cells: append(report.Cells("Child protection plans", "287", "80.3", "71.1", "42.9"), report.Cell{Text: "▲\u00a0Red", Fill: "#F6D7D2"})},
				{Cells: append(report.Cells("Children in need", "2,036", "c", "512.0", "333.1"), report.Cell{Text: "●\u00a0Green", Fill: "#D5E8D8"})},
			},
			Notes: []string{"c: a small number, hidden so that nobody can be known.", "Source: DfE, November 2025; neighbours: 2025 model, unweighted mean."},
		},
	}
}

// councilCharts are one of lines, with a gap, and one of bars.
func councilCharts() []report.Block {
	var ends []stat.Date
	var names []string
	for year := 2016; year <= 2025; year++ {
		ends = append(ends, stat.Date{Year: year, Month: time.March, Day: 31})
		names = append(names, ends[len(ends)-1].Long())
	}
	look := func(colour string, dash workbook.Dash, symbol string) workbook.ChartSeries {
		return workbook.ChartSeries{Color: colour, Width: 2.25, Dash: dash, Symbol: symbol, Size: 6}
	}
	return []report.Block{
		report.Heading{Level: 2, Text: "Children looked after"},
		report.Chart{
			Caption: "Fewer children looked after than in 2020", Alt: "Line chart: Middlesbrough's rate rose to 189 in 2020 and fell to 138 in 2025; the neighbours' mean stayed near 120; England's near 67.",
			Kind: workbook.Lines, Ends: ends, Names: names, Unit: "Rate per 10,000 children",
			Series: []report.Series{
				{Name: "Middlesbrough", Numbers: column10(121, 127, 141, 158, 189, 172, 155, 149, 146, 138), Look: look("#12436D", workbook.Solid, "circle")},
				{Name: "Neighbours' mean", Numbers: column10(101, 105, 110, 113, 116, -1, 121, 122, 123, 120.4), Look: look("#28A197", workbook.Dashed, "triangle")},
				{Name: "England", Numbers: column10(60, 62, 64, 65, 67, 67, 70, 71, 70, 67), Look: look("#F46A25", workbook.DashDotted, "diamond")},
			},
			Source: "Source: DfE, November 2025.",
		},
		report.Chart{
			Caption: "Middlesbrough is third of its neighbours", Alt: "Bar chart: Hartlepool 150, Salford 145.5, Middlesbrough 138, England 67.",
			Kind: workbook.Bars, Names: []string{"Hartlepool", "Salford", "Middlesbrough", "England"}, Unit: "Rate per 10,000 children",
			Series: []report.Series{
				{Name: "Neighbours", Numbers: []*float64{n(150), n(145.5), nil, nil}, Look: workbook.ChartSeries{Color: "#6F7F8D"}},
				{Name: "Middlesbrough", Numbers: []*float64{nil, nil, n(138), nil}, Look: workbook.ChartSeries{Color: "#12436D"}},
				{Name: "England", Numbers: []*float64{nil, nil, nil, n(67)}, Look: workbook.ChartSeries{Color: "#F46A25"}},
			},
			Source: "Source: DfE, November 2025.",
		},
	}
}

// councilWords are what officers say, and the notes and definitions.
func councilWords() []report.Block {
	return []report.Block{
		report.Heading{Level: 2, Text: "Fostering and adoption"},
		report.Commentary{Number: report.Numbered, Author: "A. Officer, Head of Fostering", On: stat.Date{Year: 2025, Month: time.October, Day: 12},
			Text: "Nine potential fostering families are\nbeing assessed.\n\n- three with a view to adoption\n- two within the area\n\nThe campaign ends in December."},
		report.Heading{Level: 1, Text: "About these figures"},
		report.Notes{Head: "Take care with these figures", Items: []string{"The figure on 31 March 2023 was first published as 656.7; it has since been restated as 638.7.", "Two of ten neighbours have no figure."}},
		report.Heading{Level: 2, Text: "Definitions"},
		report.Definitions{Items: [][2]string{{"Children looked after", "Children in the care of the council on the day, without those in short breaks."}, {"Rate per 10,000", "Children for every 10,000 aged 0 to 17 in the area."}}},
	}
}

// councilScorecard is a table that needs the paper turned.
func councilScorecard() []report.Block {
	return []report.Block{
		report.PageBreak{Landscape: true},
		report.Heading{Level: 1, Text: "Corporate parenting scorecard"},
		report.Table{
			Caption: "Scorecard",
			Columns: []report.Column{{Head: "Measure"}, {Head: "Good is"}, {Head: "Latest", Number: true}, {Head: "Before", Number: true}, {Head: "Target", Number: true}, {Head: "Region", Number: true}, {Head: "England", Number: true}, {Head: "Comment"}},
			Rows:    []report.Row{{Cells: report.Cells("Three or more placements in a year", "Lower", "11.2%", "9.8%", "10.0%", "10.4%", "10.3%", "Moves after an emergency placement; two sibling groups of three account for half of it.")}},
		},
	}
}

// councilBriefing begins its numbers anew, on a page of its own.
func councilBriefing() []report.Block {
	return []report.Block{
		report.PageBreak{},
		report.Heading{Level: 1, Text: "Briefing: questions to expect"},
		report.Heading{Level: 2, Text: "Why is the rate above the neighbours'?"},
		report.Paragraph{Number: report.Numbered, Restart: true, Runs: report.Text("The rate is 17.6 above the mean, within the range of the ten.")},
		report.List{Items: [][]report.Run{report.Text("Highest: Hartlepool, 150."), report.Text("Lowest: Stoke-on-Trent, 101.")}},
	}
}

// column10 are figures; a negative one is missing.
func column10(figures ...float64) []*float64 {
	out := make([]*float64, len(figures))
	for i, x := range figures {
		if x >= 0 {
			out[i] = &x
		}
	}
	return out
}
