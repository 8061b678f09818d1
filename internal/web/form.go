package web

import (
	"bytes"
	"io"
	"net/http"

	"github.com/gin-gonic/gin"
)

// maxForm is how many bytes a form without a file may have.
const maxForm = 2 << 20

// arrived has a form whole before anybody is looked up for it: it does what
// they may do when it has come, however long that took. A file comes while it
// is read; see receive.
func arrived(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Method == http.MethodPost && r.URL.Path != importsPath {
			text, err := io.ReadAll(http.MaxBytesReader(w, r.Body, maxForm))
			r.Body = io.NopCloser(io.MultiReader(bytes.NewReader(text), ended{err}))
		}
		next.ServeHTTP(w, r)
	})
}

// ended is the end of what was read, with its error if it had one.
type ended struct{ err error }

func (e ended) Read([]byte) (int, error) {
	if e.err != nil {
		return 0, e.err
	}
	return 0, io.EOF
}

// readForm reads a form without a file.
func readForm(c *gin.Context) error {
	if err := c.Request.ParseForm(); err != nil {
		return &failure{http.StatusBadRequest, "There is a problem with the form", "It did not arrive whole. Go back and send it again.", err}
	}
	return nil
}
