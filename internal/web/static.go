package web

import (
	"net/http"
	"strconv"
	"strings"

	"github.com/gin-gonic/gin"
)

// asset sends a built file, compressed as the client takes it. A hashed name
// never changes its content, so a browser may keep it for a year.
func (s *Server) asset(c *gin.Context) error {
	f, ok := s.assets.File(strings.TrimPrefix(c.Param("name"), "/"))
	if !ok {
		return notFound("There is nothing at this address.", nil)
	}
	h := c.Writer.Header()
	h.Set("Content-Type", f.Type)
	h.Set("Cache-Control", "no-cache")
	if f.Hashed {
		h.Set("Cache-Control", "public, max-age=31536000, immutable")
	}
	body, encoding := f.Plain, ""
	switch {
	case accepts(c.Request, "br") && len(f.Brotli) > 0:
		body, encoding = f.Brotli, "br"
	case accepts(c.Request, "gzip") && len(f.Gzip) > 0:
		body, encoding = f.Gzip, "gzip"
	}
	if encoding != "" {
		h.Set("Content-Encoding", encoding)
	}
	h.Set("Content-Length", strconv.Itoa(len(body)))
	c.Status(http.StatusOK)
	c.Writer.Write(body) // a client that has gone is no fault of ours
	return nil
}

// accepts reports whether the client takes a content coding.
func accepts(r *http.Request, coding string) bool {
	for offered := range strings.SplitSeq(strings.Join(r.Header.Values("Accept-Encoding"), ","), ",") {
		name, q, _ := strings.Cut(offered, ";")
		if strings.EqualFold(strings.TrimSpace(name), coding) {
			return q == "" || strings.Trim(q, " q=0.") != ""
		}
	}
	return false
}
