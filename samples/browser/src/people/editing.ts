import { unary, userService } from "../calls";
import { byId } from "../dom";
import { Failure } from "../failures";
import { Fields } from "../fields";
import { type Directory, type Person, personOf } from "./directory";

/** The dialog that changes one user. Its etag says which state the change is based on, so nobody's change is overwritten unseen. */
export class Editing {
  private readonly dialog = byId<HTMLDialogElement>("edit");
  private readonly conflict = byId("conflict");
  private readonly save = byId<HTMLButtonElement>("edit-save");
  private readonly fields: Fields;
  private person!: Person;

  constructor(private readonly directory: Directory, speak: (person: Person) => void, remove: (person: Person) => void) {
    const form = this.dialog.querySelector("form")!;
    this.fields = new Fields(form);
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      void this.write();
    });
    byId("edit-cancel").addEventListener("click", () => this.dialog.close());
    byId("edit-speak").addEventListener("click", () => { speak(this.person); this.dialog.close(); });
    byId("edit-delete").addEventListener("click", () => { this.dialog.close(); remove(this.person); });
    byId("conflict-theirs").addEventListener("click", () => this.begin(this.person));
    byId("conflict-mine").addEventListener("click", () => void this.write());
  }

  open(person: Person): void {
    this.begin(person);
    this.dialog.showModal();
  }

  private begin(person: Person): void {
    this.person = person;
    this.conflict.hidden = true;
    this.save.hidden = false;
    this.fields.set(person);
  }

  private async write(): Promise<void> {
    this.save.disabled = true;
    try {
      const { name, email } = this.fields.values;
      const { id, etag } = this.person;
      const written = await userService.updateUser({ id, name, email, etag, updateMask: { paths: ["name", "email"] } }, unary);
      this.directory.put(personOf(written));
      this.dialog.close();
    } catch (error) {
      await this.explain(new Failure(error));
    } finally {
      this.save.disabled = false;
    }
  }

  private async explain(failure: Failure): Promise<void> {
    if (failure.reason !== "ETAG_MISMATCH") return this.fields.show(failure);
    try {
      this.showConflict(personOf(await userService.getUser({ id: this.person.id }, unary)));
    } catch (error) {
      this.fields.show(new Failure(error));
    }
  }

  private showConflict(now: Person): void {
    // Also where this very change had landed, and only its answer was lost: then both are the same.
    this.person = now;
    this.directory.put(now);
    const { name, email } = this.fields.values;
    if (now.name === name.trim() && now.email === email.trim()) return this.dialog.close();
    this.fields.clear();
    byId("conflict-now").textContent = `${now.name}, ${now.email}`;
    this.conflict.hidden = false;
    this.save.hidden = true;
    byId("conflict-mine").focus();
  }
}
