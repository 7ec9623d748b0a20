package kind

import "strings"

// defaults fills what depends on the item type: an administrative licence is
// deemed accepted when the window passes (行政许可法 art. 32), others only if declared.
func (*Matter) defaults(doc map[string]any) {
	if window, ok := doc["acceptance_window"].(map[string]any); ok && window["on_expiry"] == nil {
		window["on_expiry"] = "supervise"
		if doc["item_type"] == "administrative_licence" {
			window["on_expiry"] = "deemed_accepted"
		}
	}
}

// IsInternal reports an office matter (internal_*), which has no codes, guide or catalogue item.
func (m *Matter) IsInternal() bool { return strings.HasPrefix(m.ItemType, "internal_") }
