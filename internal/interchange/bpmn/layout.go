package bpmn

import "strconv"

// box is where a shape stands on the sheet, in pixels.
type box struct{ x, y, width, height int }

// Distances of the drawing: columns follow the shortest way from the start.
const (
	columnWidth, rowHeight = 200, 130
	margin                 = 80
)

func sizeOf(element string) (width, height int) {
	switch element {
	case "startEvent", "endEvent", "intermediateCatchEvent", "boundaryEvent":
		return 36, 36
	case "exclusiveGateway", "parallelGateway", "inclusiveGateway":
		return 50, 50
	}
	return 120, 80
}

// draw writes the diagram: shapes in columns by their distance from the start, flows as straight lines.
func (w *writer) draw(process string) {
	boxes, order := w.place()
	plane := w.fresh("plane")
	w.open("bpmndi:BPMNDiagram", "id", w.fresh("diagram"))
	w.open("bpmndi:BPMNPlane", "id", plane, "bpmnElement", process)
	for _, id := range order {
		b := boxes[id]
		w.open("bpmndi:BPMNShape", "id", w.fresh(id+"_di"), "bpmnElement", id)
		w.open("dc:Bounds", "x", strconv.Itoa(b.x), "y", strconv.Itoa(b.y), "width", strconv.Itoa(b.width), "height", strconv.Itoa(b.height))
		w.shut("dc:Bounds")
		w.shut("bpmndi:BPMNShape")
	}
	for _, f := range w.flows {
		w.open("bpmndi:BPMNEdge", "id", w.fresh(f.id+"_di"), "bpmnElement", f.id)
		for _, end := range []box{boxes[f.from], boxes[f.to]} {
			x := end.x + end.width // a flow leaves on the right and comes in on the left
			if end == boxes[f.to] && f.from != f.to {
				x = end.x
			}
			w.open("di:waypoint", "x", strconv.Itoa(x), "y", strconv.Itoa(end.y+end.height/2))
			w.shut("di:waypoint")
		}
		w.shut("bpmndi:BPMNEdge")
	}
	w.shut("bpmndi:BPMNPlane")
	w.shut("bpmndi:BPMNDiagram")
}

// place gives every element its box.
func (w *writer) place() (map[string]box, []string) {
	kinds, host := map[string]string{}, map[string]string{}
	order := append([]string{}, w.entries...)
	for _, id := range w.entries {
		kinds[id] = "startEvent"
	}
	for _, n := range w.nodes {
		id := w.elements[n.id]
		order = append(order, id)
		kinds[id] = n.element
		if n.timer != "" {
			host[n.timer] = id
		}
	}
	if w.dangling {
		order = append(order, w.elements[abnormal])
		kinds[w.elements[abnormal]] = "endEvent"
	}
	column := map[string]int{}
	queue := append([]string{}, w.entries...)
	for len(queue) > 0 {
		at := queue[0]
		queue = queue[1:]
		for _, f := range w.flows {
			from := f.from
			if host[from] != "" {
				from = host[from]
			}
			if _, seen := column[f.to]; from == at && !seen {
				column[f.to] = column[at] + 1
				queue = append(queue, f.to)
			}
		}
	}
	boxes, rows := map[string]box{}, map[int]int{}
	for _, id := range order {
		width, height := sizeOf(kinds[id])
		c := column[id]
		boxes[id] = box{margin + c*columnWidth + (120-width)/2, margin + rows[c]*rowHeight + (80-height)/2, width, height}
		rows[c]++
	}
	for _, n := range w.nodes {
		if n.timer != "" {
			under := boxes[w.elements[n.id]]
			boxes[n.timer] = box{under.x + under.width - 50, under.y + under.height - 18, 36, 36}
			order = append(order, n.timer)
		}
	}
	return boxes, order
}
