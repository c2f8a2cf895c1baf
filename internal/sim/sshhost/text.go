package sshhost

import (
	"fmt"
	"maps"
	"slices"
	"strings"
)

// text prints an answer as the CLI does with --output text: scalars of a list
// or an object on one line, parted by tabs, deeper things on lines of their
// own; lines of an object's parts begin with the part's name in capitals.
func text(answer any) string {
	var b strings.Builder
	writeText(&b, plain(answer), "", nil)
	return b.String()
}

func writeText(b *strings.Builder, v any, name string, columns []string) {
	switch v := v.(type) {
	case map[string]any:
		writeObject(b, v, name, columns)
	case []any:
		writeList(b, v, name)
	default:
		b.WriteString(scalar(v) + "\n")
	}
}

func writeObject(b *strings.Builder, object map[string]any, name string, columns []string) {
	var line []string
	for _, key := range columns { // elements of one list share their columns
		line = append(line, "")
		if v, there := object[key]; there {
			line[len(line)-1] = scalar(v)
		}
	}
	var deeper []string
	for _, key := range slices.Sorted(maps.Keys(object)) {
		switch {
		case isDeep(object[key]):
			deeper = append(deeper, key)
		case columns == nil:
			line = append(line, scalar(object[key]))
		}
	}
	if len(line) > 0 && name != "" {
		line = slices.Insert(line, 0, strings.ToUpper(name))
	}
	writeLine(b, line)
	for _, key := range deeper {
		writeText(b, object[key], key, nil)
	}
}

func writeList(b *strings.Builder, list []any, name string) {
	if slices.ContainsFunc(list, isObject) {
		columns := columnsOf(list)
		for _, v := range list {
			writeText(b, v, name, columns)
		}
		return
	}
	var line []string
	for _, v := range list {
		if !isDeep(v) {
			line = append(line, scalar(v))
		}
	}
	writeLine(b, line)
	for _, v := range list {
		if isDeep(v) {
			writeText(b, v, name, nil)
		}
	}
}

func columnsOf(list []any) []string {
	columns := map[string]bool{}
	for _, v := range list {
		object, _ := v.(map[string]any)
		for key, value := range object {
			if !isDeep(value) {
				columns[key] = true
			}
		}
	}
	return slices.Sorted(maps.Keys(columns))
}

func writeLine(b *strings.Builder, line []string) {
	if len(line) > 0 {
		b.WriteString(strings.Join(line, "\t") + "\n")
	}
}

func isObject(v any) bool {
	_, ok := v.(map[string]any)
	return ok
}

func isDeep(v any) bool {
	_, list := v.([]any)
	return list || isObject(v)
}

func scalar(v any) string {
	switch v := v.(type) {
	case nil:
		return "None"
	case bool:
		return map[bool]string{true: "True", false: "False"}[v]
	}
	return fmt.Sprint(v)
}
