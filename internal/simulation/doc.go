// Package simulation asks what if: it carries an application through a draft of a
// matter on a virtual clock (R-CFG-07), and recomputes past cases under a draft of
// limits, fees or supervision rules. Neither writes anything.
//
// A simulated case is moved by the verbs of casework themselves over a memory in place
// of the database (casework.Sandbox), under the roles of the draft and through the same
// door, so that it cannot go another way than a real one. A Script says who does what
// when; left alone, the simulation takes the first action that each node offers, or
// every choice once.
package simulation
