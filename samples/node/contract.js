// The contract, read from proto/ when the program starts: for the calls, and for the details of errors, which no method names.
import path from "node:path";
import { fileURLToPath } from "node:url";
import grpc from "@grpc/grpc-js";
import loader from "@grpc/proto-loader";
import protobuf from "protobufjs";

const proto = fileURLToPath(new URL("../../proto", import.meta.url));

// A sequence is an int64, which a number of JavaScript does not hold: here it is a string.
const options = { includeDirs: [proto], keepCase: true, longs: String, defaults: true };
export const { UserService, RoomService } = grpc.loadPackageDefinition(loader.loadSync(["users.proto", "rooms.proto"], options)).users.v1;

const details = new protobuf.Root();
details.resolvePath = (_, file) => path.join(proto, file);
details.loadSync(["google/rpc/status.proto", "google/rpc/error_details.proto"], { keepCase: true });
export const detail = (name) => details.lookupType(`google.rpc.${name}`);
