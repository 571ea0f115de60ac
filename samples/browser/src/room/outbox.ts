import { Code } from "@connectrpc/connect";
import { roomService, unary } from "../calls";
import { pause } from "../dom";
import { Failure } from "../failures";
import * as token from "../token";
import { uuid } from "../uuid";

/** A line that was typed, until the room shows it. */
export interface Line {
  readonly room: string;
  readonly userId: string;
  readonly message: string;
  readonly requestId: string;
  state: "waiting" | "stored" | "refused";
  why: string;
}

/** Says lines, one after the other. One whose answer was lost is said again under its request_id, and so stands in the room once. */
export class Outbox {
  readonly lines: Line[] = [];
  private sending = false;

  constructor(private readonly changed: () => void) {
    // A line that is not stored would be lost with the page.
    addEventListener("beforeunload", (event) => {
      if (this.lines.some((line) => line.state === "waiting")) event.preventDefault();
    });
  }

  say(room: string, userId: string, message: string): void {
    this.lines.push({ room, userId, message, requestId: uuid(), state: "waiting", why: "" });
    this.changed();
    void this.send();
  }

  /** Takes a line off: the room shows it now, or its speaker gave it up. */
  drop(requestId: string): void {
    const index = this.lines.findIndex((line) => line.requestId === requestId);
    if (index < 0) return;
    this.lines.splice(index, 1);
    this.changed();
  }

  private async send(): Promise<void> {
    if (this.sending) return;
    this.sending = true;
    for (let line = this.next(), attempt = 1; line; line = this.next(), attempt++) {
      try {
        const { room, userId, message, requestId } = line;
        await roomService.postMessage({ room, userId, message, requestId }, unary);
        line.state = "stored";
        attempt = 0;
      } catch (error) {
        const failure = new Failure(error);
        if (failure.isBreak) await pause(failure.delay(attempt));
        else if (failure.code === Code.Unauthenticated) await token.ask(failure.sentence);
        else [line.state, line.why] = ["refused", failure.fields.get("message") ?? failure.sentence];
      }
      this.changed();
    }
    this.sending = false;
  }

  private next(): Line | undefined {
    return this.lines.find((line) => line.state === "waiting");
  }
}
