import { byId, element } from "../dom";
import type { Person } from "./directory";

const ROW = 52;
// Browsers end an element at some height (Firefox at 17 million pixels): beyond this one, a pixel of the bar is more than a pixel of the list.
const MAX_HEIGHT = 8_000_000;

/** Shows of a list of any length the rows that are visible. */
export class ListView {
  private readonly box = byId("list");
  private readonly space = byId("list-space");
  private readonly rows: HTMLElement[] = [];
  private active = 0;
  private drawn = false;

  constructor(private readonly people: () => readonly Person[], private readonly open: (person: Person) => void, private readonly remove: (person: Person) => void) {
    this.box.addEventListener("scroll", () => this.refresh());
    this.box.addEventListener("keydown", (event) => this.press(event));
    this.space.addEventListener("click", (event) => this.click(event));
    new ResizeObserver(() => this.refresh()).observe(this.box);
  }

  /** Draws once before the next frame, however often it is called. */
  refresh(): void {
    if (this.drawn) return;
    this.drawn = true;
    requestAnimationFrame(() => {
      this.drawn = false;
      this.draw();
    });
  }

  private get height(): number { return Math.min(this.people().length * ROW, MAX_HEIGHT); }

  // Rows for each pixel of the bar.
  private get scale(): number {
    const rest = this.height - this.box.clientHeight;
    return rest > 0 ? (this.people().length - this.box.clientHeight / ROW) / rest : 0;
  }

  private stretch(): void { this.space.style.height = `${this.height}px`; }

  private draw(): void {
    const people = this.people();
    this.stretch();
    const top = this.box.scrollTop;
    const position = Math.max(0, top * this.scale);
    const first = Math.floor(position);
    const count = Math.min(people.length - first, Math.ceil(this.box.clientHeight / ROW) + 1);
    this.active = Math.max(0, Math.min(this.active, people.length - 1));
    for (let i = 0; i < Math.max(count, this.rows.length); i++) {
      const row = this.rows[i] ??= this.add(i);
      row.hidden = i >= count;
      if (i < count) this.fill(row, people[first + i]!, first + i, top + (first + i - position) * ROW);
    }
    const shown = this.rows[this.active - first];
    if (shown && !shown.hidden) this.box.setAttribute("aria-activedescendant", shown.id);
    else this.box.removeAttribute("aria-activedescendant");
  }

  private add(i: number): HTMLElement {
    const row = element("div", "row", element("span", "name"), element("span", "email"));
    row.id = `row-${i}`;
    row.setAttribute("role", "option");
    this.space.append(row);
    return row;
  }

  private fill(row: HTMLElement, person: Person, index: number, top: number): void {
    row.children[0]!.textContent = person.name;
    row.children[1]!.textContent = person.email;
    row.dataset["index"] = `${index}`;
    row.style.transform = `translateY(${top}px)`;
    row.setAttribute("aria-posinset", `${index + 1}`);
    row.setAttribute("aria-setsize", `${this.people().length}`);
    row.setAttribute("aria-selected", `${index === this.active}`);
  }

  private click(event: Event): void {
    const row = (event.target as Element).closest<HTMLElement>(".row");
    if (!row) return;
    this.active = Number(row.dataset["index"]);
    this.refresh();
    this.openActive();
  }

  private press(event: KeyboardEvent): void {
    const page = Math.max(1, Math.floor(this.box.clientHeight / ROW) - 1);
    switch (event.key) {
      case "ArrowDown": this.move(this.active + 1); break;
      case "ArrowUp": this.move(this.active - 1); break;
      case "PageDown": this.move(this.active + page); break;
      case "PageUp": this.move(this.active - page); break;
      case "Home": this.move(0); break;
      case "End": this.move(this.people().length - 1); break;
      case "Enter": case " ": this.openActive(); break;
      case "Delete": { const person = this.people()[this.active]; if (person) this.remove(person); break; }
      default: return;
    }
    event.preventDefault();
  }

  private openActive(): void {
    const person = this.people()[this.active];
    if (person) this.open(person);
  }

  private move(to: number): void {
    this.active = Math.max(0, Math.min(to, this.people().length - 1));
    this.stretch();
    const visible = this.box.clientHeight / ROW;
    const first = this.box.scrollTop * this.scale;
    if (this.scale > 0 && this.active < first) this.box.scrollTop = this.active / this.scale;
    if (this.scale > 0 && this.active + 1 > first + visible) this.box.scrollTop = Math.ceil((this.active + 1 - visible) / this.scale);
    this.refresh();
  }
}
