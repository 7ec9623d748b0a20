package expr

func validUSCC(s string) bool   { return len(s) == 18 }
func validIDCard(s string) bool { return len(s) == 18 }
