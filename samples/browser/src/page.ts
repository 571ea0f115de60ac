import { byId } from "./dom";
import { Names } from "./room/names";
import { Speaker } from "./room/speaker";
import { RoomView } from "./room/view";
import { startCreation } from "./people/creation";
import { Deletion } from "./people/deletion";
import { Directory, type State } from "./people/directory";
import { Editing } from "./people/editing";
import { ListView } from "./people/list";

const directory = new Directory(changed);
const deletion = new Deletion(directory);
const names = new Names(directory);
const speaker = new Speaker(names);
const editing = new Editing(directory, (person) => speaker.choose(person), (person) => deletion.begin(person));
const list = new ListView(() => directory.shown, (person) => editing.open(person), (person) => deletion.begin(person));
const room = new RoomView(names, speaker);
let state: State = "loading";

startCreation(directory);
byId<HTMLInputElement>("find").addEventListener("input", (event) => directory.find((event.target as HTMLInputElement).value));
byId("list-again").addEventListener("click", () => void directory.stream());
void directory.stream();
room.enter();

function changed(next: State = state): void {
  const was = state;
  state = next;
  list.refresh();
  if (state === was && directory.count % 1000 !== 0 && state !== "complete") return; // A word for each of a million is too many.
  const count = directory.count.toLocaleString("en");
  const words = state === "complete" ? count : state === "loading" ? `${count}, more to come ...` : `${count}. ${state.lost} Trying again ...`;
  const told = byId("list-state");
  told.textContent = words;
  told.classList.toggle("lost", typeof state === "object");
  byId("list").setAttribute("aria-busy", `${state !== "complete"}`);
  byId("list").hidden = byId("list-none").hidden = false;
  byId(directory.shown.length > 0 || state !== "complete" ? "list-none" : "list").hidden = true;
  speaker.refresh(directory.first);
}
