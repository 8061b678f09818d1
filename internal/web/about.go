package web

import (
	"net/http"

	"github.com/gin-gonic/gin"
)

// accessibility is the statement that SI 2018/952 asks for.
func (s *Server) accessibility(c *gin.Context) error {
	return s.pages.write(c.Writer, http.StatusOK, "accessibility", s.base("Accessibility statement", "", ""))
}
