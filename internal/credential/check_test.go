package credential_test

import (
	"errors"
	"os"
	"strings"
	"testing"
	"time"

	"bellwether/internal/credential"
)

func TestCheckTakes(t *testing.T) {
	for _, password := range []string{
		password,
		"correct zebra battery staple",
		"coffeetrainfish", // NCSC's example of three words
		"horse and the river",
		"xkqvjzwpmnbt",
		"739104628815",
		"aaaaaa kv7 mzp",
		"Manchester tastes of marzipan",
		"the yorkshire ducks are late",
		"Ünïcödé schläft nicht",
		"пароль не для всех",
		"春眠不覚暁処処聞啼鳥夜来風雨声",
		"no digits no capitals no signs",
		strings.Repeat("larch kettle orbit ", 50),
	} {
		if err := credential.Check(password, "jo", "Jo Smith", "Middlesbrough Council"); err != nil {
			t.Errorf("%q: %v", password, err)
		}
	}
}

func TestCheckRefuses(t *testing.T) {
	tests := []struct {
		password string
		want     error
		says     string
	}{
		{"", credential.ErrTooShort, "this has 0"},
		{"larch-kettl", credential.ErrTooShort, "this has 11"},
		{"brûléebrûlé", credential.ErrTooShort, "this has 11"},
		{"bru\u0302le\u0301e kett", credential.ErrTooShort, "this has 11"},
		{strings.Repeat("larch kettle orbit ", 53), credential.ErrTooLong, "1,000"},
		{"aaaaaaaaaaaa", credential.ErrGuessed, "a run"},
		{"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaab", credential.ErrGuessed, "a run"},
		{"abababababab", credential.ErrGuessed, "said twice"},
		{"123456789012", credential.ErrGuessed, "a run"},
		{"9876543210987", credential.ErrGuessed, "a run"},
		{"abcdefghijkl", credential.ErrGuessed, "a run"},
		{"qwertyuiop12", credential.ErrGuessed, "a run"},
		{"poiuytrewq1!", credential.ErrGuessed, "a run"},
		{"1qaz2wsx3edc", credential.ErrGuessed, "a run"},
		{"!QAZ2wsx#EDC", credential.ErrGuessed, ""},
		{"abc123abc123", credential.ErrGuessed, "said twice"},
		{"password1234", credential.ErrGuessed, "words that many choose"},
		{"P4$$w0rd2024!", credential.ErrGuessed, "a year"},
		{"PasswordPassword", credential.ErrGuessed, "said twice"},
		{"pass word pass word", credential.ErrGuessed, "words that many choose"},
		{"Manchester2026!", credential.ErrGuessed, "a year"},
		{"L1verp00lFC123", credential.ErrGuessed, "words that many choose"},
		{"Summer-Holiday-2025", credential.ErrGuessed, "words that many choose"},
		{"letmeinplease", credential.ErrGuessed, "words that many choose"},
		{"CorrectHorseBatteryStaple", credential.ErrGuessed, "words that many choose"},
		{"Bellwether123", credential.ErrGuessed, "names that are known here"},
		{"BellwetherAdmin2026!", credential.ErrGuessed, "names that are known here"},
		{"Children's Services 1", credential.ErrGuessed, "names that are known here"},
		{"Ambridgeshire1!", credential.ErrGuessed, "names that are known here"},
		{"ambridgeshire.council", credential.ErrGuessed, "names that are known here"},
		{"ottoline.fitzgibbon", credential.ErrGuessed, "names that are known here"},
		{"0ttoline2026!", credential.ErrGuessed, "names that are known here"},
		{"of1tzgibbon77", credential.ErrGuessed, "names that are known here"},
		{"............", credential.ErrGuessed, "signs between words"},
		{"            ", credential.ErrGuessed, "signs between words"},
	}
	for _, test := range tests {
		err := credential.Check(test.password, "ofitzgibbon", "Ottoline Fitzgibbon", "Ambridgeshire County Council")
		if !errors.Is(err, test.want) {
			t.Errorf("%q: got %v, want %v", test.password, err, test.want)
			continue
		}
		if !strings.Contains(err.Error(), test.says) {
			t.Errorf("%q: %q does not say %q", test.password, err, test.says)
		}
		if len(test.password) > 4 && strings.Contains(err.Error(), test.password) {
			t.Errorf("%q: the error repeats the password", test.password)
		}
	}
}

// Every entry of the list is refused on its own and with what is put behind
// it most often, once it is long enough.
func TestCheckRefusesTheList(t *testing.T) {
	text, err := os.ReadFile("common.txt")
	if err != nil {
		t.Fatal(err)
	}
	checked := 0
	for line := range strings.Lines(string(text)) {
		if strings.HasPrefix(line, "#") {
			continue
		}
		for _, word := range strings.Fields(line) {
			for _, end := range []string{"", "1", "!", "12", "123", "1234", "12345", "123456", "123456789", "2025", "2026!", "!!!!!!!!!", word} {
				p := strings.ToUpper(word[:1]) + word[1:] + end
				if len([]rune(p)) < credential.Shortest {
					continue
				}
				checked++
				if err := credential.Check(p, "jo"); !errors.Is(err, credential.ErrGuessed) {
					t.Errorf("%q: %v", p, err)
				}
			}
		}
	}
	if checked < 3000 {
		t.Errorf("only %d passwords follow from the list", checked)
	}
}

// The longest there is must not keep a processor busy.
func TestCheckEndsSoon(t *testing.T) {
	for _, p := range []string{strings.Repeat("a", 1000), strings.Repeat("ab", 500), strings.Repeat("password", 125)} {
		began := time.Now()
		if err := credential.Check(p, "jo"); !errors.Is(err, credential.ErrGuessed) {
			t.Errorf("%s…: %v", p[:10], err)
		}
		if took := time.Since(began); took > 2*time.Second {
			t.Errorf("%s…: took %v", p[:10], took)
		}
	}
}
