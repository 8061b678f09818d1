package web

import (
	"github.com/gin-gonic/gin"

	"bellwether/internal/benchmark"
)

// accessibility is the statement that SI 2018/952 asks for.
func (s *Server) accessibility(c *gin.Context) error {
	return s.still(c, "", "accessibility", s.base("Accessibility statement", "", ""))
}

type methodsPage struct {
	page
	Methods []benchmark.Method
}

// methods says how each number is worked out.
func (s *Server) methods(c *gin.Context) error {
	return s.still(c, "", "methods", methodsPage{s.base("How the figures are worked out", "", ""), benchmark.Methods()})
}
