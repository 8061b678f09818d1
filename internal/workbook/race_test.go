//go:build race

package workbook_test

func init() { raceDetector = true }
