// Where the server is, and how to trust it: the options that both programs have.
import { readFileSync } from "node:fs";
import { parseArgs, promisify } from "node:util";
import grpc from "@grpc/grpc-js";

const HELP = `  --address HOST:PORT, or unix:FILE
  --ca FILE   the PEM file of the authority that certified the server; with it the channel is TLS
  --as ID     the user who speaks; with a token, its subject
  --room ROOM where`;

// A connection that was lost without a word is noticed after these: half a minute without a byte, and ten seconds without an answer.
const KEEP_ALIVE = { "grpc.keepalive_time_ms": 30_000, "grpc.keepalive_timeout_ms": 10_000 };

export function options() {
  const string = (value) => ({ type: "string", default: value });
  try {
    const { values } = parseArgs({ options: { address: string("localhost:50051"), ca: string(), as: string(), room: string("lobby") } });
    return values;
  } catch (error) {
    console.error(`${error.message}\n${HELP}`);
    process.exit(2);
  }
}

/** A client is for the whole program: it holds the connection, and connects again when that breaks. */
export function connect(Service, { address, ca }) {
  if (!ca) return new Service(address, grpc.credentials.createInsecure(), KEEP_ALIVE);
  let credentials = grpc.credentials.createSsl(readFileSync(ca));
  const token = process.env.USERS_TOKEN;
  if (token) {
    // gRPC sends a token over TLS alone.
    credentials = grpc.credentials.combineChannelCredentials(credentials, grpc.credentials.createFromMetadataGenerator((_, done) => {
      const metadata = new grpc.Metadata();
      metadata.set("authorization", `Bearer ${token}`);
      done(null, metadata);
    }));
  }
  return new Service(address, credentials, KEEP_ALIVE);
}

/** The deadline of a call that ends by itself: without one, a server that hangs hangs its callers. */
export const deadline = (milliseconds = 30_000) => ({ deadline: Date.now() + milliseconds });

/** A unary call as a promise. */
export const unary = (client, method, request) => promisify(client[method].bind(client))(request, deadline());
