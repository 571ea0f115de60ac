import { unary, userService } from "../calls";
import { byId } from "../dom";
import { Failure } from "../failures";
import { Fields } from "../fields";
import { uuid } from "../uuid";
import { type Directory, personOf } from "./directory";

/** The form that creates. */
export function startCreation(directory: Directory): void {
  const form = byId<HTMLFormElement>("create");
  const fields = new Fields(form);
  // One for each user, not for each try: a create whose answer was lost is not done twice.
  let requestId = uuid();
  form.addEventListener("input", () => { requestId = uuid(); });

  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    const press = form.querySelector("button")!;
    press.disabled = true;
    try {
      directory.put(personOf(await userService.createUser({ ...fields.values, requestId }, unary)));
      requestId = uuid();
      fields.set({ name: "", email: "" });
      fields.input("name").focus();
    } catch (error) {
      fields.show(new Failure(error));
    } finally {
      press.disabled = false;
    }
  });
}
