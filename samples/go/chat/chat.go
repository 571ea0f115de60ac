package main

import (
	"context"
	"io"
	"strconv"

	"example.com/users/channel"
	"example.com/users/usersv1"
)

type chat struct {
	client  usersv1.UserServiceClient
	options channel.Options
	lines   *lines
	names   map[string]string
	// The last sequence that was heard; nil before the first call.
	after *int64
}

func newChat(client usersv1.UserServiceClient, options channel.Options) *chat {
	return &chat{client: client, options: options, lines: newLines(), names: map[string]string{}}
}

// call joins the room, and hears it until the call ends. It answers whether a message came.
func (c *chat) call() (heard bool, err error) {
	// Ends the sender, too, when the call is over.
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	call, err := c.client.ChatUsers(ctx)
	if err != nil {
		return false, err
	}
	join := &usersv1.ChatMessage{UserId: c.options.As, Room: c.options.Room}
	if c.after != nil {
		after := *c.after
		join.AfterSequence = &after
	}
	go c.send(ctx, call, join)
	if err := c.begin(call); err != nil {
		return false, err
	}
	for {
		message, err := call.Recv()
		if err == io.EOF {
			return heard, nil
		} else if err != nil {
			return heard, err
		}
		heard = true
		c.hear(message)
	}
}

// begin reads where the room begins for this call, before any message: one that breaks here is resumed here, too.
func (c *chat) begin(stream usersv1.UserService_ChatUsersClient) error {
	header, err := stream.Header()
	if err != nil || c.after != nil {
		return err
	}
	after := int64(0)
	if values := header.Get("room-sequence"); len(values) > 0 {
		after, err = strconv.ParseInt(values[0], 10, 64)
	} else {
		// A call that failed at once has no headers: its status says why.
		_, err = stream.Recv()
	}
	c.after = &after
	return err
}

// send joins, says again what was not heard back, and then each new line. Why a call does not take a message, its Recv says.
func (c *chat) send(ctx context.Context, stream usersv1.UserService_ChatUsersClient, join *usersv1.ChatMessage) {
	if stream.Send(join) != nil {
		return
	}
	for number := 0; ; {
		line, isThere := c.lines.next(ctx, number)
		if !isThere {
			break
		}
		if stream.Send(line.message) != nil {
			return
		}
		number = line.number
	}
	if ctx.Err() == nil {
		_ = stream.CloseSend()
	}
}

func (c *chat) hear(message *usersv1.ChatMessage) {
	c.lines.heard(message.RequestId)
	// The receipt of a line that had been stored before the break comes out of its turn: it was, or will be, heard in it.
	if message.Sequence == *c.after+1 {
		*c.after++
		show(message, c.nameOf(message.UserId))
	}
}

func (c *chat) nameOf(id string) string {
	if name, ok := c.names[id]; ok {
		return name
	}
	ctx, cancel := channel.Within(channel.Deadline)
	defer cancel()
	user, err := c.client.GetUser(ctx, &usersv1.GetUserRequest{Id: id})
	if err != nil {
		return id // Deleted meanwhile, or not to be asked now.
	}
	c.names[id] = user.Name
	return user.Name
}
