package file

import (
	"strings"

	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/htmlindex"
	"golang.org/x/text/encoding/japanese"
	"golang.org/x/text/encoding/korean"
	"golang.org/x/text/encoding/simplifiedchinese"
	"golang.org/x/text/encoding/traditionalchinese"
	"golang.org/x/text/encoding/unicode"
	"golang.org/x/text/encoding/unicode/utf32"

	"toban/internal/locale"
)

// library are the encodings of golang.org/x/text under the names that
// Node-RED's form offers, without case, blanks and punctuation.
var library = map[string]encoding.Encoding{
	"utf16": unicode.UTF16(unicode.LittleEndian, unicode.UseBOM), "utf16le": unicode.UTF16(unicode.LittleEndian, unicode.IgnoreBOM),
	"ucs2": unicode.UTF16(unicode.LittleEndian, unicode.IgnoreBOM), "utf16be": unicode.UTF16(unicode.BigEndian, unicode.IgnoreBOM),
	"utf32": utf32.UTF32(utf32.LittleEndian, utf32.UseBOM), "utf32le": utf32.UTF32(utf32.LittleEndian, utf32.IgnoreBOM),
	"utf32be": utf32.UTF32(utf32.BigEndian, utf32.IgnoreBOM),

	"shiftjis": japanese.ShiftJIS, "sjis": japanese.ShiftJIS, "windows31j": japanese.ShiftJIS,
	"windows932": japanese.ShiftJIS, "cp932": japanese.ShiftJIS, "ms932": japanese.ShiftJIS,
	"eucjp": japanese.EUCJP, "iso2022jp": japanese.ISO2022JP,
	"gb2312": simplifiedchinese.GBK, "gbk": simplifiedchinese.GBK, "gb18030": simplifiedchinese.GB18030,
	"windows936": simplifiedchinese.GBK, "cp936": simplifiedchinese.GBK, "euccn": simplifiedchinese.GBK,
	"ksc5601": korean.EUCKR, "windows949": korean.EUCKR, "cp949": korean.EUCKR, "euckr": korean.EUCKR,
	"big5": traditionalchinese.Big5, "big5hkscs": traditionalchinese.Big5, "windows950": traditionalchinese.Big5,
	"cp950": traditionalchinese.Big5,

	"cp874": charmap.Windows874, "cp1250": charmap.Windows1250, "cp1251": charmap.Windows1251, "cp1252": charmap.Windows1252,
	"cp1253": charmap.Windows1253, "cp1254": charmap.Windows1254, "cp1255": charmap.Windows1255, "cp1256": charmap.Windows1256,
	"cp1257": charmap.Windows1257, "cp1258": charmap.Windows1258,
	"cp437": charmap.CodePage437, "cp850": charmap.CodePage850, "cp852": charmap.CodePage852, "cp855": charmap.CodePage855,
	"cp858": charmap.CodePage858, "cp860": charmap.CodePage860, "cp862": charmap.CodePage862, "cp863": charmap.CodePage863,
	"cp865": charmap.CodePage865, "cp866": charmap.CodePage866,
	"macroman": charmap.Macintosh, "macintosh": charmap.Macintosh,
	"maccyrillic": charmap.MacintoshCyrillic, "macukraine": charmap.MacintoshCyrillic,
	"koi8r": charmap.KOI8R, "koi8u": charmap.KOI8U,
	"iso88591": charmap.ISO8859_1, "iso88592": charmap.ISO8859_2, "iso88593": charmap.ISO8859_3, "iso88594": charmap.ISO8859_4,
	"iso88595": charmap.ISO8859_5, "iso88596": charmap.ISO8859_6, "iso88597": charmap.ISO8859_7, "iso88598": charmap.ISO8859_8,
	"iso88599": charmap.ISO8859_9, "iso885910": charmap.ISO8859_10, "iso885913": charmap.ISO8859_13,
	"iso885914": charmap.ISO8859_14, "iso885915": charmap.ISO8859_15, "iso885916": charmap.ISO8859_16,
}

var punctuation = strings.NewReplacer("-", "", "_", "", " ", "", ":", "")

// charset finds an encoding by its name: one of Node-RED's form, or any that
// web pages use (msg.encoding may say anything).
func charset(name string) (codec, error) {
	plainName := punctuation.Replace(strings.ToLower(name))
	switch plainName {
	case "none", "":
		return plain{}, nil
	case "utf8":
		return marked{plain{}}, nil
	case "binary", "latin1":
		return latin1{}, nil
	case "base64":
		return base64Text{}, nil
	case "hex":
		return hexText{}, nil
	}
	if e := library[plainName]; e != nil {
		return ofLibrary(e), nil
	}
	if t := singleByte(plainName); t != nil {
		return t, nil
	}
	if e, err := htmlindex.Get(name); err == nil && e != encoding.Replacement {
		return ofLibrary(e), nil
	}
	return nil, locale.Errorf("file.errors.encoding", "encoding", name)
}

func ofLibrary(e encoding.Encoding) codec {
	if e == japanese.ShiftJIS {
		return marked{shiftJIS{lenient{e}}}
	}
	return marked{lenient{e}}
}

// lenient is an encoding of the library that writes a question mark for what it lacks.
type lenient struct{ encoding.Encoding }

func (l lenient) encode(text string) ([]byte, error) {
	if out, err := l.NewEncoder().Bytes([]byte(text)); err == nil {
		return out, nil
	}
	one := l.NewEncoder()
	known := strings.Map(func(r rune) rune {
		if one.Reset(); r >= 0x80 {
			if _, err := one.String(string(r)); err != nil {
				return '?'
			}
		}
		return r
	}, text)
	return l.NewEncoder().Bytes([]byte(known))
}

func (l lenient) decode(data []byte) (string, error) {
	out, err := l.NewDecoder().Bytes(data)
	return string(out), err
}

var _ codec = lenient{}
