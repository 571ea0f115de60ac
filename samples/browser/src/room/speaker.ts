import { byId } from "../dom";
import * as token from "../token";
import type { Person } from "../people/directory";
import type { Names } from "./names";

/** Whom the page speaks as: the token's subject, or else one that is chosen from the list, at first the first of it. */
export class Speaker {
  private readonly shown = byId("speaker");
  private chosen: string | undefined;
  private told: string | undefined;

  onChange: () => void = () => {};

  constructor(private readonly names: Names) {}

  get id(): string | undefined { return token.subject() ?? this.chosen; }

  choose(person: Person): void {
    this.chosen = person.id;
    this.refresh();
  }

  /** @param first Who it is as long as nobody was chosen. */
  refresh(first?: Person): void {
    this.chosen ??= first?.id;
    const { id } = this;
    if (!id || id === this.told) return;
    this.told = id;
    void this.names.of(id).then((name) => { this.shown.textContent = name; });
    this.onChange();
  }
}
