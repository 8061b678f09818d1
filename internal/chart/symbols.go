package chart

// Symbols and pictures in legends that ECharts has no name for, or would
// stretch, as paths.
const (
	pointsUp   = "path://M0,17L20,17L10,0z"
	pointsDown = "path://M0,0L20,0L10,17z"
	pointsAll  = "path://M0,10L10,0L20,10L10,20z"

	iconSolid   = "path://M0,5h34v2h-34z"
	iconDashed  = "path://M0,5h9v2h-9zM12.5,5h9v2h-9zM25,5h9v2h-9z"
	iconDotted  = "path://M0,5h3v2h-3zM6,5h3v2h-3zM12,5h3v2h-3zM18,5h3v2h-3zM24,5h3v2h-3zM30,5h3v2h-3z"
	iconDiamond = "path://M0,10L10,0L20,10L10,20zM4,10L10,16L16,10L10,4z"
	iconSquare  = "path://M0,0h20v20h-20zM3,3v14h14v-14z"
)
