// Each of the four patterns in turn, a deadline that passes, and errors with their details.
package main

import (
	"context"
	"fmt"
	"io"
	"log"
	"sort"
	"strings"
	"time"

	"github.com/google/uuid"
	"google.golang.org/grpc/status"

	"example.com/users/channel"
	"example.com/users/failures"
	"example.com/users/usersv1"
)

const nobody = "00000000-0000-4000-8000-000000000000"

func main() {
	options := channel.Parse()
	connection, err := channel.Open(options)
	check(err)
	defer connection.Close()
	client := usersv1.NewUserServiceClient(connection)

	ada := unary(client)
	clientStreaming(client)
	others := serverStreaming(client, ada.Id)
	speaker := ada.Id
	if options.As != "" {
		speaker = options.As
	}
	bidirectionalStreaming(client, speaker)
	failing(client, usersv1.NewRoomServiceClient(connection))
	for _, user := range append(others, ada) {
		within(func(ctx context.Context) error {
			_, err := client.DeleteUser(ctx, &usersv1.DeleteUserRequest{Id: user.Id})
			return err
		})
	}
}

// person has a request_id, which makes the creation safe to repeat.
func person(name string) *usersv1.CreateUserRequest {
	return &usersv1.CreateUserRequest{Name: name, Email: uuid.New().String() + "@example.com", RequestId: uuid.New().String()}
}

func unary(client usersv1.UserServiceClient) (ada *usersv1.User) {
	within(func(ctx context.Context) (err error) {
		ada, err = client.CreateUser(ctx, person("Ada Lovelace"))
		return err
	})
	fmt.Println("CreateUser:", ada.Name)
	within(func(ctx context.Context) error {
		found, err := client.GetUser(ctx, &usersv1.GetUserRequest{Id: ada.Id})
		if err == nil {
			fmt.Println("GetUser:", found.Name)
		}
		return err
	})
	return ada
}

func clientStreaming(client usersv1.UserServiceClient) {
	within(func(ctx context.Context) error {
		call, err := client.CreateUsers(ctx)
		check(err)
		for _, name := range []string{"Radia Perlman", "", "Tim Berners-Lee"} {
			// io.EOF: the server has ended the call, and CloseAndRecv says why.
			if err := call.Send(person(name)); err == io.EOF {
				break
			} else if err != nil {
				return err
			}
		}
		created, err := call.CloseAndRecv()
		if err != nil {
			return err
		}
		var reasons []string
		for at, failure := range created.Failures {
			reasons = append(reasons, fmt.Sprintf("message %d: %s", at, failures.Reason(status.FromProto(failure))))
		}
		sort.Strings(reasons)
		fmt.Printf("CreateUsers: %d created, %d failed (%s)\n", created.UserCount, created.FailedCount, strings.Join(reasons, ", "))
		return nil
	})
}

func serverStreaming(client usersv1.UserServiceClient, afterID string) (listed []*usersv1.User) {
	within(func(ctx context.Context) error {
		call, err := client.ListUsers(ctx, &usersv1.ListUsersRequest{AfterId: afterID, PageSize: 2})
		check(err)
		for {
			user, err := call.Recv()
			if err == io.EOF {
				return nil
			} else if err != nil {
				return err
			}
			listed = append(listed, user)
		}
	})
	var names []string
	for _, user := range listed {
		names = append(names, user.Name)
	}
	fmt.Println("ListUsers:", strings.Join(names, ", "))
	return listed
}

func bidirectionalStreaming(client usersv1.UserServiceClient, speaker string) {
	within(func(ctx context.Context) error {
		call, err := client.ChatUsers(ctx)
		check(err)
		check(call.Send(&usersv1.ChatMessage{UserId: speaker, Room: uuid.New().String()}))
		var heard []string
		for _, text := range []string{"Hello", "Bye"} {
			// The answer to the one is read before the other is sent: both directions are open.
			check(call.Send(&usersv1.ChatMessage{Message: text}))
			answer, err := call.Recv()
			if err != nil {
				return err
			}
			heard = append(heard, fmt.Sprintf("#%d %s", answer.Sequence, answer.Message))
		}
		check(call.CloseSend())
		more := 0
		for {
			if _, err := call.Recv(); err == io.EOF {
				break
			} else if err != nil {
				return err
			}
			more++
		}
		fmt.Println("ChatUsers:", strings.Join(heard, ", "), "and", more, "more")
		return nil
	})
}

func failing(client usersv1.UserServiceClient, rooms usersv1.RoomServiceClient) {
	ctx, cancel := channel.Within(channel.Deadline)
	defer cancel()
	_, err := client.CreateUser(ctx, &usersv1.CreateUserRequest{Email: "ada"})
	fmt.Println("CreateUser without a name:", failures.Describe(err))
	_, err = client.GetUser(ctx, &usersv1.GetUserRequest{Id: nobody})
	fmt.Println("GetUser of nobody:", failures.Describe(err))

	// A room is watched for as long as its caller likes: here until the deadline.
	moment, end := channel.Within(200 * time.Millisecond)
	defer end()
	call, err := rooms.WatchRoom(moment, &usersv1.WatchRoomRequest{Room: uuid.New().String()})
	if err == nil {
		_, err = call.Recv()
	}
	fmt.Println("WatchRoom for a moment:", failures.Describe(err))
}

// within makes a call with a deadline, and ends the program where it fails.
func within(call func(context.Context) error) {
	ctx, cancel := channel.Within(channel.Deadline)
	defer cancel()
	check(call(ctx))
}

func check(err error) {
	if err != nil {
		log.Fatal(failures.Describe(err))
	}
}
