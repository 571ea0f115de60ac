// Each of the four patterns in turn, a deadline that passes, and errors with their details.
import { randomUUID } from "node:crypto";
import { connect, deadline, options, unary } from "./channel.js";
import { RoomService, UserService } from "./contract.js";
import { describe, reasonOf } from "./failures.js";

const NOBODY = "00000000-0000-4000-8000-000000000000";

// The request_id makes the creation safe to repeat.
const person = (name) => ({ name, email: `${randomUUID()}@example.com`, request_id: randomUUID() });

async function unaryCalls(client) {
  const ada = await unary(client, "CreateUser", person("Ada Lovelace"));
  console.log("CreateUser:", ada.name);
  console.log("GetUser:", (await unary(client, "GetUser", { id: ada.id })).name);
  return ada;
}

async function clientStreaming(client) {
  const created = await new Promise((resolve, reject) => {
    const call = client.CreateUsers(deadline(), (error, answer) => (error ? reject(error) : resolve(answer)));
    for (const name of ["Radia Perlman", "", "Tim Berners-Lee"]) call.write(person(name));
    call.end();
  });
  const failures = Object.entries(created.failures).map(([at, status]) => `message ${at}: ${reasonOf(status)}`).join(", ");
  console.log(`CreateUsers: ${created.user_count} created, ${created.failed_count} failed (${failures})`);
}

async function serverStreaming(client, after_id) {
  const listed = [];
  for await (const user of client.ListUsers({ after_id, page_size: 2 }, deadline())) listed.push(user);
  console.log("ListUsers:", listed.map((user) => user.name).join(", "));
  return listed;
}

async function bidirectionalStreaming(client, user_id) {
  const call = client.ChatUsers(deadline());
  const answers = call[Symbol.asyncIterator]();
  call.write({ user_id, room: randomUUID() });
  const heard = [];
  for (const message of ["Hello", "Bye"]) {
    // The answer to the one is read before the other is sent: both directions are open.
    call.write({ message });
    const { value } = await answers.next();
    heard.push(`#${value.sequence} ${value.message}`);
  }
  call.end();
  let more = 0;
  while (!(await answers.next()).done) more++;
  console.log("ChatUsers:", heard.join(", "), "and", more, "more");
}

async function failing(client, rooms) {
  const calls = {
    "CreateUser without a name": () => unary(client, "CreateUser", { email: "ada" }),
    "GetUser of nobody": () => unary(client, "GetUser", { id: NOBODY }),
    // A room is watched for as long as its caller likes: here until the deadline.
    "WatchRoom for a moment": async () => { for await (const _ of rooms.WatchRoom({ room: randomUUID() }, deadline(200))); },
  };
  for (const [name, call] of Object.entries(calls)) {
    await call().catch((error) => console.log(`${name}: ${describe(error)}`));
  }
}

const given = options();
const client = connect(UserService, given);
const rooms = connect(RoomService, given);
const ada = await unaryCalls(client);
await clientStreaming(client);
const others = await serverStreaming(client, ada.id);
await bidirectionalStreaming(client, given.as ?? ada.id);
await failing(client, rooms);
for (const { id } of [ada, ...others]) await unary(client, "DeleteUser", { id });
client.close();
rooms.close();
