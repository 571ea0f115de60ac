import type { Failure } from "./failures";

/** The inputs of a form, and beside each what the server found wrong with it. */
export class Fields {
  constructor(private readonly form: HTMLFormElement) {}

  input(name: string): HTMLInputElement {
    return this.form.elements.namedItem(name) as HTMLInputElement;
  }

  set(values: { name: string; email: string }): void {
    this.input("name").value = values.name;
    this.input("email").value = values.email;
    this.clear();
  }

  get values(): { name: string; email: string } {
    return { name: this.input("name").value, email: this.input("email").value };
  }

  clear(): void {
    for (const place of this.places) {
      place.textContent = "";
      if (place.dataset["field"]) this.input(place.dataset["field"]).removeAttribute("aria-invalid");
    }
  }

  show(failure: Failure): void {
    this.clear();
    let shown = false;
    for (const place of this.places) {
      const name = place.dataset["field"]!;
      const wrong = name && this.wrong(name, failure);
      if (wrong) {
        place.textContent = wrong;
        this.input(name).setAttribute("aria-invalid", "true");
        if (!shown) this.input(name).focus();
        shown = true;
      } else if (!name && !shown) {
        place.textContent = failure.sentence;
      }
    }
  }

  private wrong(name: string, failure: Failure): string | undefined {
    const said = failure.fields.get(name);
    if (said) return `${this.input(name).labels?.[0]?.textContent?.trim()} ${said}`;
    return failure.reason === "EMAIL_TAKEN" && name === "email" ? failure.sentence : undefined;
  }

  private get places(): HTMLElement[] {
    return [...this.form.querySelectorAll<HTMLElement>("[data-field]")];
  }
}
