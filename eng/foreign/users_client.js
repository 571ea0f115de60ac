// Every pattern of users.v1.UserService from JavaScript. Prints what it saw, as JSON.
//
//     node users_client.js HOST:PORT FOLDER, or unix:FILE FOLDER, the folder that users.proto is in
"use strict";

const path = require("node:path");
const { promisify } = require("node:util");
const grpc = require("@grpc/grpc-js");
const loader = require("@grpc/proto-loader");
const protobuf = require("protobufjs");

const [address, protoFolder] = process.argv.slice(2);

const seed = number => `01900000-0000-7000-8000-${String(number).padStart(12, "0")}`;
const deadline = () => ({ deadline: Date.now() + 30_000 });

// The contract twice: for the calls, and for the error details, which no method of it names.
const definition = loader.loadSync("users.proto", { includeDirs: [protoFolder], keepCase: true, longs: Number, defaults: true });
const { UserService } = grpc.loadPackageDefinition(definition).users.v1;
const types = new protobuf.Root();
types.resolvePath = (_, file) => path.join(protoFolder, file);
types.loadSync(["google/rpc/status.proto", "google/rpc/error_details.proto"], { keepCase: true });

// The detail of this kind in a google.rpc.Status, empty when there is none.
function detail(status, kind) {
  const type = types.lookupType(`google.rpc.${kind}`);
  const packed = status.details.find(any => any.type_url.endsWith(`/google.rpc.${kind}`));
  return type.toObject(type.decode(packed?.value ?? new Uint8Array()), { defaults: true });
}

async function failure(call) {
  const error = await call.then(() => null, reason => reason);
  const [bytes] = error.metadata.get("grpc-status-details-bin");
  const status = types.lookupType("google.rpc.Status").decode(bytes);
  return {
    code: grpc.status[error.code],
    reason: detail(status, "ErrorInfo").reason,
    fields: detail(status, "BadRequest").field_violations.map(violation => violation.field),
    resource: detail(status, "ResourceInfo").resource_name,
  };
}

async function list(client) {
  const names = [];
  for await (const user of client.ListUsers({ after_id: seed(2), page_size: 3 }, deadline())) {
    names.push(user.name);
  }
  return names;
}

async function createUsers(client) {
  const answer = await new Promise((resolve, reject) => {
    const call = client.CreateUsers(deadline(), (error, response) => (error ? reject(error) : resolve(response)));
    call.write({ name: "Radia Perlman", email: "radia@example.com" });
    call.write({ name: "", email: "nobody@example.com" });
    call.write({ name: "Tim", email: "tim@example.com" });
    call.end();
  });
  const failures = Object.entries(answer.failures).map(([at, status]) => [at, detail(status, "ErrorInfo").reason]);
  return { created: answer.user_count, failed: answer.failed_count, failures: Object.fromEntries(failures) };
}

async function chat(client) {
  const call = client.ChatUsers(deadline());
  const answers = call[Symbol.asyncIterator]();
  call.write({ user_id: seed(1), room: "javascript" });
  const heard = [];
  for (const text of ["Hello", "Bye"]) {
    // The answer to the one is read before the other is sent: both directions are open.
    call.write({ message: text });
    const { value } = await answers.next();
    heard.push([value.message, value.sequence]);
  }
  call.end();
  for await (const rest of answers) {
    heard.push([rest.message, rest.sequence]);
  }
  return heard;
}

async function main() {
  const client = new UserService(address, grpc.credentials.createInsecure());
  const getUser = promisify(client.GetUser.bind(client));
  const createUser = promisify(client.CreateUser.bind(client));
  const ada = await getUser({ id: seed(1) }, deadline());
  const result = {
    "unary": [ada.name, ada.email],
    "server streaming": await list(client),
    "client streaming": await createUsers(client),
    "bidirectional streaming": await chat(client),
    "errors": [
      await failure(createUser({ email: "ada" }, deadline())),
      await failure(getUser({ id: seed(99) }, deadline())),
    ],
  };
  client.close();
  console.log(JSON.stringify(result));
}

main().catch(error => {
  console.error(error);
  process.exitCode = 1;
});
