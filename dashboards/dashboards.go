// Package dashboards embeds the definitions of the dashboards and, in a folder
// of their own, of the reports, one TOML file each. It knows nothing of what
// they mean: cmd hands FS on to whoever does.
package dashboards

import "embed"

// FS holds the dashboards at its root, the reports in reports.
//
//go:embed *.toml reports
var FS embed.FS
