package benchmark

import (
	"fmt"
	"slices"
	"strings"
)

// Of names those that the mean is of, in a sentence: "its ten statistical
// neighbours", "nine of its ten statistical neighbours", "the other eleven
// North East authorities", and one alone by its name.
func (n Neighbours) Of() string {
	all := len(n.Members)
	switch {
	case all == 1:
		return PlaceName(n.Members[0].Name)
	case n.N == all:
		return n.whole(all)
	}
	return numeral(n.N) + " of " + n.whole(all)
}

func (n Neighbours) whole(all int) string {
	if n.Group == "" {
		return "its " + numeral(all) + " statistical neighbours"
	}
	the := "the "
	if n.Others {
		the = "the other "
	}
	return the + numeral(all) + " " + n.kind()
}

// kinds are the words on which a group's title can end so that a number goes
// before it.
var kinds = []string{"areas", "authorities", "boroughs", "cities", "councils", "counties", "districts", "neighbours", "unitaries"}

// owners are the words on which such a title cannot begin.
var owners = []string{"a", "all", "an", "my", "other", "our", "the", "their"}

// kind is the group after a number: "North East authorities", or `in "Our
// family"` where the title is no such noun.
func (n Neighbours) kind() string {
	words := strings.Fields(strings.ToLower(n.Group))
	if len(words) > 0 && slices.Contains(kinds, words[len(words)-1]) && !slices.Contains(owners, words[0]) {
		return n.Group
	}
	return fmt.Sprintf("in “%s”", n.Group)
}

// Title is what the whole is called, without a number: "statistical
// neighbours", "other North East authorities".
func (n Neighbours) Title() string {
	switch {
	case n.Group == "":
		return "statistical neighbours"
	case n.Others && n.kind() == n.Group:
		return "other " + n.Group
	case n.Others:
		return "others " + n.kind()
	}
	return n.Group
}

// MeanName is what their mean is called where they have been named already:
// "the neighbours' mean", "the group's mean", and of one alone its name.
func (n Neighbours) MeanName() string {
	if one := n.alone(); one != nil {
		return PlaceName(one.Name)
	}
	if n.Group == "" {
		return "the neighbours' mean"
	}
	return "the group's mean"
}

// alone is the only one with a value, which is no mean; nil where there are
// none or more.
func (n Neighbours) alone() *Place {
	if n.N != 1 {
		return nil
	}
	for i := range n.Members {
		if n.Members[i].Value != nil {
			return &n.Members[i]
		}
	}
	return nil
}

// onlyOne says that the one named stands for more.
func (n Neighbours) onlyOne() string {
	if len(n.Members) == 1 {
		return ""
	}
	return ", the only one of " + n.whole(len(n.Members)) + " with a figure"
}
