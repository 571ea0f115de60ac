import { unary, userService } from "../calls";
import type { Directory } from "../people/directory";

/** What speakers are called: messages name them by id. */
export class Names {
  private readonly known = new Map<string, Promise<string>>();

  constructor(private readonly directory: Directory) {}

  of(id: string): Promise<string> {
    const listed = this.directory.get(id);
    if (listed) return Promise.resolve(listed.name);
    let name = this.known.get(id);
    if (!name) {
      // Deleted meanwhile, or a speaker who need not be a user: then the id is the name. It is asked for again with the next message.
      name = userService.getUser({ id }, unary).then((user) => user.name, () => { this.known.delete(id); return id; });
      this.known.set(id, name);
    }
    return name;
  }
}
