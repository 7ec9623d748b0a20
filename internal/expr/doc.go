// Package expr is the expression language of the configuration contract (domain
// part 3, §3.1): CEL, type-checked against a form's schema and the variables of
// the place an expression stands in, with exact decimals, civil dates and working
// days, bounded in cost, without I/O.
//
// An Env is built once per (context, form, tables, …) and compiles expressions to
// Programs; a Program is immutable, safe for concurrent use and evaluates in about
// a microsecond. Compilation collects positioned problems (V-16 names and optional
// fields, V-17 types and cost, V-18 regular expressions) so that an expression
// that was published cannot fail for a reason that could have been seen before.
package expr
