import type { PageInfo } from '../model/page-info.js'

/**
 * Page info whose cursors are signed on access: signing costs more than reading the items. A class
 * and not an object literal with getters: V8 keeps those, and all they refer to, until a major
 * collection.
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
