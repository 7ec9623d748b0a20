// Package form compiles a declared form (kind Form: a JSON Schema 2020-12 with
// sections and rules) and judges data against it: decoding without binary floats,
// defaults, schema validation, fields the schema does not know, dictionaries,
// cross-field rules, sections shown and hidden, canonical text and digest.
//
// A Form is compiled once per digest, is immutable and safe for concurrent use. The
// same case files under testdata/cases are run by the browser's validator, so that
// both accept and refuse the same data for the same codes.
package form
