import { timestampDate } from "@bufbuild/protobuf/wkt";
import { button, byId, element } from "../dom";
import type { ChatMessage } from "../gen/users_pb";
import { earlier, follow } from "./follow";
import type { Names } from "./names";
import { type Line, Outbox } from "./outbox";
import type { Speaker } from "./speaker";

const MOST_LINES = 1_000;

/** A room: what is said in it, and a line to say something. */
export class RoomView {
  private readonly talk = byId("talk");
  private readonly lines = byId("lines");
  private readonly pending = byId("pending");
  private readonly earlier = byId("earlier");
  private readonly state = byId("room-state");
  private readonly text = byId<HTMLInputElement>("say-text");
  private readonly room = byId<HTMLInputElement>("room-name");
  private readonly outbox = new Outbox(() => this.drawPending());
  private following = new AbortController();
  private shown: bigint[] = [];

  constructor(private readonly names: Names, private readonly speaker: Speaker) {
    byId("room-choice").addEventListener("submit", (event) => { event.preventDefault(); this.enter(); });
    byId("say").addEventListener("submit", (event) => { event.preventDefault(); this.say(); });
    this.earlier.addEventListener("click", () => void this.showEarlier());
    speaker.onChange = () => this.lines.querySelectorAll("li").forEach((line) => this.mark(line));
  }

  private get name(): string { return this.room.value.trim() || "lobby"; }

  enter(): void {
    this.following.abort();
    this.following = new AbortController();
    this.forget();
    void follow(this.name, this, this.following.signal);
  }

  hear(message: ChatMessage): void {
    const below = this.talk.scrollHeight - this.talk.scrollTop - this.talk.clientHeight < 40;
    this.lines.append(this.drawn(message));
    this.shown.push(message.sequence);
    if (this.shown.length > MOST_LINES) {
      this.shown.shift();
      this.lines.firstElementChild?.remove();
    }
    this.outbox.drop(message.requestId);
    this.drawEarlier();
    if (below) this.toEnd();
  }

  forget(): void {
    this.lines.replaceChildren();
    this.shown = [];
    this.drawEarlier();
    this.drawPending();
  }

  tell(state: string, lost: boolean): void {
    this.state.textContent = state;
    this.state.classList.toggle("lost", lost);
  }

  private say(): void {
    if (!this.text.value.trim()) return;
    if (!this.speaker.id) return this.tell("Choose in the list whom you speak as.", true);
    this.outbox.say(this.name, this.speaker.id, this.text.value);
    this.text.value = "";
    this.toEnd();
  }

  private async showEarlier(): Promise<void> {
    const [first] = this.shown;
    if (first === undefined) return;
    const messages = await earlier(this.name, first).catch(() => []);
    if (this.shown[0] !== first) return; // Another room, meanwhile.
    const height = this.talk.scrollHeight;
    this.lines.prepend(...messages.map((message) => this.drawn(message)));
    this.shown.unshift(...messages.map((message) => message.sequence));
    this.talk.scrollTop += this.talk.scrollHeight - height;
    this.drawEarlier();
  }

  private drawEarlier(): void {
    this.earlier.hidden = (this.shown[0] ?? 1n) <= 1n || this.shown.length >= MOST_LINES;
  }

  private drawn(message: ChatMessage): HTMLElement {
    const name = element("span", "who", message.userId);
    void this.names.of(message.userId).then((known) => { name.textContent = known; });
    const time = message.timestamp ? timestampDate(message.timestamp).toLocaleTimeString([], { hour: "2-digit", minute: "2-digit" }) : "";
    const line = element("li", "said", element("div", "by", name, element("span", "", time)), element("div", "text", message.message));
    line.dataset["sequence"] = `${message.sequence}`;
    line.dataset["by"] = message.userId;
    this.mark(line);
    return line;
  }

  private mark(line: HTMLElement): void {
    line.classList.toggle("mine", line.dataset["by"] === this.speaker.id);
  }

  private drawPending(): void {
    this.pending.replaceChildren(...this.outbox.lines.filter((line) => line.room === this.name).map((line) => this.drawnPending(line)));
  }

  private drawnPending(line: Line): HTMLElement {
    const words = line.state === "waiting" ? "sending ..." : line.state === "refused" ? `not sent: ${line.why}` : "stored";
    const drawn = element("li", `said mine ${line.state}`, element("div", "by", words), element("div", "text", line.message));
    if (line.state === "refused") drawn.append(button("Take it back", () => { this.text.value ||= line.message; this.outbox.drop(line.requestId); }));
    return drawn;
  }

  private toEnd(): void { this.talk.scrollTop = this.talk.scrollHeight; }
}
