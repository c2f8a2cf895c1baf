package auth

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"toban/internal/atomicfile"
	"toban/internal/failpoint"
	"toban/internal/locale"
)

// The files in the data folder.
const (
	// UsersFile has the users.
	UsersFile = "users.json"
	// SessionsFile has the sessions.
	SessionsFile = "sessions.json"
	// oldFile has the admin's hash in data folders of version 0.1.
	oldFile = "admin_password"
)

// maxFile bounds what is read of a file, in bytes. The fullest file of sessions has
// about 13 MB.
const maxFile = 16 << 20

// openUsers reads the users of a data folder, or takes over those of an older one.
func openUsers(dir string) (*users, error) {
	u := &users{file: filepath.Join(dir, UsersFile)}
	data, err := readBounded(u.file)
	if errors.Is(err, fs.ErrNotExist) {
		return u, u.takeOver(filepath.Join(dir, oldFile))
	}
	if err == nil {
		u.list, err = parseUsers(data)
	}
	if err != nil {
		return nil, locale.Errorf("auth.users_file", "file", u.file).Because(err)
	}
	return u, nil
}

// takeOver makes the admin of an older data folder, if it has one.
func (u *users) takeOver(file string) error {
	data, err := readBounded(file)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	var h hash
	if err == nil {
		err = h.UnmarshalText([]byte(strings.TrimSpace(string(data))))
	}
	if err == nil && h.isZero() {
		err = errHashFormat
	}
	if err != nil {
		return locale.Errorf("auth.old_file", "file", file).Because(err)
	}
	if err := u.put(AdminName, Admin, h); err != nil {
		return err
	}
	return atomicfile.Remove(file) // else it would come back for whoever deletes users.json to start anew
}

func readBounded(file string) ([]byte, error) {
	info, err := os.Stat(file)
	if err != nil {
		return nil, err
	}
	if info.Size() > maxFile {
		return nil, fmt.Errorf("larger than %d bytes", maxFile)
	}
	return os.ReadFile(file)
}

type usersContent struct {
	Users []user `json:"users"`
}

// parseUsers reads a users file and refuses what we would not have written.
func parseUsers(data []byte) ([]user, error) {
	var content usersContent
	if err := json.Unmarshal(data, &content); err != nil {
		return nil, err
	}
	list := content.Users
	slices.SortFunc(list, func(a, b user) int { return strings.Compare(a.Name, b.Name) })
	for i, u := range list {
		if err := errors.Join(checkName(u.Name), checkRole(u.Role)); err != nil {
			return nil, err
		}
		if i > 0 && list[i-1].Name == u.Name {
			return nil, fmt.Errorf("%q is there twice", u.Name)
		}
		if u.Stamp == "" {
			return nil, fmt.Errorf("%q has no stamp", u.Name)
		}
	}
	if len(list) > maxUsers {
		return nil, fmt.Errorf("%d users; %d are the most", len(list), maxUsers)
	}
	return list, nil
}

func writeUsers(file string, list []user) error {
	data, err := json.MarshalIndent(usersContent{list}, "", "  ")
	if err == nil {
		failpoint.Here(failpoint.UsersWriting)
		err = atomicfile.Write(file, append(data, '\n'), 0o600)
	}
	if err != nil {
		return locale.Errorf("auth.cannot_write", "file", file).Because(err)
	}
	failpoint.Here(failpoint.UsersWritten)
	return nil
}
