package web

import (
	"context"

	"github.com/gin-gonic/gin"

	"bellwether/internal/benchmark"
)

// accessibility is the statement that SI 2018/952 asks for.
func (s *Server) accessibility(c *gin.Context) error {
	return s.still(c, "", "accessibility", func(ctx context.Context) any { return s.base(ctx, "Accessibility statement", "", "") })
}

// methodsPath is the page of methods.
const methodsPath = "/about/methods"

type methodsPage struct {
	page
	Methods []benchmark.Method
}

// methods says how each number is worked out.
func (s *Server) methods(c *gin.Context) error {
	return s.still(c, "", "methods", func(ctx context.Context) any {
		return methodsPage{s.base(ctx, "How the figures are worked out", "", ""), benchmark.Methods()}
	})
}
