import type { PageInfo } from '../model/page-info.js'

/**
 * Where a page lies. Its cursors are signed when somebody asks for them, which costs more than reading what they stand for. A class, as all
 * that has accessors and is made for a request: V8 keeps those of a literal, and all that hangs on them, until it collects old objects.
 */
export class SignedPageInfo implements PageInfo {
  readonly #sign: (at: 0 | -1) => string | null

  constructor(
    readonly hasNextPage: boolean,
    readonly hasPreviousPage: boolean,
    sign: (at: 0 | -1) => string | null,
  ) {
    this.#sign = sign
  }

  get startCursor(): string | null {
    return this.#sign(0)
  }

  get endCursor(): string | null {
    return this.#sign(-1)
  }
}
