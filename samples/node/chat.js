// A chat in the terminal: each line that you type is said, and Ctrl+D leaves. A connection that breaks is made again: what was not
// heard back is said again under its request_id, so it stands in the room once, and what others said meanwhile is heard.
import { randomUUID } from "node:crypto";
import { createInterface } from "node:readline";
import { setTimeout as pause } from "node:timers/promises";
import grpc from "@grpc/grpc-js";
import { connect, options, unary } from "./channel.js";
import { UserService } from "./contract.js";
import { describe } from "./failures.js";

const LONGEST_PAUSE = 10_000;
// What a later try can get over; anything else would only fail again.
const BREAKS = [grpc.status.UNAVAILABLE, grpc.status.RESOURCE_EXHAUSTED, grpc.status.UNKNOWN, grpc.status.INTERNAL];

const { as: user_id, room, ...where } = options();
const client = connect(UserService, where);
const names = new Map();
const unheard = new Map(); // By request_id, in the order in which the lines were typed.
let after; // The last sequence that was heard.
let isClosed = false;
let call;

function join() {
  call = client.ChatUsers();
  call.write({ user_id, room, ...(after === undefined ? {} : { after_sequence: `${after}` }) });
  for (const message of unheard.values()) call.write(message);
  if (isClosed) call.end();
  // Before any message: one that breaks here is resumed here, too.
  call.on("metadata", (metadata) => { after ??= BigInt(metadata.get("room-sequence")[0] ?? 0); });
  return call;
}

async function hear({ sequence, user_id: speaker, message, request_id }) {
  unheard.delete(request_id);
  // The receipt of a line that had been stored before the break comes out of its turn: it was, or will be, heard in it.
  if (BigInt(sequence) !== after + 1n) return;
  after++;
  console.log(`#${sequence} ${await nameOf(speaker)}: ${message}`);
}

async function nameOf(id) {
  if (!names.has(id)) {
    const name = await unary(client, "GetUser", { id }).then((user) => user.name, () => undefined);
    if (!name) return id; // Deleted meanwhile, or not to be asked now.
    names.set(id, name);
  }
  return names.get(id);
}

createInterface({ input: process.stdin })
  .on("line", (message) => {
    if (!message) return;
    const said = { message, request_id: randomUUID() };
    unheard.set(said.request_id, said);
    call?.write(said);
  })
  .on("close", () => {
    isClosed = true;
    call?.end();
  });

for (let attempt = 1; ; attempt++) {
  try {
    for await (const message of join()) {
      attempt = 0;
      await hear(message);
    }
    break;
  } catch (error) {
    call = undefined; // What is typed meanwhile waits for the next one.
    if (!BREAKS.includes(error.code)) {
      console.error(describe(error));
      process.exit(1);
    }
    console.error(`${describe(error)}: joining again`);
    // Never all at once: a server that comes back would be run over.
    await pause(Math.min(250 * 2 ** attempt, LONGEST_PAUSE) * (0.75 + Math.random() / 2));
  }
}
client.close();
