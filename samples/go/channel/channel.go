// Package channel has the options that both programs share: where the server is, and how to trust it.
package channel

import (
	"context"
	"flag"
	"os"
	"time"

	"google.golang.org/grpc"
	"google.golang.org/grpc/credentials"
	"google.golang.org/grpc/keepalive"
)

// Deadline is that of a call that ends by itself: without one, a server that hangs hangs its callers.
const Deadline = 30 * time.Second

// Options are those of the command line.
type Options struct {
	Address, CA, As, Room string
}

// Parse reads the command line.
func Parse() Options {
	var options Options
	flag.StringVar(&options.Address, "address", "localhost:50051", "HOST:PORT, or unix:FILE")
	flag.StringVar(&options.CA, "ca", "", "the PEM file of the authority that certified the server; with it the channel is TLS")
	flag.StringVar(&options.As, "as", "", "the id of the user who speaks; with a token, its subject")
	flag.StringVar(&options.Room, "room", "lobby", "the room to chat in")
	flag.Parse()
	return options
}

// Open makes a channel for the whole program: it holds the connection, and connects again when that breaks.
func Open(options Options) (*grpc.ClientConn, error) {
	// A connection that was lost without a word is noticed after these.
	keepAlive := grpc.WithKeepaliveParams(keepalive.ClientParameters{Time: 30 * time.Second, Timeout: 10 * time.Second})
	if options.CA == "" {
		return grpc.Dial(options.Address, grpc.WithInsecure(), keepAlive)
	}
	tls, err := credentials.NewClientTLSFromFile(options.CA, "")
	if err != nil {
		return nil, err
	}
	secure := []grpc.DialOption{grpc.WithTransportCredentials(tls), keepAlive}
	if token := os.Getenv("USERS_TOKEN"); token != "" {
		secure = append(secure, grpc.WithPerRPCCredentials(bearer(token)))
	}
	return grpc.Dial(options.Address, secure...)
}

// Within gives a call its deadline. Call the returned function when the call is over.
func Within(d time.Duration) (context.Context, context.CancelFunc) {
	return context.WithTimeout(context.Background(), d)
}

// bearer is a token that goes with each call.
type bearer string

func (token bearer) GetRequestMetadata(context.Context, ...string) (map[string]string, error) {
	return map[string]string{"authorization": "Bearer " + string(token)}, nil
}

func (bearer) RequireTransportSecurity() bool { return true }
