// Package examples holds example flows, for the demo and the tests.
package examples

import _ "embed"

// EC2 maintenance in English and in Japanese: the same flow, see README.md.
var (
	//go:embed ec2-maintenance.en.json
	EC2MaintenanceEN []byte
	//go:embed ec2-maintenance.ja.json
	EC2MaintenanceJA []byte
)
