"""Where the server is, and how to trust it: the options that both programs have."""

import argparse
import os

import grpc

# The deadline of a call that ends by itself: without one, a server that hangs hangs its callers.
SECONDS = 30

# A connection that was lost without a word is noticed after these: half a minute without a byte, and ten seconds without an answer.
KEEP_ALIVE = [("grpc.keepalive_time_ms", 30_000), ("grpc.keepalive_timeout_ms", 10_000)]


def options(description):
    parser = argparse.ArgumentParser(description=description)
    parser.add_argument("--address", default="localhost:50051", help="HOST:PORT, or unix:FILE")
    parser.add_argument("--ca", help="the PEM file of the authority that certified the server; with it the channel is TLS")
    parser.add_argument("--as", dest="user_id", help="the id of the user who speaks; with a token, its subject")
    return parser


def open_channel(address, ca=None):
    """A channel is for the whole program: it holds the connection, and connects again when that breaks."""
    if ca is None:
        return grpc.insecure_channel(address, KEEP_ALIVE)
    with open(ca, "rb") as file:
        credentials = grpc.ssl_channel_credentials(file.read())
    if token := os.environ.get("USERS_TOKEN"):
        # gRPC sends a token over TLS alone.
        credentials = grpc.composite_channel_credentials(credentials, grpc.access_token_call_credentials(token))
    return grpc.secure_channel(address, credentials, KEEP_ALIVE)
