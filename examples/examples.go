// Package examples holds example flows, for the editor's library, the demo and
// the tests.
package examples

import "embed"

// Files are the flow files of this folder.
//
//go:embed *.json
var Files embed.FS

// EC2 maintenance in English and in Japanese: the same flow, see README.md.
var (
	EC2MaintenanceEN = read("ec2-maintenance.en.json")
	EC2MaintenanceJA = read("ec2-maintenance.ja.json")
)

func read(name string) []byte {
	data, err := Files.ReadFile(name)
	if err != nil {
		panic(err) // it is embedded
	}
	return data
}
