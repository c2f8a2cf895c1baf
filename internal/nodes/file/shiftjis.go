package file

import (
	"strings"
	"sync"

	"golang.org/x/text/encoding/japanese"
)

// shiftJIS is Shift_JIS as Windows and Node-RED write it. 374 characters (髙 and
// 﨑 among them) stand in the table twice; the library writes their place in
// NEC's rows (ED, EE), Windows that in IBM's (FA to FC).
type shiftJIS struct{ lenient }

// nearest has the characters whose places ASCII's took: fonts there show a yen
// sign for a backslash.
var nearest = strings.NewReplacer("¥", `\`, "‾", "~")

func (s shiftJIS) encode(text string) ([]byte, error) {
	out, err := s.lenient.encode(nearest.Replace(text))
	for i := 0; i < len(out); i++ {
		if !leads(out[i]) || i+1 == len(out) {
			continue
		}
		if ibm, ok := ibmRows()[[2]byte(out[i:i+2])]; ok {
			copy(out[i:], ibm[:])
		}
		i++
	}
	return out, err
}

// leads reports whether a byte begins a character of two.
func leads(b byte) bool { return b >= 0x81 && b <= 0x9F || b >= 0xE0 && b <= 0xFC }

// ibmRows gives for a place in NEC's rows that in IBM's.
var ibmRows = sync.OnceValue(func() map[[2]byte][2]byte {
	rows := map[[2]byte][2]byte{}
	for lead := byte(0xFA); lead <= 0xFC; lead++ {
		for trail := byte(0x40); trail <= 0xFC; trail++ {
			char, err := japanese.ShiftJIS.NewDecoder().Bytes([]byte{lead, trail})
			if err != nil {
				continue
			}
			nec, err := japanese.ShiftJIS.NewEncoder().Bytes(char)
			if err == nil && len(nec) == 2 && (nec[0] == 0xED || nec[0] == 0xEE) {
				rows[[2]byte(nec)] = [2]byte{lead, trail}
			}
		}
	}
	return rows
})

var _ codec = shiftJIS{}
