package console

import "strconv"

// pageLink leads to a part of a long list.
type pageLink struct {
	Label, To string
	Current   bool
}

// partFrom is where the part begins that is asked for; of a list that has become
// shorter, the last one.
func partFrom(asked string, count, size int) int {
	from, err := strconv.Atoi(asked)
	if err != nil || from < 0 {
		return 0
	}
	from = min(from, max(count-1, 0))
	return from - from%size
}

// parts are links to the first part, the last, and those around the current one,
// which begins at from; none where there is one part only.
func parts(count, from, size int, at func(place int) string) (list []pageLink) {
	if count <= size {
		return nil
	}
	last := (count - 1) / size
	current := from / size
	for p := range last + 1 {
		if p == 0 || p == last || p >= current-1 && p <= current+1 {
			first := p * size
			list = append(list, pageLink{strconv.Itoa(first+1) + "–" + strconv.Itoa(min(first+size, count)), at(first), p == current})
		}
	}
	return list
}
