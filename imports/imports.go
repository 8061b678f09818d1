// Package imports carries the layouts, reference data and samples as they lie
// in its folders. It knows nothing of what is in them.
package imports

import "embed"

//go:embed layouts reference samples
var FS embed.FS
