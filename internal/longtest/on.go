//go:build race

package longtest

const raceDetector = true
