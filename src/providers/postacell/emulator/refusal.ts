/** An answer that ends a request early: a status, its JSON body, and headers of its own. */
export class Refusal extends Error {
  constructor(
    readonly status: number,
    readonly body: Readonly<Record<string, unknown>>,
    readonly headers: Readonly<Record<string, string>> = {},
  ) {
    super(`refused with ${status}`)
    this.name = 'Refusal'
  }
}
