package importer

import "bellwether/internal/workbook"

// Stages of checking, in their order.
const (
	stageFile    = "file"
	stageColumns = "columns"
	stagePeriods = "periods"
	stageAreas   = "areas"
	stageKeys    = "keys"
	stageFigures = "figures"
	stageHistory = "history"
)

// Codes of the problems the checks find themselves.
const (
	codeNumerator = "numerator_above_denominator"
	codeRate      = "rate_not_following"
	codeParts     = "parts_not_total"
	codeOverlap   = "categories_overlap"
	codeRegions   = "regions_double_counted"
	codeMissing   = "missing_month"
	codeStale     = "stale_figures"
	codeOutlier   = "beyond_history"
	codeRestated  = "restated"
)

// checks are all there are, in order. Every code of a problem belongs to
// exactly one of them.
var checks = []check{
	{stageFile, "readable", "The file is a spreadsheet that can be read",
		[]string{workbook.EmptyFile, workbook.NotSpreadsheet, workbook.OldXLS, workbook.XLSB, workbook.ODS, workbook.Password, workbook.Macros, workbook.PivotCache, workbook.Embedded,
			workbook.TooLarge, workbook.Damaged, workbook.Unsafe, workbook.Encoding, workbook.Incomplete},
		"Open the file in Excel, save it again as an Excel workbook (.xlsx), and upload that copy.", nil},
	{stageFile, "totals_only", "The file holds totals, and nothing about single children",
		[]string{codeChildLevel, codePostcodes, codeBirthDates},
		"Take out the sheets and columns that are named, save the file and upload it again. Nothing of a refused file is kept.", nil},
	{stageFile, "nothing_hidden", "Nothing is hidden or left unread without being told",
		[]string{"hidden_sheet", "hidden_rows", "hidden_columns", "read_otherwise"},
		"Look at what is hidden, and unhide it or delete it if it does not belong.", nil},

	{stageColumns, "layout", "The header row is one that is known",
		[]string{"unknown_layout", "ambiguous_layout", "missing_column", "sheet_skipped", "meta_alone", "no_indicator"},
		"Rename or add the columns that are named, choose another layout, or say once what the columns are.", nil},
	{stageColumns, "column_names", "No two columns mean the same, and none was left unread",
		[]string{"duplicate_column", "unknown_column", "ambiguous_column", "too_many_cells"},
		"Rename or delete one of the columns that mean the same.", nil},
	{stageColumns, "meta", "The .meta.csv and its file agree, where one came with it",
		[]string{"meta_name", "meta_type", "meta_unit", "meta_decimals"},
		"Correct the cells of the .meta.csv that are named, or import the file without it.", nil},
	{stageColumns, "filters", "Every filter says something in every row",
		[]string{"blank_filter"},
		"Write Total where a row is of all, or accept that it is read so.", nil},
	{stageColumns, "measures", "Every row is of a measure that is known",
		[]string{"unknown_measure", "unknown_model", "unknown_item", "registered_measures", "unit_mismatch"},
		"Label the rows with a measure's name, or accept that they are left out.", nil},

	{stagePeriods, "periods_readable", "Every period can be read, and suits its measure",
		[]string{"unreadable_period", "wrong_period", "which_quarter", "serial_date"},
		"Write the period as 2025, 2024-25, 2025-03-31, Q1 2024-25 or Apr-24.", nil},
	{stagePeriods, "not_future", "No period ends after today",
		[]string{"future_period"},
		"Correct the period, or leave the figure out until then.", nil},
	{stagePeriods, "no_month_missing", "No month is missing between what is held and what is new",
		[]string{codeMissing},
		"Add the months that are named, or import them first; accept the warning if they never will come.", (*checking).missingMonths},

	{stageAreas, "areas_known", "Every area is known",
		[]string{"unknown_area", "ambiguous_area", "missing_area", "unknown_level", "new_areas", "registered_areas", "other_area"},
		"Give an ONS code such as E06000002, a DfE number such as 806, or the authority's full name.", nil},
	{stageAreas, "area_agrees", "Code and name of an area agree",
		[]string{"area_mismatch"},
		"Correct the code or the name, whichever is wrong.", nil},
	{stageAreas, "area_then", "Every area was there at the time",
		[]string{"area_not_then"},
		"Correct the period, or give the area that came before or after.", nil},
	{stageAreas, "neighbours", "Every area has its neighbours, and none is its own",
		[]string{"missing_neighbour", "own_neighbour"},
		"Give the neighbour's DfE number.", nil},

	{stageKeys, "no_duplicates", "No figure stands twice",
		[]string{"duplicate_key"},
		"Keep one of the two cells that are named, and clear the other.", nil},
	{stageKeys, "no_parts_as_wholes", "No part is given as the whole",
		[]string{"narrowing_column", "part_of_measure", "half_breakdown", "category_as_date"},
		"Give the totals, with Total in the column that is named, or remove the column.", nil},
	{stageKeys, "whole", "Count and rate come together where the file gives both",
		[]string{"half_observation"},
		"Add the rows that are missing, or accept that only half is known.", nil},

	{stageFigures, "numbers", "Every figure is a number or a mark",
		[]string{"not_a_number", "number_out_of_range", "not_whole", "formula_error", "negative_count", "negative_value", "merged_figure", "footnote_marks", "no_figures", "more_problems"},
		"Correct the cells that are named: give a number, a mark (c, x, z, u, k or low), or leave them empty.", nil},
	{stageFigures, "percentages", "Percentages are of a hundred",
		[]string{"percentage_or_fraction", "above_hundred"},
		"Format the cells as percentages if they are fractions, or accept that so little is meant.", (*checking).fractions},
	{stageFigures, "numerator_denominator", "No numerator is above its denominator",
		[]string{codeNumerator},
		"Correct the numerator or the denominator: a part cannot be more than its whole.", (*checking).numerators},
	{stageFigures, "rates_follow", "Printed rates and percentages follow from their counts",
		[]string{codeRate},
		"Check count, rate and population. The rate is kept as printed; accept the warning with what it rests on.", (*checking).rates},
	{stageFigures, "parts_total", "Parts add up to their total",
		[]string{codeParts, codeOverlap},
		"Find the part that is missing or counted twice, or accept the warning with the reason why they differ.", (*checking).parts},
	{stageFigures, "regions_once", "England is not counted from overlapping regions",
		[]string{codeRegions},
		"Correct the total: Inner and Outer London are part of London and must not be added to it.", (*checking).regions},

	{stageHistory, "not_stale", "The newest figures are not the last ones again",
		[]string{codeStale},
		"Check that the report was run anew. Accept the warning if nothing changed indeed.", (*checking).stale},
	{stageHistory, "within_history", "No change is beyond what the series has ever shown",
		[]string{codeOutlier},
		"Check the figure and its date at the source. Accept the warning with the reason of the change.", (*checking).beyondHistory},
	{stageHistory, "restatement", "Figures that are held already are confirmed, or restated knowingly",
		[]string{codeRestated},
		"Look at what changes before storing: both versions are kept.", (*checking).restated},
}
