// Package dashboards embeds the definitions of the dashboards, one TOML file
// each. It knows nothing of what they mean: cmd hands FS on to whoever does.
package dashboards

import "embed"

// FS holds the definitions at its root.
//
//go:embed *.toml
var FS embed.FS
