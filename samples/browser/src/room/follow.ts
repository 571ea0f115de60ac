import { roomService } from "../calls";
import { pause } from "../dom";
import { Failure } from "../failures";
import type { ChatMessage } from "../gen/users_pb";
import * as token from "../token";

const HISTORY = 100n;
const SEQUENCE = "room-sequence";
const RESTART_MS = 1_000;

/** What is heard of a room. */
export interface Ear {
  /** A message, each once and in the room's order. */
  hear(message: ChatMessage): void;

  /** The room is another one than it was, as after a restore: forget what was heard. */
  forget(): void;

  /** In words, for those who look. */
  tell(state: string, lost: boolean): void;
}

/** Follows a room until the signal: the last of its history, then live, and after each break on from the last message. */
export async function follow(room: string, ear: Ear, signal: AbortSignal): Promise<void> {
  let after: bigint | undefined;
  for (let attempt = 1; !signal.aborted; attempt++) {
    try {
      ear.tell("Connecting ...", false);
      after ??= await beginning(room, signal);
      const connected = () => { attempt = 0; ear.tell("Connected", false); };
      for await (const message of roomService.watchRoom({ room, afterSequence: after }, { signal, onHeader: connected })) {
        after = message.sequence;
        ear.hear(message);
      }
      // The server ends no watch by itself; something on the way may.
      await pause(RESTART_MS, signal);
    } catch (error) {
      if (signal.aborted) return;
      const failure = new Failure(error);
      if (failure.reason === "SEQUENCE_AHEAD") {
        after = undefined;
        ear.forget();
      } else if (failure.wantsToken) {
        ear.tell(failure.sentence, true);
        await token.ask(failure.sentence);
      } else if (failure.isBreak) {
        ear.tell(`Connection lost. ${failure.sentence} Trying again ...`, true);
        await pause(failure.delay(attempt), signal);
      } else {
        return ear.tell(failure.sentence, true);
      }
    }
  }
}

/** What was said before a sequence, some of it. */
export async function earlier(room: string, before: bigint): Promise<ChatMessage[]> {
  const messages: ChatMessage[] = [];
  const afterSequence = before > HISTORY ? before - HISTORY - 1n : 0n;
  if (afterSequence + 1n >= before) return messages;
  for await (const message of roomService.watchRoom({ room, afterSequence })) {
    messages.push(message);
    if (message.sequence + 1n >= before) break;
  }
  return messages;
}

/** Where the last of the history begins. A stream without after_sequence says in its header where the room ends. */
async function beginning(room: string, signal: AbortSignal): Promise<bigint> {
  const end = Promise.withResolvers<bigint>();
  const look = new AbortController();
  const stop = () => look.abort();
  signal.addEventListener("abort", stop);
  const read = async () => {
    const onHeader = (header: Headers) => end.resolve(BigInt(header.get(SEQUENCE) ?? 0));
    for await (const message of roomService.watchRoom({ room }, { signal: look.signal, onHeader })) end.resolve(message.sequence);
  };
  read().catch((error: unknown) => end.reject(error));
  try {
    const last = await end.promise;
    return last > HISTORY ? last - HISTORY : 0n;
  } finally {
    signal.removeEventListener("abort", stop);
    stop();
  }
}
