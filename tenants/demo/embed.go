// Package demo holds the accounts of the demonstration tenants.
package demo

import _ "embed"

// Accounts is accounts.yaml: staff of every role, two firms, two citizens.
//
//go:embed accounts.yaml
var Accounts []byte
