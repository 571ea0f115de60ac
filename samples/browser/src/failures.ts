import { Code, ConnectError } from "@connectrpc/connect";
import { BadRequestSchema, ErrorInfoSchema, RetryInfoSchema } from "./gen/google/rpc/error_details_pb";

/** What a failed call says. A program branches on the reason, never on the text. */
export class Failure {
  readonly code: Code;
  readonly reason: string;
  readonly sentence: string;
  readonly fields = new Map<string, string>();
  private readonly retryMs: number | undefined;

  constructor(error: unknown) {
    const from = ConnectError.from(error);
    this.code = from.code;
    this.reason = from.findDetails(ErrorInfoSchema)[0]?.reason ?? "";
    for (const violation of from.findDetails(BadRequestSchema).flatMap((detail) => detail.fieldViolations)) {
      this.fields.set(violation.field, violation.description);
    }
    const delay = from.findDetails(RetryInfoSchema)[0]?.retryDelay;
    this.retryMs = delay && Number(delay.seconds) * 1000 + delay.nanos / 1e6;
    this.sentence = this.isBreak && !this.reason ? "The server cannot be reached." : from.rawMessage;
  }

  /** Whether the same call may succeed later: the connection, the server or a limit failed it, not what it asked for. */
  get isBreak(): boolean {
    switch (this.code) {
      // A browser tells of a connection that broke as of no other failure: fetch throws a TypeError.
      case Code.Unknown: return !this.reason;
      case Code.Unavailable:
      case Code.DeadlineExceeded:
      case Code.ResourceExhausted:
      case Code.Internal: return true;
      default: return false;
    }
  }

  get wantsToken(): boolean {
    return this.code === Code.Unauthenticated || this.code === Code.PermissionDenied;
  }

  /** How long to wait before the try with this number, 1, 2, 3 ...: as the server asks, or longer each time, and never all at once. */
  delay(attempt: number): number {
    return (this.retryMs ?? Math.min(250 * 2 ** attempt, 10_000)) * (0.75 + Math.random() / 2);
  }
}
