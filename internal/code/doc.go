// Package code validates, splits and builds the codes of government services:
// unified social credit codes, citizen ids, administrative divisions, matter and
// implementation codes, licence identifiers, and the numbers that a NumberRule
// describes. Every check answers with an Error that names the character at fault.
//
// The package is pure. Validity in time (a division abolished, a body dissolved)
// is reference data and not its business.
package code
