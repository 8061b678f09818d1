//go:build !race

package longtest

const raceDetector = false
