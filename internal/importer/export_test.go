package importer

// ReadFigure lets the tests put any text where a figure belongs.
var ReadFigure = figureOf

// CodeOf and Message show what a complaint says.
func CodeOf(c *complaint) string { return c.code }

func (c *complaint) Message() string { return c.message }
