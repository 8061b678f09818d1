package chart

import (
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"regexp"
	"slices"
	"strings"
)

// presentation are the style properties that SVG has as attributes.
var presentation = []string{
	"fill", "fill-opacity", "stroke", "stroke-width", "stroke-dasharray", "stroke-opacity",
	"font-family", "font-size", "font-style", "font-weight", "opacity", "text-anchor",
}

// instance is the prefix ECharts puts before ids, counting its charts.
var instance = regexp.MustCompile(`\bzr\d+-`)

// clean makes what ECharts draws fit to stand in a page under a strict
// content security policy, and in a file of its own: no style sheets, styles
// as attributes, ids that begin with id, a title and a description, and a
// viewBox in place of a size.
func clean(svg, id, title, description string) ([]byte, error) {
	c := &cleaner{id: safeID(id), title: title, description: description}
	in := xml.NewDecoder(strings.NewReader(svg))
	for {
		token, err := in.RawToken()
		if errors.Is(err, io.EOF) {
			break
		} else if err != nil {
			return nil, fmt.Errorf("the chart script's answer is not XML: %w", err)
		}
		c.token(token)
	}
	if c.depth != 0 || c.elements == 0 {
		return nil, errors.New("the chart script's answer is cut short")
	}
	return []byte(c.out.String()), nil
}

type cleaner struct {
	id, title, description string
	out                    strings.Builder
	depth, elements        int
	hidden                 int // depth of the style sheet that is left out, 0 for none
}

func (c *cleaner) token(token xml.Token) {
	switch t := token.(type) {
	case xml.StartElement:
		c.depth++
		c.start(t)
	case xml.EndElement:
		if c.hidden == 0 {
			c.out.WriteString("</" + t.Name.Local + ">")
		} else if c.hidden == c.depth {
			c.hidden = 0
		}
		c.depth--
	case xml.CharData:
		if c.hidden == 0 && strings.TrimSpace(string(t)) != "" {
			c.text(string(t))
		}
	}
}

func (c *cleaner) start(t xml.StartElement) {
	c.elements++
	if c.hidden != 0 {
		return
	}
	if t.Name.Local == "style" || t.Name.Local == "script" {
		c.hidden = c.depth
		return
	}
	c.out.WriteString("<" + t.Name.Local)
	if c.depth == 1 {
		c.root(t.Attr)
		return
	}
	for _, a := range t.Attr {
		c.attribute(name(a), a.Value)
	}
	c.out.WriteByte('>')
}

// root takes a picture's size into a viewBox and names it.
func (c *cleaner) root(attrs []xml.Attr) {
	size := map[string]string{}
	for _, a := range attrs {
		size[name(a)] = a.Value
	}
	c.write("xmlns", "http://www.w3.org/2000/svg")
	c.write("viewBox", "0 0 "+size["width"]+" "+size["height"])
	c.write("role", "img")
	c.write("aria-labelledby", c.id+"-title "+c.id+"-desc")
	c.out.WriteByte('>')
	for _, e := range [][2]string{{"title", c.title}, {"desc", c.description}} {
		c.out.WriteString("<" + e[0] + ` id="` + c.id + "-" + e[0] + `">`)
		c.text(e[1])
		c.out.WriteString("</" + e[0] + ">")
	}
}

func (c *cleaner) attribute(name, value string) {
	switch {
	case name == "style":
		for declaration := range strings.SplitSeq(value, ";") {
			property, v, _ := strings.Cut(declaration, ":")
			property, v = strings.TrimSpace(property), strings.TrimSpace(v)
			if property == "font" {
				c.font(v)
			} else if slices.Contains(presentation, property) {
				c.write(property, v)
			}
		}
	case name == "dominant-baseline" && value == "central":
		c.write("dy", "0.35em") // not every SVG library knows baselines
	case name == "class", name == "pointer-events", strings.HasPrefix(name, "ecmeta"), strings.HasPrefix(name, "on"):
	default:
		c.write(name, instance.ReplaceAllString(value, c.id+"-"))
	}
}

// shorthand is a font in one: "bold 16px Arial, Helvetica, sans-serif".
var shorthand = regexp.MustCompile(`^(.*?)([\d.]+px)\s+(.+)$`)

// font writes a font in one as the attributes it is made of.
func (c *cleaner) font(value string) {
	f := shorthand.FindStringSubmatch(value)
	if f == nil {
		return
	}
	if strings.Contains(f[1], "bold") {
		c.write("font-weight", "bold")
	}
	c.write("font-size", f[2])
	c.write("font-family", f[3])
}

func (c *cleaner) write(name, value string) {
	c.out.WriteString(" " + name + `="`)
	c.text(value)
	c.out.WriteByte('"')
}

func (c *cleaner) text(s string) { _ = xml.EscapeText(&c.out, []byte(s)) } // a Builder does not fail

func name(a xml.Attr) string {
	if a.Name.Space != "" {
		return a.Name.Space + ":" + a.Name.Local
	}
	return a.Name.Local
}

// safeID is s with what an id should not have replaced.
func safeID(s string) string {
	return strings.Map(func(r rune) rune {
		if r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9' || r == '-' || r == '_' {
			return r
		}
		return '-'
	}, s)
}
