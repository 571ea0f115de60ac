import { userService } from "../calls";
import { pause } from "../dom";
import { Failure } from "../failures";
import type { User } from "../gen/users_pb";
import * as token from "../token";

/** What the page keeps of a user: with a million of them, no more than it shows and sends back. */
export interface Person {
  readonly id: string;
  readonly name: string;
  readonly email: string;
  readonly etag: string;
}

const SLICE_MS = 30;

export type State = "loading" | "complete" | { readonly lost: string };

export const personOf = ({ id, name, email, etag }: User): Person => ({ id, name, email, etag });

/** All users, in the order of their ids, as the stream brings them. */
export class Directory {
  private all: Person[] = [];
  private found: Person[] | undefined;
  private text = "";
  private load = new AbortController();

  /** @param changed Called after each change, often. */
  constructor(private readonly changed: (state?: State) => void) {}

  /** Those that match what is looked for. */
  get shown(): readonly Person[] { return this.found ?? this.all; }

  get count(): number { return this.all.length; }

  get first(): Person | undefined { return this.all[0]; }

  find(text: string): void {
    this.text = text.trim().toLowerCase();
    this.refresh();
  }

  get(id: string): Person | undefined {
    const index = this.indexOf(id);
    return this.all[index]?.id === id ? this.all[index] : undefined;
  }

  put(person: Person): void {
    const index = this.indexOf(person.id);
    this.all.splice(index, this.all[index]?.id === person.id ? 1 : 0, person);
    this.refresh();
  }

  remove(id: string): void {
    const index = this.indexOf(id);
    if (this.all[index]?.id === id) this.all.splice(index, 1);
    this.refresh();
  }

  /** Streams them in from the beginning. After a break it goes on behind the last one that came: none comes twice. */
  async stream(): Promise<void> {
    this.load.abort();
    const { signal } = this.load = new AbortController();
    this.all = [];
    this.refresh();
    this.changed("loading");
    let afterId = "";
    for (let attempt = 1; !signal.aborted; attempt++) {
      try {
        let began = performance.now();
        const stream = userService.listUsers({ afterId }, { signal });
        for await (const user of stream) {
          attempt = 0;
          afterId = user.id;
          this.append(personOf(user));
          if (performance.now() - began > SLICE_MS) {
            // What has come is read without a stop, and until then the page draws nothing and hears no key.
            await pause(0);
            began = performance.now();
          }
        }
        return this.changed("complete");
      } catch (error) {
        if (signal.aborted) return;
        await this.recover(new Failure(error), attempt, signal);
      }
    }
  }

  private async recover(failure: Failure, attempt: number, signal: AbortSignal): Promise<void> {
    this.changed({ lost: failure.sentence });
    if (failure.wantsToken) {
      await token.ask(failure.sentence);
    } else {
      await pause(failure.delay(attempt), signal);
    }
    if (!signal.aborted) this.changed("loading");
  }

  private append(person: Person): void {
    const last = this.all.at(-1);
    if (last && last.id >= person.id) return this.put(person); // Created here while the stream was on its way.
    this.all.push(person);
    if (this.found && this.matches(person)) this.found.push(person);
    this.changed();
  }

  private refresh(): void {
    this.found = this.text ? this.all.filter((person) => this.matches(person)) : undefined;
    this.changed();
  }

  private matches(person: Person): boolean {
    return person.name.toLowerCase().includes(this.text) || person.email.toLowerCase().includes(this.text);
  }

  /** Where it is, or would be. */
  private indexOf(id: string): number {
    let low = 0;
    let high = this.all.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (this.all[middle]!.id < id) low = middle + 1; else high = middle;
    }
    return low;
  }
}
