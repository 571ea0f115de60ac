package main

import (
	"bufio"
	"context"
	"io"
	"sync"

	"github.com/google/uuid"

	"example.com/users/usersv1"
)

type line struct {
	number  int
	message *usersv1.ChatMessage
}

// lines are what was typed and not heard back, in the order in which it was typed.
type lines struct {
	mutex    sync.Mutex
	unheard  []line
	count    int // Of all that were typed.
	isClosed bool
	changed  chan struct{} // Closed at each change, which wakes the one that waits.
}

func newLines() *lines {
	return &lines{changed: make(chan struct{})}
}

// read takes lines until their end.
func (l *lines) read(reader io.Reader) {
	scanner := bufio.NewScanner(reader)
	for scanner.Scan() {
		if text := scanner.Text(); text != "" {
			l.change(func() {
				l.count++
				l.unheard = append(l.unheard, line{l.count, &usersv1.ChatMessage{Message: text, RequestId: uuid.New().String()}})
			})
		}
	}
	l.change(func() { l.isClosed = true })
}

func (l *lines) change(how func()) {
	l.mutex.Lock()
	defer l.mutex.Unlock()
	how()
	close(l.changed)
	l.changed = make(chan struct{})
}

// heard takes off a line that came back: it is stored.
func (l *lines) heard(requestID string) {
	l.mutex.Lock()
	defer l.mutex.Unlock()
	for i, line := range l.unheard {
		if line.message.RequestId == requestID {
			l.unheard = append(l.unheard[:i:i], l.unheard[i+1:]...)
			return
		}
	}
}

// next waits for the line behind this number that was not heard. There is none when all are said or the call is over.
func (l *lines) next(ctx context.Context, number int) (line, bool) {
	for {
		l.mutex.Lock()
		changed, isClosed := l.changed, l.isClosed
		for _, line := range l.unheard {
			if line.number > number {
				l.mutex.Unlock()
				return line, true
			}
		}
		l.mutex.Unlock()
		if isClosed {
			return line{}, false
		}
		select {
		case <-changed:
		case <-ctx.Done():
			return line{}, false
		}
	}
}
