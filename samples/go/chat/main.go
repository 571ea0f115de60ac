// A chat in the terminal: each line that you type is said, and Ctrl+D leaves. A connection that breaks is made again: what was not
// heard back is said again under its request_id, so it stands in the room once, and what others said meanwhile is heard.
package main

import (
	"fmt"
	"log"
	"math/rand"
	"os"
	"time"

	"example.com/users/channel"
	"example.com/users/failures"
	"example.com/users/usersv1"
)

const longestPause = 10 * time.Second

func main() {
	log.SetFlags(0)
	options := channel.Parse()
	connection, err := channel.Open(options)
	if err != nil {
		log.Fatal(err)
	}
	defer connection.Close()

	chat := newChat(usersv1.NewUserServiceClient(connection), options)
	go chat.lines.read(os.Stdin)
	for attempt := 1; ; attempt++ {
		heard, err := chat.call()
		if err == nil {
			return
		}
		if !failures.IsBreak(err) {
			log.Fatal(failures.Describe(err))
		}
		if heard {
			attempt = 1
		}
		log.Println(failures.Describe(err) + ": joining again")
		time.Sleep(pause(attempt))
	}
}

// pause is longer each time and never that of all others, or a server that comes back would be run over.
func pause(attempt int) time.Duration {
	longest := longestPause
	if attempt < 6 {
		longest = 250 * time.Millisecond << uint(attempt)
	}
	return time.Duration(float64(longest) * (0.75 + rand.Float64()/2))
}

func show(message *usersv1.ChatMessage, name string) {
	fmt.Printf("#%d %s: %s\n", message.Sequence, name, message.Message)
}
