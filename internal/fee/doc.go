// Package fee computes what a fee schedule (kind FeeSchedule) charges and refunds.
// Amounts are exact decimals in fen until they are rounded once, at the end; every
// bill carries its computation line by line (R-PAY-03: nobody types an amount).
//
// A Schedule is compiled once per (schedule, form) and runs its own tests at publish
// (V-33, V-34). It is immutable and safe for concurrent use.
package fee
