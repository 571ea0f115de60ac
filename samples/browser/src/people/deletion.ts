import { unary, userService } from "../calls";
import { button, byId, element } from "../dom";
import { Failure } from "../failures";
import type { Directory, Person } from "./directory";

const UNDO_MS = 6_000;

/** Deletes after a moment in which it can be undone: until then nothing is sent, so a tab that is closed meanwhile deletes nobody. */
export class Deletion {
  private readonly place = byId("undo");

  constructor(private readonly directory: Directory) {}

  begin(person: Person): void {
    const toast = element("div", "toast", `${person.name} is deleted.`);
    const timer = setTimeout(() => void this.send(person, toast), UNDO_MS);
    toast.append(button("Undo", () => {
      clearTimeout(timer);
      toast.remove();
      this.directory.put(person);
    }));
    this.place.append(toast);
    this.directory.remove(person.id);
  }

  private async send(person: Person, toast: HTMLElement): Promise<void> {
    toast.remove();
    try {
      await userService.deleteUser({ id: person.id, etag: person.etag }, unary);
    } catch (error) {
      const failure = new Failure(error);
      if (failure.reason === "USER_NOT_FOUND") return; // Somebody else did, or this call, whose first answer was lost.
      this.directory.put(person);
      const told = element("div", "toast", `${person.name} stays: ${failure.sentence}`);
      told.append(button("Close", () => told.remove()));
      this.place.append(told);
    }
  }
}
